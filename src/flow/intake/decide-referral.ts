import type { Reference as FhirReference, FhirResource, Task } from 'fhir/r4.js';
import type { ReferralName } from '../../core/fhir/read-names.ts';
import { readReferral } from '../../core/fhir/read-referral.ts';
import type { ReferralAsk, ReferralReading } from '../../core/fhir/read-result.ts';
import { say } from '../../core/fhir/referral-rules-table.ts';
import { checkStructure } from '../../core/fhir/structure.ts';
import { type Finding, hasErrors } from '../../core/finding.ts';
import type { EventKind, LoopEvent } from '../../core/loop/event.ts';
import { ODS_SYSTEM, ofType, type Referral } from '../../core/referral.ts';
import type { Arrival } from '../../ports.ts';
import type { Changes, Reference } from '../../ports-changes.ts';
import { advance, newReferral } from '../advance.ts';
import type { RoadPartner, RoadParts } from '../road-parts.ts';
import { cancelWord } from './cancel-word.ts';
import type { Decision, Moment } from './decision.ts';
import { judgeCodes } from './judge-codes.ts';
import { knownResources } from './known-resources.ts';
import { ambiguousReferral, isIdentifier, namesTaken, referralsNamed, unknownReferral } from './referral-names.ts';
import { underSurvivingNumber } from './under-survivor.ts';

/**
 * A GP's referral, or a later message about one. Everything that can be known at the door is decided here, so that the
 * answer says all of it and the sender can read its referral back at once; choosing platforms comes after.
 */
export async function decideReferral(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const structure = checkStructure(arrival.content, parts.r4);
  if (hasErrors(structure)) return { kind: 'refused', status: 400, findings: [...arrival.findings, ...structure] };
  const referral = parts.ids.next();
  const codes = judgeCodes(arrival, parts);
  const { reading, findings } = await read({ ...arrival, content: codes.content }, referral, moment, parts);
  const isEnding = reading !== undefined && reading.intent !== 'new';
  // What is asked for must be certain; to cancel must always be possible.
  const ofCodes = isEnding ? codes.findings : codes.findings.map(codes.forbids);
  const all = [...arrival.findings, ...structure, ...ofCodes, ...findings];
  if (reading === undefined || hasErrors(ofCodes)) return { kind: 'refused', status: 422, findings: all };
  if (reading.intent === 'new') {
    const taken = await namesTaken(arrival.partner, reading.names, parts);
    if (taken.length > 0) return { kind: 'refused', status: 409, findings: [...all, ...taken.map(duplicate)] };
    const identified = await underSurvivingNumber(reading, arrival.partner, parts.store);
    return accept(begin({ arrival, reading: identified.reading, referral, moment }, parts), [
      ...all,
      ...identified.findings,
    ]);
  }
  const names = reading.names.map(({ name }) => name);
  const [known, other] = await referralsNamed(arrival.partner, names, parts);
  if (known === undefined) return { kind: 'refused', status: 422, findings: [...all, unknownReferral(NAMED)] };
  if (other !== undefined) return { kind: 'refused', status: 422, findings: [...all, ambiguousReferral(NAMED_BY_US)] };
  if (reading.intent === 'update') return { kind: 'refused', status: 422, findings: [...all, noUpdate()] };
  return later({ arrival, reading, referral: known.referral, moment }, parts, all);
}

/** What to do about names that nobody bears, and about names of several. */
const NAMED = 'Use an identifier of the ServiceRequest or Task that was sent, or the referral id in the answer to it.';
const NAMED_BY_US = 'Name the referral by the referral id in the answer to it alone.';

interface Understood {
  readonly arrival: Arrival;
  readonly reading: ReferralReading;
  readonly referral: string;
  readonly moment: Moment;
}

function accept(decided: { referral: string; changes: Changes }, findings: readonly Finding[]): Decision {
  return { kind: 'accepted', ...decided, resources: decided.changes.resources ?? [], findings };
}

async function read(arrival: Arrival, referral: string, moment: Moment, parts: RoadParts) {
  const known = await knownResources(arrival.content, arrival.partner, parts.store);
  const organisation = parts.partners.get(arrival.partner)?.organisation;
  return readReferral(arrival.content, askOf(arrival), {
    now: moment.now,
    newId: () => parts.ids.next(),
    referralId: referral,
    policy: {
      nhsNumberCheck: parts.policy.nhsNumberCheck,
      serviceCodes: (system, code) => parts.terminology.member(parts.policy.serviceValueSet, system, code),
    },
    known: (reference): FhirResource | undefined => known.get(reference),
    ...(organisation !== undefined && { referrer: named(organisation) }),
  });
}

/** How a dossier names the referring organisation where the sender named none. */
function named({ name, ods }: RoadPartner['organisation']): FhirReference {
  return { display: name, ...(ods !== undefined && { identifier: { system: ODS_SYSTEM, value: ods } }) };
}

function askOf(arrival: Arrival): ReferralAsk {
  const { ask } = arrival;
  switch (ask.kind) {
    case 'fhir-transaction':
    case 'fhir-message':
    case 'fhir-create':
      return ask;
    default:
      throw new Error(`not a referral: ${ask.kind}`);
  }
}

function begin(understood: Understood, parts: RoadParts): { referral: string; changes: Changes } {
  const { arrival, reading, referral: id, moment } = understood;
  const parentTask = reading.parentTask;
  if (parentTask === undefined) throw new Error('a new referral was read without its Task');
  const referral: Referral = {
    id,
    version: 0,
    referrer: arrival.partner,
    platforms: [],
    parentTask,
    status: 'open',
    openedAt: moment.now,
  };
  const requested = eventOf(understood, 'requested', parentTask, parts);
  const references = reading.names
    .map(({ name }) => name)
    .filter(isIdentifier)
    .map((value): Reference => ({ partner: arrival.partner, kind: 'resource', value, referral: id, task: parentTask }));
  const correlation = arrival.correlation;
  const changes = advance(
    newReferral(referral),
    {
      events: [requested],
      resources: reading.resources,
      references: [
        ...references,
        ...(correlation === undefined
          ? []
          : [{ partner: arrival.partner, kind: 'correlation', value: correlation, referral: id } satisfies Reference]),
      ],
      work: [{ kind: 'onward', lane: `in/${id}/${moment.message}`, subject: moment.message }],
      journal: [recorded(requested, arrival, moment)],
    },
    { ...parts, now: moment.now },
  );
  const order = new Map(reading.entries.map((name, position) => [name, position]));
  const place = (name: string) => order.get(name) ?? order.size;
  const resources = [...(changes.resources ?? [])].sort(
    (left, right) => place(`${left.type}/${left.id}`) - place(`${right.type}/${right.id}`),
  );
  // Of two that were decided at the same moment the record takes one, and the other is decided again.
  return { referral: id, changes: { ...changes, resources, unique: references } };
}

/** A cancellation or "never meant": an event on the referral that is known. */
async function later(understood: Understood, parts: RoadParts, findings: readonly Finding[]): Promise<Decision> {
  const snapshot = await parts.store.snapshot(understood.referral);
  if (snapshot === undefined) throw new Error('a reference without its referral: the record is damaged');
  const { arrival, reading, moment } = understood;
  const parent = ofType(snapshot.dossier, 'Task').find(({ id }) => id === snapshot.referral.parentTask);
  if (parent === undefined) throw new Error('a referral without its Task: the record is damaged');
  if (hasEnded(parent.status, reading.intent)) {
    return { kind: 'refused', status: 422, findings: [...findings, say('task/ended', 'ServiceRequest.status')] };
  }
  const kind = reading.intent === 'cancel' ? cancelWord(parent.status) : 'entered-in-error';
  const event = eventOf(understood, kind, snapshot.referral.parentTask, parts);
  const changes = advance(
    snapshot,
    {
      events: [event],
      work: [{ kind: 'onward', lane: `in/${understood.referral}/${moment.message}`, subject: moment.message }],
      journal: [recorded(event, arrival, moment)],
    },
    { ...parts, now: moment.now },
  );
  return accept({ referral: understood.referral, changes }, findings);
}

/** As with PUT Task: what has ended cannot be cancelled, and what was entered in error stays so. */
function hasEnded(status: Task['status'], intent: ReferralReading['intent']): boolean {
  if (status === 'entered-in-error') return true;
  return intent === 'cancel' && ['rejected', 'cancelled', 'completed', 'failed'].includes(status);
}

function eventOf(understood: Understood, kind: EventKind, task: string, parts: RoadParts): LoopEvent {
  const { arrival, reading, referral, moment } = understood;
  const reason = kind === 'requested' ? undefined : reading.reasonTexts[0];
  return {
    id: parts.ids.next(),
    referral,
    kind,
    task,
    at: moment.now,
    recordedAt: moment.now,
    by: arrival.partner,
    message: moment.message,
    ...(reason !== undefined && { reason: { text: reason } }),
  };
}

function recorded(event: LoopEvent, arrival: Arrival, moment: Moment) {
  return {
    at: moment.now,
    kind: 'event.recorded',
    actor: arrival.partner,
    referral: event.referral,
    message: moment.message,
    detail: { event: event.id, kind: event.kind, task: event.task },
  };
}

function duplicate({ at, of }: ReferralName): Finding {
  return {
    severity: 'error',
    rule: 'referral/duplicate',
    place: { expression: at },
    message: `A referral with this identifier of its ${of} was received before, in another message.`,
    remedy:
      'Read or change the existing referral (search Task by identifier), or send a new referral under a new identifier.',
    issue: 'duplicate',
  };
}

/** BaRS application 5 has the same rule: there is no element-level update. */
function noUpdate(): Finding {
  return {
    severity: 'error',
    rule: 'referral/no-update',
    place: { expression: 'ServiceRequest' },
    message: 'A referral that was sent cannot be changed by another message.',
    remedy: 'Cancel it and refer again; notes and reasons can be added with PUT Task.',
    issue: 'not-supported',
  };
}

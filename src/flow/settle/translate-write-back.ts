import { createHash } from 'node:crypto';
import type { LoopEvent } from '../../core/loop/event.ts';
import { stateRow } from '../../core/loop/states.ts';
import type { Leg, Message, Work } from '../../core/message.ts';
import type { Dossier } from '../../core/referral.ts';
import { advance } from '../advance.ts';
import type { RoadPartner, RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { failedHold, unmappedHolds } from '../translation/translate-leg.ts';
import { writeForLeg } from '../translation/write-for-leg.ts';
import { eventOf, gpView, hasResults, isFhirWriteBack, writeBackVariables } from '../write-back/gp-view.ts';

interface Queued {
  readonly leg: Leg;
  /** The write-back as FHIR has it. */
  readonly message: Message;
}

type Mappings = NonNullable<RoadPartner['outward']>['mappings'];

/** The mappings one of which a write-back still has to go through, when its receiver does not speak FHIR. */
export function untranslated({ leg, message }: Queued, parts: RoadParts): Mappings | undefined {
  const mappings = parts.partners.get(leg.partner)?.outward?.mappings;
  return isFhirWriteBack(leg, message) && mappings?.has(leg.purpose) ? mappings : undefined;
}

/**
 * Puts a write-back into the receiver's language, as a step of its own before it is sent: so that the exact bytes are on disk
 * before the first attempt, and what the mapping cannot say waits for a person and goes on from here.
 */
export async function translateWriteBack(
  work: Work,
  queued: Queued,
  mappings: Mappings,
  parts: RoadParts,
): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(queued.leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const { news, hold } = translate(queued, snapshot, { mappings, now, parts });
    const changes = advance(snapshot, { ...news, journal: [] }, { ...parts, now });
    const outcome =
      hold === undefined
        ? ({ kind: 'again', notBefore: now, why: 'translated' } as const)
        : ({ kind: 'held', hold } as const);
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return;
  }
}

interface Given {
  readonly mappings: Mappings;
  readonly now: string;
  readonly parts: RoadParts;
}

function translate({ leg, message }: Queued, snapshot: Snapshot, { mappings, now, parts }: Given) {
  const view = gpView(snapshot.dossier, message);
  // Of several that are told together, the newest.
  const newest = snapshot.events.find(({ id }) => id === leg.tells?.at(-1));
  const event = newest ?? eventOf(message, snapshot.events);
  const mapping = mappingOf(leg, isAnswer(event, view) && (leg.tells?.length ?? 1) === 1, mappings);
  if (mapping === undefined) throw new Error('a write-back without a mapping: the configuration check let it through');
  const run = mapping.run(view, writeBackVariables(leg, event));
  const order = { referral: leg.referral, partner: { id: leg.partner }, now };
  const holds = [
    ...unmappedHolds(run.unmapped, order, parts),
    ...failedHold(run.findings, { ...order, mapping }, parts),
  ];
  const [first] = holds;
  if (first !== undefined) return { news: { holds }, hold: first.id };
  const [written] = writeForLeg(mapping, run.result, { leg: leg.id, makePdf: parts.makePdf });
  if (written === undefined) throw new Error('a mapping to HL7 v2 was written as nothing');
  const { contentType } = written;
  const body = new TextEncoder().encode(written.text);
  const digest = createHash('sha256').update(body).digest('hex');
  const made: Message = { ...message, id: parts.ids.next(), identity: `${leg.id}:hl7v2`, body, contentType, digest };
  const { name, version, digest: file } = mapping;
  const translated: Leg = { ...leg, message: made.id, mapping: { name, version, digest: file } };
  return { news: { legs: [translated], messages: [made] }, hold: undefined };
}

/** A document is made by its own mapping, whatever it tells. */
function mappingOf({ purpose }: Leg, answers: boolean, mappings: Mappings) {
  if (purpose === 'document') return mappings.get('document');
  return (answers ? mappings.get('answer') : undefined) ?? mappings.get('write-back');
}

/** An answer to the request, with which no results came: those are told as such, whatever the word. */
function isAnswer(event: LoopEvent | undefined, view: Dossier): boolean {
  return event !== undefined && stateRow(event.kind).answersRequest && !hasResults(event, view);
}

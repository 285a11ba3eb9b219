import { attachResults } from '../core/loop/attach-results.ts';
import type { EventKind, LoopEvent } from '../core/loop/event.ts';
import { provenanceOf } from '../core/loop/provenance.ts';
import { type Report, type ResultResource, readReport } from '../core/loop/read-report.ts';
import { stateRow } from '../core/loop/states.ts';
import type { Hold, Message, Work } from '../core/message.ts';
import { type Dossier, ofType } from '../core/referral.ts';
import type { JournalEntry, Reference, WorkOutcome } from '../ports.ts';
import { advance, type News } from './advance.ts';
import { nameOf } from './dossier-change.ts';
import type { RoadParts } from './road-parts.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { failedHold, unmappedHolds } from './translate-leg.ts';

/**
 * Takes a platform's report: translate it, find the referral it speaks of, add what it says as an event.
 * A platform can only speak of what was sent to it: it is found by the references that were recorded at sending.
 */
export async function takeReport(work: Work, message: Message, parts: RoadParts): Promise<void> {
  const now = parts.clock.now().toISOString();
  const read = translate(message, now, parts);
  if (read.kind === 'holds') {
    await wait(work, message, read.holds, parts);
    return;
  }
  const reference = await findReference(message.partner, read.report, parts);
  if (reference === undefined) {
    await askAgainOrHold(work, message, parts);
    return;
  }
  await record(work, { message, report: read.report, reference }, parts);
}

type Translated =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'holds'; readonly holds: Hold[] };

function translate(message: Message, now: string, parts: RoadParts): Translated {
  const mapping = parts.reportMappings.get(parts.reportMappingOf(message.partner) ?? '');
  if (mapping === undefined) throw new Error(`no report mapping for "${message.partner}"`);
  const content: unknown = JSON.parse(new TextDecoder().decode(message.body));
  const run = mapping.run(content, { receivedAt: message.at, partner: message.partner, message: message.id });
  const order = { partner: { id: message.partner }, now };
  const unmapped = unmappedHolds(run.unmapped, order, parts);
  if (unmapped.length > 0) return { kind: 'holds', holds: unmapped };
  const { report, findings } = readReport(run.result, { receivedAt: message.at, partner: message.partner });
  const failed = failedHold([...run.findings, ...findings], { ...order, mapping }, parts);
  if (report === undefined || failed.length > 0) return { kind: 'holds', holds: failed };
  return { kind: 'report', report };
}

async function findReference(partner: string, report: Report, parts: RoadParts): Promise<Reference | undefined> {
  const byOurs = report.referral && (await parts.store.findReferral(partner, ['referral'], report.referral));
  if (byOurs) return byOurs;
  return report.reference === undefined
    ? undefined
    : parts.store.findReferral(partner, ['platform-reference'], report.reference);
}

async function wait(work: Work, message: Message, holds: readonly Hold[], parts: RoadParts): Promise<void> {
  const [first] = holds;
  if (first === undefined) throw new Error('a report without a result and without a reason');
  const journal = holds.map((hold) => ({
    at: hold.openedAt,
    kind: 'hold.opened',
    actor: 'hearback',
    message: message.id,
    detail: { hold: hold.id, kind: hold.kind, partner: message.partner },
  }));
  await parts.store.commit(work, { kind: 'held', hold: first.id }, { holds, journal });
}

/** A fast platform reports before its answer to our delivery was committed: its own reference is not known yet. */
const USUAL_PATIENCE_MS = [250, 1_000, 4_000, 15_000, 60_000];

async function askAgainOrHold(work: Work, message: Message, parts: RoadParts): Promise<void> {
  const now = parts.clock.now();
  const patience = (parts.patienceMs ?? USUAL_PATIENCE_MS)[work.attempts - 1];
  if (patience !== undefined) {
    const notBefore = new Date(now.getTime() + patience).toISOString();
    const outcome: WorkOutcome = { kind: 'again', notBefore, why: 'unknown-referral: not known yet' };
    await parts.store.commit(work, outcome, { journal: [] });
    return;
  }
  const hold: Hold = {
    id: parts.ids.next(),
    kind: 'unknown-referral',
    key: `${message.partner}|${work.lane}`,
    partner: message.partner,
    openedAt: now.toISOString(),
    findings: [
      {
        severity: 'error',
        rule: 'report/unknown-referral',
        place: {},
        message: `"${message.partner}" reports on a referral that was not sent to it.`,
        remedy:
          'Ask the partner for the reference it was given; abandon the report, or retry when the reference is known.',
        issue: 'not-found',
      },
    ],
  };
  await wait(work, message, [hold], parts);
}

interface Understood {
  readonly message: Message;
  readonly report: Report;
  readonly reference: Reference;
}

async function record(work: Work, understood: Understood, parts: RoadParts): Promise<void> {
  const { message, reference } = understood;
  for (;;) {
    const snapshot = await readSnapshot(parts.store, reference.referral);
    if (snapshot === undefined) throw new Error('a reference without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const changes = {
      ...advance(snapshot, newsOf(understood, snapshot, now, parts), { ...parts, now }),
      link: { message: message.id, referral: reference.referral },
    };
    if ((await parts.store.commit(work, { kind: 'done' }, changes)) === 'committed') return;
  }
}

function newsOf(understood: Understood, snapshot: Snapshot, now: string, parts: RoadParts): News {
  const { report, reference } = understood;
  const task = reference.task ?? snapshot.referral.parentTask;
  const said = eventOf(understood, { kind: report.kind, task, now }, parts);
  const results = attachResults({ report, dossier: snapshot.dossier, event: said }).filter(isNewIn(snapshot.dossier));
  const first = !snapshot.events.some((event) => isSameTelling(event, said));
  // A word that the GP need not hear, or has heard, may bring a result that the GP must: then the result is an event of its own.
  const alone = results.length > 0 && !(first && stateRow(report.kind).tellsGp);
  const outcome = alone ? [eventOf(understood, { kind: 'outcome-recorded', task, now }, parts)] : [];
  const events = [...(first ? [said] : []), ...outcome];
  const references = platformReference(understood, task);
  const last = events.at(-1);
  if (last === undefined) return { references, journal: [repeated(understood, said)] };
  const targets = [{ reference: `Task/${task}` }, ...results.map((one) => ({ reference: nameOf(one) }))];
  return {
    events,
    resources: [...results, provenanceOf({ event: last, dossier: snapshot.dossier, targets })],
    references,
    journal: events.map((event) => recorded(event, results.length)),
  };
}

function eventOf(
  { message, report, reference }: Understood,
  what: { kind: EventKind; task: string; now: string },
  parts: RoadParts,
): LoopEvent {
  return {
    id: parts.ids.next(),
    referral: reference.referral,
    kind: what.kind,
    task: what.task,
    at: report.at,
    ...(report.offset !== undefined && { offset: report.offset }),
    recordedAt: what.now,
    by: message.partner,
    ...(report.actor !== undefined && { actor: report.actor }),
    message: message.id,
    ...(report.reason !== undefined && { reason: report.reason }),
    ...(report.note !== undefined && { note: report.note }),
  };
}

function recorded(event: LoopEvent, results: number): JournalEntry {
  return {
    at: event.recordedAt,
    kind: 'event.recorded',
    actor: event.by,
    referral: event.referral,
    ...(event.message !== undefined && { message: event.message }),
    detail: { event: event.id, kind: event.kind, task: event.task, results },
  };
}

function platformReference({ message, report, reference }: Understood, task: string): Reference[] {
  if (report.reference === undefined) return [];
  return [
    {
      partner: message.partner,
      kind: 'platform-reference',
      value: report.reference,
      referral: reference.referral,
      task,
    },
  ];
}

/**
 * A platform that tells the same thing again under another id, as it happened then and in the same words, tells nothing
 * new: as an event of its own it would stand in the GP's record twice.
 */
function isSameTelling(known: LoopEvent, said: LoopEvent): boolean {
  return contentOfEvent(known) === contentOfEvent(said);
}

function contentOfEvent({ kind, task, at, by, actor, reason, note }: LoopEvent): string {
  return JSON.stringify([kind, task, at, by, actor, reason, note]);
}

function repeated({ message, reference }: Understood, said: LoopEvent): JournalEntry {
  return {
    at: said.recordedAt,
    kind: 'event.repeated',
    actor: said.by,
    referral: reference.referral,
    message: message.id,
    detail: { kind: said.kind, task: said.task },
  };
}

/** A platform that says the same again under another id has not measured again: its results are there already. */
function isNewIn(dossier: Dossier): (result: ResultResource) => boolean {
  const known = new Set(
    [...ofType(dossier, 'Observation'), ...ofType(dossier, 'QuestionnaireResponse')].map(contentOf),
  );
  return (result) => !known.has(contentOf(result));
}

/** What was measured, without what identifies this telling of it. */
function contentOf({ id: _, meta: __, identifier: ___, ...content }: ResultResource): string {
  return JSON.stringify(content);
}

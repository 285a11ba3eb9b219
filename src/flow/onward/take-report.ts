import { isNhsNumberSystem } from '../../core/fhir/nhs-number.ts';
import type { EventKind, LoopEvent } from '../../core/loop/event.ts';
import { attachResults } from '../../core/loop/report/attach-results.ts';
import { stateRow } from '../../core/loop/states.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import { provenanceOf } from '../../core/loop/write-back/provenance.ts';
import type { Hold, MappingStamp, Message, Work } from '../../core/message.ts';
import { markDeteriorated } from '../../core/outcomes/mark-deteriorated.ts';
import type { UrgentAnswer } from '../../core/outcomes/urgent.ts';
import { type Dossier, ofType } from '../../core/referral.ts';
import type { JournalEntry, Reference, WorkOutcome } from '../../ports-changes.ts';
import { advance, holdsOpened, type News } from '../advance.ts';
import { nameOf } from '../dossier-change.ts';
import type { RoadParts } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';
import { stampDetail } from '../translation/mapping-stamp.ts';
import { newResults } from './new-results.ts';
import { outcomesJudged } from './outcomes-judged.ts';
import { contradictsEnd, identityMismatch, otherPatient, timeBeforeOpening, unknownReferral } from './report-holds.ts';
import { namedBy, namedByKey } from './report-names.ts';
import { mappingFor, type Read, translateReport } from './translate-report.ts';
import { markUrgent, urgentNews, withUrgent } from './urgent-news.ts';

/**
 * Takes a platform's report: translate it, find the referral it speaks of, add what it says as an event.
 * A platform can only speak of what was sent to it: it is found by the references that were recorded at sending.
 */
export async function takeReport(work: Work, message: Message, parts: RoadParts): Promise<void> {
  let committed: Committed = 'stale';
  // Stale: the referral moved on, or the platform's reference names another one since. Everything is looked up again.
  while (committed === 'stale') committed = await take(work, message, parts);
}

type Committed = Awaited<ReturnType<RoadParts['store']['commit']>>;

async function take(work: Work, message: Message, parts: RoadParts): Promise<Committed> {
  const now = parts.clock.now().toISOString();
  const { partner } = message;
  const read = translateReport(message, { mapping: await mappingFor(work, message, parts), now }, parts);
  const { mapping } = read;
  if (read.kind === 'holds') {
    const referral = await namedByKey(partner, read.key, parts.store);
    const { holds, urgent, patient } = read;
    const known = referral !== undefined && { referral, link: true, patient };
    return wait(work, { message, mapping, holds, urgent, ...known }, parts);
  }
  const { urgent } = read;
  const named = await namedBy(partner, read.report, parts.store);
  if (named.kind === 'nobody') return askAgainOrHold(work, { message, mapping, urgent }, parts);
  if (named.kind === 'one') return record(work, { ...read, message, reference: named.reference }, parts);
  // Not linked to the referral: whose report it is, is the question.
  const shown = named.referral === undefined ? {} : { referral: named.referral };
  const holds = [identityMismatch({ ...shown, partner, about: message.id, now }, parts)];
  return wait(work, { message, mapping, holds, urgent, ...shown }, parts);
}

interface Waiting {
  readonly message: Message;
  /** What read it. */
  readonly mapping: MappingStamp;
  readonly holds: readonly Hold[];
  readonly urgent: readonly UrgentAnswer[];
  /** Whose ledger says that a person must resolve it; absent when nobody knows. */
  readonly referral?: string;
  /** Whether the message is known to be about that referral. */
  readonly link?: boolean;
  /** The NHS number that it gives: when that is another patient's, nobody knows whose report it is. */
  readonly patient?: string | undefined;
}

async function wait(work: Work, waiting: Waiting, parts: RoadParts): Promise<Committed> {
  const { message, mapping, referral, link, urgent } = waiting;
  const holds = markUrgent(waiting.holds, urgent).map((hold) =>
    referral === undefined ? hold : { ...hold, referral },
  );
  const [first] = holds;
  if (first === undefined) throw new Error('a report without a result and without a reason');
  const outcome: WorkOutcome = { kind: 'held', hold: first.id };
  const snapshot = referral === undefined ? undefined : await parts.store.snapshot(referral);
  const readBy = { readBy: { message: message.id, mapping } };
  if (snapshot === undefined) {
    const journal = holdsOpened({ holds, message: message.id, mapping }, first.openedAt);
    return parts.store.commit(work, outcome, { holds, ...readBy, journal });
  }
  // Whose report it is must be known before anybody's GP is told of it.
  const isTheirs = link === true && !isOfAnother(waiting.patient, snapshot.dossier);
  const told = isTheirs
    ? urgentNews(urgent, { snapshot, message, now: first.openedAt }, parts)
    : { events: [], journal: [] };
  const news = { holds, message: message.id, mapping, ...told };
  const changes = advance(snapshot, news, { ...parts, now: first.openedAt });
  const linked = isTheirs ? { link: { message: message.id, referral: snapshot.referral.id } } : {};
  return parts.store.commit(work, outcome, { ...changes, ...linked, ...readBy });
}

/** A fast platform reports before its answer to our delivery was committed: its own reference is not known yet. */
export const USUAL_PATIENCE_MS = [250, 1_000, 4_000, 15_000, 60_000];

async function askAgainOrHold(
  work: Work,
  { message, mapping, urgent }: Pick<Waiting, 'message' | 'mapping' | 'urgent'>,
  parts: RoadParts,
): Promise<Committed> {
  const now = parts.clock.now();
  const patience = (parts.patienceMs ?? USUAL_PATIENCE_MS)[work.attempts - 1];
  if (patience !== undefined) {
    const notBefore = new Date(now.getTime() + patience).toISOString();
    const outcome: WorkOutcome = { kind: 'again', notBefore, why: 'unknown-referral: not known yet' };
    return parts.store.commit(work, outcome, { journal: [] });
  }
  const asked = { partner: message.partner, about: work.lane, now: now.toISOString() };
  return wait(work, { message, mapping, urgent, holds: [unknownReferral(asked, parts)] }, parts);
}

interface Understood extends Read {
  readonly message: Message;
  readonly reference: Reference;
}

/** A platform hears of a referral after it was opened here; a day for clocks and for dates without a time. */
const BEFORE_OPENING_MS = 24 * 3_600_000;

async function record(work: Work, understood: Understood, parts: RoadParts): Promise<Committed> {
  const { message, mapping, reference, report, urgent } = understood;
  const snapshot = await parts.store.snapshot(reference.referral);
  if (snapshot === undefined) throw new Error('a reference without its referral: the record is damaged');
  const now = parts.clock.now().toISOString();
  const { id: referral, openedAt } = snapshot.referral;
  if (isOfAnother(report.patient, snapshot.dossier)) {
    // Not linked to the referral: whose report it is, is the question.
    const holds = [otherPatient({ partner: message.partner, about: message.id, referral, now }, parts)];
    return wait(work, { message, mapping, holds, urgent, referral }, parts);
  }
  if (Date.parse(report.at) < Date.parse(openedAt) - BEFORE_OPENING_MS) {
    const holds = [timeBeforeOpening({ partner: message.partner, about: message.id, referral, now }, parts)];
    return wait(work, { message, mapping, holds, urgent, referral, link: true }, parts);
  }
  const news = withUrgent(
    newsOf(understood, snapshot, now, parts),
    urgentNews(urgent, { snapshot, message, now }, parts),
  );
  const changes = {
    ...advance(snapshot, news, { ...parts, now }),
    link: { message: message.id, referral },
    readBy: { message: message.id, mapping },
  };
  return parts.store.commit(work, { kind: 'done' }, changes);
}

/** A patient whose number is not known on one of the two sides cannot be told apart; a number of old counts as one. */
export function isOfAnother(number: string | undefined, dossier: Dossier): boolean {
  const known = ofType(dossier, 'Patient').flatMap(({ identifier = [] }) =>
    identifier.flatMap(({ system, value }) => (isNhsNumberSystem(system) && value !== undefined ? [value] : [])),
  );
  return number !== undefined && known.length > 0 && !known.includes(number);
}

function newsOf(understood: Understood, snapshot: Snapshot, now: string, parts: RoadParts): News {
  const { report, reference } = understood;
  const task = reference.task ?? snapshot.referral.parentTask;
  const said = eventOf(understood, { kind: report.kind, task, now }, parts);
  const attached = attachResults({ report, dossier: snapshot.dossier, event: said });
  const results = newResults(markDeteriorated(attached, snapshot.dossier, parts.instruments), snapshot.dossier);
  const first = !snapshot.events.some((event) => isSameTelling(event, said));
  // A word that the GP need not hear, or has heard, may bring a result that the GP must: then the result is an event of its own.
  const alone = results.length > 0 && !(first && stateRow(report.kind).tellsGp);
  const outcome = alone ? [eventOf(understood, { kind: 'outcome-recorded', task, now }, parts)] : [];
  const events = [...(first ? [said] : []), ...outcome];
  const references = platformReference(understood, task);
  const named = { references, unique: references, message: understood.message.id, mapping: understood.mapping };
  const last = events.at(-1);
  if (last === undefined) return { ...named, journal: [repeated(understood, said)] };
  const targets = [{ reference: `Task/${task}` }, ...results.map((one) => ({ reference: nameOf(one) }))];
  return {
    events,
    resources: [...results, provenanceOf({ event: last, dossier: snapshot.dossier, targets })],
    ...named,
    holds: contradicted(snapshot, events, now).map((asked) => contradictsEnd(asked, parts)),
    journal: [
      ...events.map((event) => recorded(event, { results: results.length, ...stampDetail(understood.mapping) })),
      ...outcomesJudged(understood, last),
      ...timeSubstituted(understood, last),
    ],
  };
}

/** The ends that a report set against each other: its own word, or the one that stood until now. */
function contradicted({ referral, references, events }: Snapshot, news: readonly LoopEvent[], now: string) {
  const tasks = { parent: referral.parentTask, children: childTasks(references) };
  const contradictions = (all: readonly LoopEvent[]) =>
    foldLoop(tasks, all).ignored.flatMap(({ event, why }) => (why === 'contradicts-end' ? [event] : []));
  const known = new Set(contradictions(events));
  const partner = news[0]?.by ?? '';
  return contradictions([...events, ...news])
    .filter((event) => !known.has(event))
    .map((about) => ({ partner, about, referral: referral.id, now }));
}

/** The report's own time was missing or could not be read: that the receipt stands in its place must be seen. */
function timeSubstituted({ findings }: Understood, event: LoopEvent): JournalEntry[] {
  const why = findings.find(({ rule }) => rule.startsWith('report/time-'));
  if (why === undefined) return [];
  const { recordedAt: at, by: actor, referral, message = '' } = event;
  const detail = { event: event.id, kind: event.kind, rule: why.rule };
  return [{ at, kind: 'event.time-substituted', actor, referral, message, detail }];
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
    ...(report.restricted && { restricted: true }),
  };
}

function recorded(event: LoopEvent, more: JournalEntry['detail']): JournalEntry {
  return {
    at: event.recordedAt,
    kind: 'event.recorded',
    actor: event.by,
    referral: event.referral,
    ...(event.message !== undefined && { message: event.message }),
    detail: { event: event.id, kind: event.kind, task: event.task, ...more },
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

function repeated({ message, mapping, reference }: Understood, said: LoopEvent): JournalEntry {
  return {
    at: said.recordedAt,
    kind: 'event.repeated',
    actor: said.by,
    referral: reference.referral,
    message: message.id,
    detail: { kind: said.kind, task: said.task, ...stampDetail(mapping) },
  };
}

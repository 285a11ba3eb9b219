import type { Message, Work } from '../core/message.ts';
import type { WorkOutcome } from '../ports-changes.ts';
import { advance } from './advance.ts';
import { namedBy, namedByKey } from './onward/report-names.ts';
import { isOfAnother, USUAL_PATIENCE_MS } from './onward/take-report.ts';
import { mappingFor, translateReport } from './onward/translate-report.ts';
import { urgentNews } from './onward/urgent-news.ts';
import type { RoadParts } from './road-parts.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Tells the GP of what cannot wait in a report, and nothing else of it: the report itself waits its turn in its referral's
 * lane, maybe for days behind one that is held. What was told here is found told when its turn comes. A report of which it
 * is not known whom it is about tells nobody: its own turn asks a person.
 */
export async function takeUrgent(work: Work, parts: RoadParts): Promise<void> {
  const message = await parts.store.message(work.subject);
  if (message === undefined) throw new Error('work without its message: the record is damaged');
  for (;;) {
    const now = parts.clock.now().toISOString();
    const read = translateReport(message, { mapping: await mappingFor(work, message, parts), now }, parts);
    const about = await subjectOf(message, read, parts);
    const changes =
      about === undefined
        ? { journal: [] }
        : advance(
            about,
            { message: message.id, ...urgentNews(read.urgent, { snapshot: about, message, now }, parts) },
            { ...parts, now },
          );
    const outcome = about === undefined ? notYetKnown(work, parts) : ({ kind: 'done' } as const);
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return;
  }
}

/** The referral that the report is about, when that is beyond doubt. */
async function subjectOf(
  { partner }: Message,
  read: ReturnType<typeof translateReport>,
  { store }: RoadParts,
): Promise<Snapshot | undefined> {
  if (read.kind === 'holds') {
    const referral = await namedByKey(partner, read.key, store);
    return theirs(referral === undefined ? undefined : await store.snapshot(referral), read.patient);
  }
  const named = await namedBy(partner, read.report, store);
  const snapshot = named.kind === 'one' ? await store.snapshot(named.reference.referral) : undefined;
  return theirs(snapshot, read.report.patient);
}

function theirs(snapshot: Snapshot | undefined, patient: string | undefined): Snapshot | undefined {
  return snapshot === undefined || isOfAnother(patient, snapshot.dossier) ? undefined : snapshot;
}

/** A fast platform reports before its answer to our delivery was committed. */
function notYetKnown({ attempts }: Work, { clock, patienceMs = USUAL_PATIENCE_MS }: RoadParts): WorkOutcome {
  const patience = patienceMs[attempts - 1];
  if (patience === undefined) return { kind: 'done' };
  const notBefore = new Date(clock.now().getTime() + patience).toISOString();
  return { kind: 'again', notBefore, why: 'unknown-referral: not known yet' };
}

import { type Certificate, certificateOf } from '../../core/loop/shown/certificate.ts';
import { describeLoop, type LoopDescription, type PatientMoment } from '../../core/loop/shown/describe-loop.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import type { Store } from '../../ports-record.ts';
import { childTasks } from '../snapshot.ts';

/** What one loop can prove; undefined when there is none. */
export async function certifyLoop(id: string, store: Store): Promise<Certificate | undefined> {
  const snapshot = await store.snapshot(id);
  if (snapshot === undefined) return undefined;
  const [readings, messages] = await Promise.all([store.readings(id), store.messagesOf(id)]);
  return certificateOf({ ...snapshot, readings, messages });
}

interface AskedAt {
  /** UTC instant. */
  readonly now: string;
  /** Partner ids with the names of their organisations. */
  readonly names?: Readonly<Record<string, string>>;
}

/** The ledger of one referral as it stands at an instant; undefined when there is none. */
export async function describeLoopNow(
  id: string,
  store: Store,
  { now, names = {} }: AskedAt,
): Promise<LoopDescription | undefined> {
  const snapshot = await store.snapshot(id);
  if (snapshot === undefined) return undefined;
  const tasks = { parent: snapshot.referral.parentTask, children: childTasks(snapshot.references) };
  const state = foldLoop(tasks, snapshot.events);
  const [readings, patientNews] = await Promise.all([store.readings(id), patientNewsOf(id, store)]);
  return describeLoop({ ...snapshot, readings, state, patientNews, now, names });
}

const NEWS = ['changed', 'merged', 'not-changed'] as const;
/** A patient who moves house more often than this in one referral is not shown every time. */
const MOST_NEWS = 200;

async function patientNewsOf(referral: string, store: Pick<Store, 'journal'>): Promise<PatientMoment[]> {
  const found = await Promise.all(
    NEWS.map(async (what) => {
      const entries = await store.journal({ referral, kind: `patient.${what}`, limit: MOST_NEWS });
      return entries.map(({ at, actor, message = '', detail }): PatientMoment => {
        const untold = detail['untold'];
        const elements = String(detail['elements'] ?? '');
        return { at, what, by: actor, message, elements, ...(untold !== undefined && { untold: String(untold) }) };
      });
    }),
  );
  return found.flat();
}

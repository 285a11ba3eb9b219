import type { EventKind } from '../event.ts';
import type { PromiseKind } from './promise.ts';

/** How long somebody has to keep a promise, in milliseconds; where a state makes a difference, by state. */
export interface Deadline {
  readonly ms: number;
  readonly byState?: Readonly<Partial<Record<EventKind, number>>>;
}

export type Deadlines = Readonly<Record<PromiseKind, Deadline>>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/**
 * What holds when a configuration says nothing. Passing one never decides anything: it makes the promise late and shows
 * who owes it.
 */
export const defaultDeadlines: Deadlines = {
  // Gravity SDOHCC: a receiver looks for new referrals at least once per business day.
  deliver: { ms: DAY },
  // Joy: a referral unanswered for two weeks is declined by itself. We only say that nobody answered.
  decide: { ms: 2 * WEEK },
  progress: {
    // Ageless Thanet: followed up at 21 days.
    ms: 3 * WEEK,
    byState: {
      // SAIL Southwark: a six-week wait.
      waiting: 6 * WEEK,
      // Waltham Forest: a call at eight weeks.
      'in-progress': 8 * WEEK,
      'onward-referred': 8 * WEEK,
      'outcome-recorded': 8 * WEEK,
    },
  },
  // Bexley and Redbridge: assessed again at six months; Southwark: typically up to six months.
  outcome: { ms: 26 * WEEK },
  // Ours: two business-day looks at the referral, one to see the request and one to answer it.
  'answer-cancel': { ms: 2 * DAY },
  // GP Connect Update Record: a replacement reaches the practice within 24 hours.
  'tell-gp': { ms: DAY },
  // Ours: a weekend fits in.
  'resolve-hold': { ms: 3 * DAY },
};

/** Milliseconds for this promise while the Task is in this state. */
export function deadlineFor(deadlines: Deadlines, kind: PromiseKind, state: EventKind): number {
  const deadline = deadlines[kind];
  return deadline.byState?.[state] ?? deadline.ms;
}

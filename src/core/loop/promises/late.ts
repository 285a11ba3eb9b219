import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import { isOpen, type LoopPromise, type PromiseKind } from './promise.ts';

/** What a platform can leave unanswered so that the GP should know. Missing news of progress is only shown as late. */
const ANSWERS: Readonly<Partial<Record<PromiseKind, string>>> = {
  decide: 'Nobody said yes or no',
  outcome: 'Nobody said how it ended',
  'answer-cancel': 'Nobody answered the request to cancel',
};

/**
 * Marks the promises whose deadline has passed, once each, and gives the `no-answer` events that follow. Silence is only
 * ever silence: it never becomes a decline, and the promise stays owed.
 */
export function markLate(
  promises: readonly LoopPromise[],
  now: string,
): { changed: LoopPromise[]; events: LoopEvent[] } {
  const late = promises.filter((promise) => isOpen(promise) && promise.lateSince === undefined && promise.dueAt < now);
  return {
    changed: late.map((promise) => ({ ...promise, lateSince: now })),
    events: late.flatMap((promise) => noAnswer(promise, now)),
  };
}

/** Its id is a function of the promise's, so that the same lateness is never two events. */
function noAnswer(promise: LoopPromise, now: string): LoopEvent[] {
  const words = ANSWERS[promise.kind];
  if (words === undefined) return [];
  return [
    {
      id: namedId('no-answer', promise.id),
      referral: promise.referral,
      kind: 'no-answer',
      task: promise.task,
      at: now,
      recordedAt: now,
      by: 'hearback',
      note: `${words} by ${promise.dueAt.slice(0, 10)}.`,
    },
  ];
}

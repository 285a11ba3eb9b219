import type { CancelWord, Mark } from './task-state.ts';

interface CancelFacts {
  /** Requests for this Task alone, and requests for the whole referral. */
  readonly own: readonly Mark[];
  readonly whole: readonly Mark[];
  readonly refusals: readonly Mark[];
  readonly end?: Mark;
}

interface CancelState {
  readonly cancel: CancelWord;
  readonly asks: readonly Mark[];
  readonly cancelAnswer?: Mark;
}

/**
 * How the cancel request stands. Completion may win the race (BSeR arrow 24): then the request is overtaken.
 * A refusal answers a request when we learnt of it later; our own clock decides, because theirs may differ.
 */
export function cancelState(facts: CancelFacts): CancelState {
  const { end, refusals } = facts;
  // A request for the whole referral does not concern a part that we knew to have ended.
  const whole = facts.whole.filter((ask) => end === undefined || end.recordedAt >= ask.recordedAt);
  const asks = [...facts.own, ...whole].sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
  const last = asks.at(-1);
  if (last === undefined) return { cancel: 'none', asks };
  if (end !== undefined)
    return { cancel: end.kind === 'cancelled' ? 'confirmed' : 'overtaken', asks, cancelAnswer: end };
  const refusal = refusals.find((answer) => answer.recordedAt >= last.recordedAt);
  return refusal === undefined ? { cancel: 'asked', asks } : { cancel: 'refused', asks, cancelAnswer: refusal };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { delayMs } from '../../core/backoff.ts';
import { pause } from './record-arrival.ts';

/** Whether the record can be written now. Never rejects. */
export type RecordAnswers = () => Promise<boolean>;

/**
 * Asks the record whether it can be written, and takes for a no what does not come in time.
 *
 * @param ask rejects when the record cannot be written; changes nothing in it
 * @param limitMs how long an answer is waited for
 */
export function recordAnswers(ask: () => Promise<unknown>, limitMs: number): RecordAnswers {
  let asking: Promise<boolean> | undefined;
  return async () => {
    // One question at a time: a record that hangs would be full of them when it comes back.
    asking ??= ask()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = undefined;
      });
    const late = new AbortController();
    const tooLate = sleep(limitMs, false, { signal: late.signal }).catch(() => false);
    try {
      return await Promise.race([asking, tooLate]);
    } finally {
      late.abort();
    }
  };
}

const AGAIN_MS = 2_000;
const RETURN = { baseMs: 500, capMs: 5_000 };

/**
 * Watches over something that is being recorded: after `patienceMs` asks whether the record answers, and calls `onSilent` when it
 * does not. Gives what ends the watch.
 */
export function watchRecord(answers: RecordAnswers, patienceMs: number, onSilent: () => void): () => void {
  let over = false;
  let timer = setTimeout(() => void ask(), patienceMs);
  const ask = async (): Promise<void> => {
    const isThere = await answers();
    if (over) return;
    if (isThere) timer = setTimeout(() => void ask(), AGAIN_MS);
    else onSilent();
  };
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

/** Resolves when the record answers, or when `signal` says so. Asks with pauses that grow to some seconds. */
export async function untilAnswers(
  { answers, random }: { readonly answers: RecordAnswers; readonly random: () => number },
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; !signal.aborted && !(await answers()); failures += 1) {
    await pause(delayMs(failures, RETURN, random), signal);
  }
}

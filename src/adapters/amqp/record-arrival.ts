import { setTimeout as sleep } from 'node:timers/promises';
import { delayMs } from '../../core/backoff.ts';
import type { Finding } from '../../core/finding.ts';
import type { Answer } from '../../core/message.ts';
import type { Arrival, Clock, Intake, Log, Prepared, Verdict } from '../../ports.ts';
import type { JournalEntry } from '../../ports-changes.ts';
import { codeOf } from './fault-code.ts';

export interface Recording {
  readonly intake: Intake;
  /** Writes an entry to the message log; rejects when the record cannot be written. */
  readonly note: (entry: JournalEntry) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What a message came to. */
export interface Recorded {
  readonly answer: Answer;
  /** Under which id the record has it; absent for a conflict, and for what could not be recorded. */
  readonly message?: string;
}

const AGAIN = { baseMs: 200, capMs: 10_000 };
/** Failures before anybody asks whether it is the message. */
const PATIENT = 4;
/** So often in a row the record could be written and this message could not be recorded: then it is the message. */
const PROOFS = 3;

/**
 * Brings a message to the road, for as long as it takes: while the record cannot be written it stays where it is, and what comes
 * after it as well. A message that alone cannot be recorded (a fault of ours) must not stop a queue for ever: when the record
 * takes a note of it time and again, and not the message, it is answered 500 and goes to the refused ones.
 * Undefined when `signal` ended the trying: nothing is known, and the broker delivers it again.
 */
export async function recordArrival(
  { arrival, render, onFault }: Pick<Prepared, 'arrival' | 'render' | 'onFault'>,
  recording: Recording,
  signal: AbortSignal,
): Promise<Recorded | undefined> {
  let message: string | undefined;
  // The last verdict is the one that holds: a decision is made anew when something else was faster.
  const noting = (verdict: Verdict): Answer => {
    message = verdict.kind === 'conflict' ? undefined : verdict.message;
    return render(verdict);
  };
  let proofs = 0;
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      const answer = await recording.intake.intake(arrival, noting);
      return { answer, ...(message !== undefined && { message }) };
    } catch (fault) {
      const { partner } = arrival;
      recording.log.error('amqp.fault', { partner, fault: codeOf(fault), failures });
      if (failures > PATIENT) proofs = (await isNoted(arrival, recording, failures)) ? proofs + 1 : 0;
      if (proofs >= PROOFS) return { answer: onFault(OWN_FAULT) };
    }
    await pause(delayMs(failures, AGAIN, recording.random), signal);
  }
  return undefined;
}

/** Whether the record can be written at all. */
async function isNoted(arrival: Arrival, { note, clock }: Recording, failures: number): Promise<boolean> {
  const { partner: actor, channel, body } = arrival;
  const detail = { channel, bytes: body.byteLength, failures };
  try {
    await note({ at: clock.now().toISOString(), kind: 'message.unrecordable', actor, detail });
    return true;
  } catch {
    return false;
  }
}

/** Ends early, without a fault, when the signal says so. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

const OWN_FAULT: Finding = {
  severity: 'error',
  rule: 'amqp/own-fault',
  place: {},
  message: 'The message could not be recorded, through no fault that we could name.',
  remedy: 'Tell whoever runs Hearback; when it is mended, publish the message again as it is.',
  issue: 'exception',
};

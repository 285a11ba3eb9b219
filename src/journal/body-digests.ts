import { createHash } from 'node:crypto';
import type { LogEntry } from '../core/seal/entry-bytes.ts';
import type { LogFault } from '../core/seal/log-fault.ts';

/** The bytes of a message, as far as they are there. */
export interface MessageBytes {
  readonly body?: Uint8Array | undefined;
  readonly answer?: Uint8Array | undefined;
}

/** Whether an entry vouches for the bytes of its message: every message has one such entry. */
export function provesBytes({ message, detail }: LogEntry): boolean {
  return message !== undefined && typeof detail['digest'] === 'string';
}

/**
 * Whether a message's bytes, where they are there, are those that its entry names: the body under `digest`, the answer that
 * was given to it under `answerDigest`.
 */
export function changedBytes(index: number, entry: LogEntry, bytes: MessageBytes): LogFault | undefined {
  const { seq, message = '', detail } = entry;
  if (bytes.body !== undefined && bytes.answer === undefined && detail['answerDigest'] !== undefined) {
    const what = `The answer to message ${message} is not there, and its body is.`;
    return { kind: 'body-missing', index, seq, message, what };
  }
  const wrong = [
    { of: 'body', bytes: bytes.body, digest: detail['digest'] },
    { of: 'answer', bytes: bytes.answer, digest: detail['answerDigest'] },
  ].find((one) => one.bytes !== undefined && one.digest !== undefined && sha256(one.bytes) !== one.digest);
  if (wrong === undefined) return undefined;
  const what = `The ${wrong.of} of message ${message} is not the one that its entry names.`;
  return { kind: 'body-changed', index, seq, message, what };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

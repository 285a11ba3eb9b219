import { createHash } from 'node:crypto';
import type { Message } from './message.ts';

const DIGEST_OF_NOTHING = createHash('sha256').digest('hex');

/** Whether a message's bytes were pruned: there are none, and it had some. Its digest stays. */
export function isPruned({ body, digest }: Pick<Message, 'body' | 'digest'>): boolean {
  return body.byteLength === 0 && digest !== DIGEST_OF_NOTHING;
}

/** What is said to whoever asks for what such a message held. */
export function prunedText(message: string): string {
  return `The bytes of message ${message} were pruned, as engine.retention says: its digest is kept, and what it held is not.`;
}

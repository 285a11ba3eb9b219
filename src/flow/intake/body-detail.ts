import { createHash } from 'node:crypto';
import type { Message } from '../../core/message.ts';

/**
 * What makes a message's bytes provable from the log: SHA-256 (lower-case hex) of its body as recorded, and of the answer
 * that was given to it, with the answer's status. Every message has exactly one entry that names it with a `digest`.
 */
export function bodyDetail({ digest, body, answer }: Message): Readonly<Record<string, string | number>> {
  return {
    digest,
    bytes: body.byteLength,
    ...(answer !== undefined && {
      answerStatus: answer.status,
      answerDigest: createHash('sha256').update(answer.body).digest('hex'),
    }),
  };
}

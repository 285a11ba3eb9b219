import type { Message } from '../../core/message.ts';
import type { Changes } from '../../ports-changes.ts';

/*
 * Bytes on their way to a thread. A window into a larger buffer is copied there with all of that buffer, and Node cuts
 * its small buffers out of pools: a message of a kilobyte would carry sixteen more, of other messages, to the record's thread.
 */

export function messageWithOwnBytes(message: Message): Message {
  const { body, answer } = message;
  return {
    ...message,
    body: ownBytes(body),
    ...(answer !== undefined && { answer: { ...answer, body: ownBytes(answer.body) } }),
  };
}

export function changesWithOwnBytes(changes: Changes): Changes {
  return changes.messages === undefined
    ? changes
    : { ...changes, messages: changes.messages.map((message) => messageWithOwnBytes(message)) };
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

import { createHash } from 'node:crypto';
import type { Answer } from '../../core/message.ts';
import type { Publication } from './publisher.ts';

interface Answering {
  readonly exchange: string;
  /** Of the message that is answered. */
  readonly id: string;
  readonly answer: Answer;
  /** Under which id the record has that message; absent when it has none. */
  readonly message?: string;
  readonly isRepeat: boolean;
  /** As whom we sign in at the broker. */
  readonly user: string | undefined;
  readonly now: Date;
}

/** The routing key and the type of every answer. */
const ANSWER = 'answer';

/**
 * The answer to a message, as HTTP would give it, on its way to who asked for one:
 *
 *   correlation-id      the message-id of what is answered
 *   message-id          the same for the same answer to the same message, however often it is given
 *   x-hearback-status   the status of HTTP
 *   x-hearback-message  under which id the record has the message that is answered
 *   x-hearback-repeat   true when it may have been given before
 */
export function answerMessage({ exchange, id, answer, message, isRepeat, user, now }: Answering): Publication {
  const { status, headers, body } = answer;
  const contentType = headers['content-type'];
  return {
    exchange,
    routingKey: ANSWER,
    body,
    id: createHash('sha256').update(`${id}\n${status}\n`).update(body).digest('hex'),
    properties: {
      correlationId: id,
      ...(contentType !== undefined && { contentType }),
      type: ANSWER,
      // In seconds, as AMQP 0-9-1 has it (section 4.2.5.4).
      timestamp: Math.floor(now.getTime() / 1_000),
      appId: 'hearback',
      ...(user !== undefined && { userId: user }),
      headers: {
        'x-hearback-status': status,
        ...(message !== undefined && { 'x-hearback-message': message }),
        ...(isRepeat && { 'x-hearback-repeat': true }),
      },
    },
  };
}

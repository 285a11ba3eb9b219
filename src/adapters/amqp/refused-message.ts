import type { ConsumeMessage } from 'amqplib';
import type { Answer } from '../../core/message.ts';
import type { Publication } from './publisher.ts';

/** The headers of a refused message take at most this much; the library has room for 64 KiB in all. */
const MOST_ERRORS = 20;
const MOST_TEXT = 1_000;

/**
 * A message that was refused, as it goes to the exchange of refused messages: its bytes and properties as they came, and in the
 * headers why. Headers of its own are left out, because what they hold nobody knows.
 *
 *   x-hearback-status   what HTTP would say: 400, 409, 413, 415, 422, 500
 *   x-hearback-rule     the first rule that it breaks; x-hearback-reason, -place and -remedy say more about that
 *   x-hearback-errors   all of them, each `rule place: what is wrong. what to do`
 *   x-hearback-message  under which id the record has it
 *   x-hearback-repeat   true when it had come before: the same refusal may be here twice
 */
export function refusedMessage(
  { content, fields, properties }: ConsumeMessage,
  { answer, id, exchange, isRepeat }: { answer: Answer; id: string; exchange: string; isRepeat: boolean },
): Publication {
  const { contentType, contentEncoding, correlationId, type, timestamp, appId } = properties;
  const kept = { contentType, contentEncoding, correlationId, type, timestamp, appId };
  return {
    exchange,
    routingKey: fields.routingKey,
    body: content,
    id,
    properties: {
      ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
      headers: { ...reasonHeaders(answer), ...(isRepeat && { 'x-hearback-repeat': true }) },
    },
  };
}

/** Why, from the answer that is on disk: the same for a repeat. Findings hold no value out of a message. */
export function reasonHeaders({ status, body }: Answer): Record<string, string | number | string[]> {
  const document = parsed(body);
  const errors = listOf(member(document, 'errors')).slice(0, MOST_ERRORS).map(readError);
  const [first] = errors;
  const id = member(document, 'messageId');
  return {
    'x-hearback-status': status,
    ...(first !== undefined && {
      'x-hearback-rule': first.rule,
      'x-hearback-reason': first.detail,
      'x-hearback-remedy': first.remedy,
      ...(first.pointer !== '' && { 'x-hearback-place': first.pointer }),
      'x-hearback-errors': errors.map(({ rule, pointer, detail, remedy }) =>
        cut(`${rule}${pointer && ` ${pointer}`}: ${detail} ${remedy}`),
      ),
    }),
    ...(typeof id === 'string' && { 'x-hearback-message': id }),
  };
}

/** What was answered to the same message elsewhere, by another of the partner's doors, may be no problem document. */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function readError(error: unknown) {
  const text = (key: string) => {
    const value = member(error, key);
    return typeof value === 'string' ? cut(value) : '';
  };
  const pointer = text('pointer');
  return {
    rule: text('rule'),
    pointer: isShown(pointer) ? pointer : '',
    detail: text('detail'),
    remedy: text('remedy'),
  };
}

/**
 * Headers are seen by whoever looks at the broker. A place in the body is made of the sender's own names, and shown when those are
 * names as a schema has them; digits at most four in a row, so that no NHS or telephone number fits. Other places are ours.
 */
const POINTER = /^(?:\/(?!\d{5})(?:[A-Za-z_~-]|\d(?!\d{4})){1,60}){1,20}$/;

function isShown(place: string): boolean {
  return !place.startsWith('/') || POINTER.test(place);
}

function cut(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

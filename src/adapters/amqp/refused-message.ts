import type { ConsumeMessage } from 'amqplib';
import type { Reason } from '../../ports.ts';
import type { Publication } from './publisher.ts';
import { textOf } from './read-properties.ts';

/** The headers of a refused message take at most this much; the library has room for 64 KiB in all. */
const MOST_ERRORS = 20;
const MOST_TEXT = 1_000;

/** Why a message is refused. */
export interface Refusal {
  /** What HTTP would say. */
  readonly status: number;
  readonly reasons: readonly Reason[];
  /** Under which id the record has the message; absent when it has none. */
  readonly message?: string;
}

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
  { refusal, id, exchange, isRepeat }: { refusal: Refusal; id: string; exchange: string; isRepeat: boolean },
): Publication {
  const { contentType, contentEncoding, correlationId, type, timestamp, appId } = properties;
  const texts = { contentType, contentEncoding, correlationId, type, appId };
  const kept = Object.entries(texts).flatMap(([name, value]) => (textOf(value) === undefined ? [] : [[name, value]]));
  return {
    exchange,
    routingKey: fields.routingKey,
    body: content,
    id,
    properties: {
      ...Object.fromEntries(kept),
      ...(timestamp !== undefined && { timestamp }),
      headers: { ...reasonHeaders(refusal), ...(isRepeat && { 'x-hearback-repeat': true }) },
    },
  };
}

/** Why, from the answer that is on disk: the same for a repeat. Findings hold no value out of a message. */
function reasonHeaders({ status, reasons, message }: Refusal): Record<string, string | number | string[]> {
  const errors = reasons.slice(0, MOST_ERRORS).map(shown);
  const [first] = errors;
  return {
    'x-hearback-status': status,
    ...(first !== undefined && {
      'x-hearback-rule': first.rule,
      'x-hearback-reason': first.message,
      'x-hearback-remedy': first.remedy,
      ...(first.place !== '' && { 'x-hearback-place': first.place }),
      'x-hearback-errors': errors.map(({ rule, place, message: said, remedy }) =>
        cut(`${rule}${place && ` ${place}`}: ${said} ${remedy}`),
      ),
    }),
    ...(message !== undefined && { 'x-hearback-message': message }),
  };
}

function shown({ rule, place, message, remedy }: Reason): Reason {
  return { rule: cut(rule), place: isShown(place) ? place : '', message: cut(message), remedy: cut(remedy) };
}

/**
 * Headers are seen by whoever looks at the broker. A place in the body is made of the sender's own names, and shown when those are
 * names as a schema has them; digits at most four in a row, so that no NHS or telephone number fits.
 */
const POINTER = /^(?:\/(?!\d{5})(?:[A-Za-z_~-]|\d(?!\d{4})){1,60}){1,20}$/;
/** A FHIRPath of names and indexes, or the name of a property. */
const PATH = /^[A-Za-z][A-Za-z-]{0,60}(?:\[\d{1,4}\]|\.[A-Za-z]{1,60}){0,40}$/;

function isShown(place: string): boolean {
  return POINTER.test(place) || PATH.test(place);
}

function cut(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

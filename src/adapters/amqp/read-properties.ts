import { createHash } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import type { Finding, IssueType } from '../../core/finding.ts';
import type { Arrival } from '../../ports.ts';

/** What is agreed with one partner about its messages, whatever their bodies are. */
export interface MessageTerms {
  readonly partner: string;
  /** The partner's user at the broker, when each message must bear it. */
  readonly userId?: string;
  readonly maxBytes: number;
}

/** A message as far as it was read without its body. */
export interface Properties extends Omit<Arrival, 'content' | 'ask'> {
  readonly type?: string;
  /** True when its body must not be read: it is too long, or compressed. */
  readonly unreadable: boolean;
}

/**
 * The properties of a message, which mean what AMQP 0-9-1 (basic class) and RabbitMQ ("Publishers", message properties) say:
 * `message-id` is its identity, `type` what kind of message it is, `user-id` who signed in, checked by the broker. Everything that is
 * wrong with them stands in the findings.
 */
export function readProperties(message: ConsumeMessage, terms: MessageTerms): Properties {
  const { content: body, properties } = message;
  const [id, type, correlation] = [properties.messageId, properties.type, properties.correlationId].map(textOf);
  const findings = [...identityFindings(id), ...termFindings(message, terms), ...encodingFindings(properties)];
  return {
    partner: terms.partner,
    channel: 'amqp',
    identity: id ?? unnamed(body),
    ...(correlation !== undefined && { correlation }),
    ...(type !== undefined && { type }),
    contentType: textOf(properties.contentType) ?? '',
    headers: keptProperties(message),
    body,
    findings,
    unreadable: findings.some(({ rule }) => rule === ENCODING || rule === TOO_LONG),
  };
}

/** A message without an id is recorded and refused; its bytes are its only name. */
function unnamed(body: Uint8Array): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** Control characters, which no store keeps everywhere, and what stands for bytes that were no text. */
const UNKEEPABLE = /[\p{Cc}\ufffd]/u;

/** Properties are whatever a publisher's library wrote: a text that says nothing, or that could not be said again, is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && !UNKEEPABLE.test(value) ? value : undefined;
}

const NOTHING_BUT = /^(?:identity|utf-?8)$/i;
const ENCODING = 'amqp/encoding';
const TOO_LONG = 'amqp/too-long';

function identityFindings(id: string | undefined): Finding[] {
  if (id !== undefined) return [];
  return [
    flaw(
      { rule: 'amqp/message-id', expression: 'message-id', issue: 'required' },
      'The message has no message-id, or none that can be kept, so that nobody could tell whether it came before.',
      'Give every message an id of its own, of printable characters, the same when it is published again.',
    ),
  ];
}

function encodingFindings({ contentEncoding }: ConsumeMessage['properties']): Finding[] {
  const encoding = textOf(contentEncoding);
  if (encoding === undefined || NOTHING_BUT.test(encoding)) return [];
  return [
    flaw(
      { rule: ENCODING, expression: 'content-encoding', issue: 'not-supported' },
      'The body is compressed or encoded.',
      'Publish it as it is, in UTF-8, without content-encoding.',
    ),
  ];
}

function termFindings({ content, properties }: ConsumeMessage, terms: MessageTerms): Finding[] {
  const findings: Finding[] = [];
  if (content.length > terms.maxBytes) {
    findings.push(
      flaw(
        { rule: TOO_LONG, issue: 'too-long' },
        `The body is longer than ${terms.maxBytes} bytes, the limit agreed with you.`,
        'Send less at once, or ask for a higher limit.',
      ),
    );
  }
  if (terms.userId !== undefined && properties.userId !== terms.userId) {
    findings.push(
      flaw(
        { rule: 'amqp/user-id', expression: 'user-id', issue: 'security' },
        'The message does not bear the user-id that is agreed with you.',
        'Set the property user-id to the name that you sign in with at the broker.',
      ),
    );
  }
  return findings;
}

interface Flawed {
  readonly rule: string;
  readonly expression?: string;
  readonly issue: IssueType;
}

/** A finding at a property of a message. */
export function flaw({ rule, expression, issue }: Flawed, message: string, remedy: string): Finding {
  const place = expression === undefined ? {} : { expression };
  return { severity: 'error', rule, place, message, remedy, issue };
}

/** What is kept with the message: evidence of who published it, where and as what. */
function keptProperties({ fields, properties }: ConsumeMessage): Record<string, string> {
  const { type, userId, appId, timestamp, replyTo } = properties;
  const kept: Readonly<Record<string, string | undefined>> = {
    type: textOf(type),
    'user-id': textOf(userId),
    'app-id': textOf(appId),
    'reply-to': textOf(replyTo),
    timestamp: typeof timestamp === 'number' ? String(timestamp) : undefined,
    exchange: textOf(fields.exchange),
    'routing-key': textOf(fields.routingKey),
    redelivered: fields.redelivered ? 'true' : undefined,
    traceparent: textOf(properties.headers?.['traceparent']),
  };
  return Object.fromEntries(
    Object.entries(kept).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

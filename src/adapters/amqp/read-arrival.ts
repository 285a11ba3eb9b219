import { createHash } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import type { ContentLimits } from '../../core/content/content-reading.ts';
import { readContent } from '../../core/content/read-content.ts';
import type { Finding, IssueType } from '../../core/finding.ts';
import type { MappingFrom } from '../../core/mapping/direction.ts';
import type { Arrival } from '../../ports.ts';

/** What is agreed with one partner about its messages. */
export interface MessageTerms {
  readonly partner: string;
  /** The mapping that reads messages of this type; undefined when none is agreed. */
  readonly mappingOf: (type: string | undefined) => string | undefined;
  /** The agreed types, for who sends another one; empty when any will do. */
  readonly types: readonly string[];
  /** The partner's user at the broker, when each message must bear it. */
  readonly userId?: string;
  readonly maxBytes: number;
}

export interface ReadingGiven {
  readonly limits: ContentLimits;
  /** What a mapping reads, by its name; asked with each message, since mappings can change while messages come. */
  readonly reads: (mapping: string) => MappingFrom;
}

/**
 * Makes of a message what the road takes. Its properties mean what AMQP 0-9-1 (basic class) and RabbitMQ ("Publishers", message
 * properties) say: `message-id` is its identity, `type` what kind of message it is, `user-id` who signed in, checked by the broker.
 * Everything that is wrong with it stands in the findings.
 */
export function readArrival(message: ConsumeMessage, terms: MessageTerms, given: ReadingGiven): Arrival {
  const { content: body, properties } = message;
  const [id, type, correlation] = [properties.messageId, properties.type, properties.correlationId].map(textOf);
  const contentType = textOf(properties.contentType) ?? '';
  const mapping = terms.mappingOf(type);
  const findings = [...identityFindings(id), ...termFindings(message, terms), ...encodingFindings(properties)];
  const isTooLong = body.length > terms.maxBytes;
  const readable = mapping !== undefined && !isTooLong && findings.every(({ rule }) => rule !== ENCODING);
  const reading = readable ? readContent(body, contentType, given.reads(mapping), given.limits) : { findings: [] };
  return {
    partner: terms.partner,
    channel: 'amqp',
    identity: id ?? unnamed(body),
    ...(correlation !== undefined && { correlation }),
    contentType,
    headers: keptProperties(message),
    body,
    ...('value' in reading && reading.value !== undefined && { content: reading.value }),
    findings: [...findings, ...reading.findings],
    ask: { kind: 'platform-report', mapping: mapping ?? '' },
  };
}

/** A message without an id is recorded and refused; its bytes are its only name. */
function unnamed(body: Uint8Array): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** Properties are whatever a publisher's library wrote: a text that says nothing is none. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

const NOTHING_BUT = /^(?:identity|utf-?8)$/i;
const ENCODING = 'amqp/encoding';

function identityFindings(id: string | undefined): Finding[] {
  if (id !== undefined) return [];
  return [
    flaw(
      { rule: 'amqp/message-id', expression: 'message-id', issue: 'required' },
      'The message has no message-id, so that nobody could tell whether it came before.',
      'Give every message an id of its own, the same when it is published again.',
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
        { rule: 'amqp/too-long', issue: 'too-long' },
        `The body is longer than ${terms.maxBytes} bytes, the limit agreed with you.`,
        'Send less at once, or ask for a higher limit.',
      ),
    );
  }
  if (terms.mappingOf(textOf(properties.type)) === undefined) {
    findings.push(
      flaw(
        { rule: 'amqp/type', expression: 'type', issue: 'not-supported' },
        'Messages of this type are not agreed with you.',
        `Set the property type to one of: ${terms.types.join(', ')}.`,
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

function flaw({ rule, expression, issue }: Flawed, message: string, remedy: string): Finding {
  const place = expression === undefined ? {} : { expression };
  return { severity: 'error', rule, place, message, remedy, issue };
}

/** What is kept with the message: evidence of who published it, where and as what. */
function keptProperties({ fields, properties }: ConsumeMessage): Record<string, string> {
  const { type, userId, appId, timestamp } = properties;
  const kept: Readonly<Record<string, string | undefined>> = {
    type: textOf(type),
    'user-id': textOf(userId),
    'app-id': textOf(appId),
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

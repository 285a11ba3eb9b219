import type { Finding } from '../../core/finding.ts';
import type { Answer, Channel, MappingStamp, Message } from '../../core/message.ts';
import {
  type Bindings,
  integer,
  json,
  keptBytes,
  optionalJson,
  optionalText,
  type Row,
  text,
  withoutAbsent,
  word,
} from './row.ts';

export const CHANNELS: Record<Channel, true> = { fhir: true, webhook: true, mllp: true, amqp: true };
const DIRECTIONS: Record<Message['direction'], true> = { in: true, out: true };
const VERDICTS: Record<Message['verdict'], true> = { accepted: true, refused: true, sent: true };

export function toMessage(row: Row): Message {
  return withoutAbsent({
    id: text(row, 'id'),
    direction: word(row, 'direction', DIRECTIONS),
    partner: text(row, 'partner'),
    channel: word(row, 'channel', CHANNELS),
    identity: text(row, 'identity'),
    correlation: optionalText(row, 'correlation'),
    digest: text(row, 'digest'),
    at: text(row, 'at'),
    contentType: text(row, 'content_type'),
    headers: json<Message['headers']>(row, 'headers'),
    body: keptBytes(row, 'body'),
    verdict: word(row, 'verdict', VERDICTS),
    findings: json<Finding[]>(row, 'findings'),
    answer: toAnswer(row),
    referral: optionalText(row, 'referral'),
    mapping: optionalJson<MappingStamp>(row, 'mapping'),
  });
}

export function toAnswer(row: Row): Answer | undefined {
  if (row['answer_status'] === null) return undefined;
  return {
    status: integer(row, 'answer_status'),
    headers: json<Answer['headers']>(row, 'answer_headers'),
    body: keptBytes(row, 'answer_body'),
  };
}

export function fromMessage(message: Message, received: boolean): Bindings {
  return {
    id: message.id,
    direction: message.direction,
    received: received ? 1 : 0,
    partner: message.partner,
    channel: message.channel,
    identity: message.identity,
    correlation: message.correlation ?? null,
    digest: message.digest,
    at: message.at,
    contentType: message.contentType,
    headers: JSON.stringify(message.headers),
    verdict: message.verdict,
    findings: JSON.stringify(message.findings),
    answerStatus: message.answer?.status ?? null,
    answerHeaders: message.answer === undefined ? null : JSON.stringify(message.answer.headers),
    referral: message.referral ?? null,
    mapping: message.mapping === undefined ? null : JSON.stringify(message.mapping),
  };
}

export function fromBody(message: Message): Bindings {
  return { message: message.id, body: message.body, answerBody: message.answer?.body ?? null };
}

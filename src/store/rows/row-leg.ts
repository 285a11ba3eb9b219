import type { Finding } from '../../core/finding.ts';
import type { Leg, LegPart, LegReadBack, LegStatus, MappingStamp, PersonCheck, Purpose } from '../../core/message.ts';
import {
  type Bindings,
  integer,
  optionalJson,
  optionalText,
  optionalWord,
  type Row,
  text,
  withoutAbsent,
  word,
} from './row.ts';
import { CHANNELS } from './row-message.ts';
import { LEVELS } from './row-promise.ts';

const PURPOSES: Record<Purpose, true> = {
  referral: true,
  update: true,
  cancel: true,
  'write-back': true,
  document: true,
};
const STATUSES: Record<LegStatus, true> = {
  queued: true,
  sending: true,
  acknowledged: true,
  refused: true,
  ambiguous: true,
  abandoned: true,
};

const PERSON: Record<PersonCheck, true> = { asked: true, same: true, differs: true };

export function toLeg(row: Row): Leg {
  return withoutAbsent({
    id: text(row, 'id'),
    referral: text(row, 'referral'),
    task: text(row, 'task'),
    partner: text(row, 'partner'),
    channel: word(row, 'channel', CHANNELS),
    purpose: word(row, 'purpose', PURPOSES),
    cause: optionalText(row, 'cause'),
    message: text(row, 'message'),
    status: word(row, 'status', STATUSES),
    attempts: integer(row, 'attempts'),
    queuedAt: text(row, 'queued_at'),
    firstSentAt: optionalText(row, 'first_sent_at'),
    settledAt: optionalText(row, 'settled_at'),
    ack: optionalWord(row, 'ack', LEVELS),
    reply: optionalText(row, 'reply'),
    lastFailure: optionalText(row, 'last_failure'),
    mapping: optionalJson<MappingStamp>(row, 'mapping'),
    part: optionalJson<LegPart>(row, 'part'),
    readBack: optionalJson<LegReadBack>(row, 'read_back'),
    flags: optionalJson<readonly Finding[]>(row, 'flags'),
    tells: optionalJson<readonly string[]>(row, 'tells'),
    urgent: row['urgent'] === 1 ? (true as const) : undefined,
    person: optionalWord(row, 'person', PERSON),
  });
}

export function fromLeg(leg: Leg): Bindings {
  return {
    id: leg.id,
    referral: leg.referral,
    task: leg.task,
    partner: leg.partner,
    channel: leg.channel,
    purpose: leg.purpose,
    cause: leg.cause ?? null,
    message: leg.message,
    status: leg.status,
    attempts: leg.attempts,
    queuedAt: leg.queuedAt,
    firstSentAt: leg.firstSentAt ?? null,
    settledAt: leg.settledAt ?? null,
    ack: leg.ack ?? null,
    reply: leg.reply ?? null,
    lastFailure: leg.lastFailure ?? null,
    mapping: jsonOrNull(leg.mapping),
    part: jsonOrNull(leg.part),
    readBack: jsonOrNull(leg.readBack),
    flags: jsonOrNull(leg.flags),
    tells: jsonOrNull(leg.tells),
    urgent: leg.urgent ? 1 : null,
    person: leg.person ?? null,
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

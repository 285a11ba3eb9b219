import type { EventKind, LoopEvent } from '../../core/loop/event.ts';
import { type Bindings, json, optionalText, type Row, text, withoutAbsent, word } from './row.ts';

const KINDS: Record<EventKind, true> = {
  requested: true,
  received: true,
  accepted: true,
  rejected: true,
  declined: true,
  waiting: true,
  scheduled: true,
  'did-not-attend': true,
  'could-not-contact': true,
  'in-progress': true,
  'onward-referred': true,
  escalated: true,
  'outcome-recorded': true,
  signposted: true,
  completed: true,
  'unmet-need': true,
  'cancel-requested': true,
  'cancel-refused': true,
  cancelled: true,
  'entered-in-error': true,
  'no-answer': true,
};

/** What a person wrote, as JSON: it keeps characters that a text column of one database or another would lose. */
type Words = Pick<LoopEvent, 'actor' | 'reason' | 'note' | 'restricted'>;

export function toEvent(row: Row): LoopEvent {
  return withoutAbsent({
    id: text(row, 'id'),
    referral: text(row, 'referral'),
    kind: word(row, 'kind', KINDS),
    task: text(row, 'task'),
    at: text(row, 'at'),
    offset: optionalText(row, 'utc_offset'),
    recordedAt: text(row, 'recorded_at'),
    by: text(row, 'said_by'),
    message: optionalText(row, 'message'),
    ...json<Words>(row, 'words'),
  });
}

export function fromEvent(event: LoopEvent): Bindings {
  const { actor, reason, note, restricted } = event;
  return {
    id: event.id,
    referral: event.referral,
    kind: event.kind,
    task: event.task,
    at: event.at,
    utcOffset: event.offset ?? null,
    recordedAt: event.recordedAt,
    saidBy: event.by,
    message: event.message ?? null,
    words: JSON.stringify({ actor, reason, note, restricted }),
  };
}

import type { NewWork, Work, WorkKind } from '../../core/message.ts';
import { type Bindings, flag, integer, optionalText, type Row, text, withoutAbsent, word } from './row.ts';

/** Waiting work without a time may be claimed from the beginning of time, so that no clock has to agree with another. */
export const AT_ONCE = '1970-01-01T00:00:00.000Z';
/** Due before this is everything: a claimer that is alone leaves nobody's work to others. */
export const ALL_KNOWN = '9999-12-31T23:59:59.999Z';

export const WORK_KINDS: Readonly<Record<WorkKind, true>> = {
  urgent: true,
  onward: true,
  settle: true,
  'read-back': true,
  digest: true,
  deadline: true,
};

export function toWork(row: Row): Work {
  return withoutAbsent({
    seq: integer(row, 'seq'),
    kind: word(row, 'kind', WORK_KINDS),
    lane: text(row, 'lane'),
    subject: text(row, 'subject'),
    attempts: integer(row, 'attempts'),
    interrupted: flag(row, 'interrupted'),
    partner: optionalText(row, 'partner'),
    referral: optionalText(row, 'referral'),
    mapping: optionalText(row, 'mapping'),
    firstQueuedAt: text(row, 'first_queued_at'),
  });
}

export function fromNewWork(work: NewWork, queuedAt: string): Bindings {
  return {
    kind: work.kind,
    lane: work.lane,
    subject: work.subject,
    partner: work.partner ?? null,
    referral: work.referral ?? null,
    mapping: work.mapping ?? null,
    notBefore: work.notBefore ?? AT_ONCE,
    firstQueuedAt: queuedAt,
  };
}

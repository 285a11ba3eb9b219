import type { Referral } from '../../core/referral.ts';
import { type Bindings, integer, json, optionalText, type Row, text, withoutAbsent, word } from './row.ts';

const STATUSES: Record<Referral['status'], true> = { open: true, closed: true };

export function toReferral(row: Row): Referral {
  return withoutAbsent({
    id: text(row, 'id'),
    version: integer(row, 'version'),
    referrer: text(row, 'referrer'),
    platforms: json<string[]>(row, 'platforms'),
    parentTask: text(row, 'parent_task'),
    status: word(row, 'status', STATUSES),
    openedAt: text(row, 'opened_at'),
    closedAt: optionalText(row, 'closed_at'),
    nextDueAt: optionalText(row, 'next_due_at'),
  });
}

export function fromReferral(referral: Referral): Bindings {
  return {
    id: referral.id,
    version: referral.version,
    referrer: referral.referrer,
    platforms: JSON.stringify(referral.platforms),
    parentTask: referral.parentTask,
    status: referral.status,
    openedAt: referral.openedAt,
    closedAt: referral.closedAt ?? null,
    nextDueAt: referral.nextDueAt ?? null,
  };
}

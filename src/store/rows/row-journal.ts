import type { JournalEntry } from '../../ports-changes.ts';
import type { RecordedEntry } from '../../ports-queries.ts';
import { type Bindings, integer, json, optionalText, type Row, text, withoutAbsent } from './row.ts';

export function toEntry(row: Row): RecordedEntry {
  return withoutAbsent({
    seq: integer(row, 'seq'),
    at: text(row, 'at'),
    kind: text(row, 'kind'),
    actor: text(row, 'actor'),
    referral: optionalText(row, 'referral'),
    message: optionalText(row, 'message'),
    detail: json<JournalEntry['detail']>(row, 'detail'),
  });
}

export function fromEntry(entry: JournalEntry): Bindings {
  return {
    at: entry.at,
    kind: entry.kind,
    actor: entry.actor,
    partner: partnerSpokenOf(entry),
    referral: entry.referral ?? null,
    message: entry.message ?? null,
    detail: JSON.stringify(entry.detail),
  };
}

/** `detail.partner` is found by a partner's query as the actor is. */
function partnerSpokenOf(entry: JournalEntry): string | null {
  const partner = entry.detail['partner'];
  return typeof partner === 'string' && partner !== entry.actor ? partner : null;
}

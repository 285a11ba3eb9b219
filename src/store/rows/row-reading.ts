import type { Kept, Reading } from '../../core/loop/read-back/reading.ts';
import type { Bindings } from './row.ts';
import { json, type Row, text, word } from './row.ts';

const VERDICTS: Record<Kept | 'not-found', true> = { kept: true, degraded: true, lost: true, 'not-found': true };

export function toReading(row: Row): Reading {
  return {
    id: text(row, 'id'),
    leg: text(row, 'leg'),
    referral: text(row, 'referral'),
    partner: text(row, 'partner'),
    at: text(row, 'at'),
    messages: json<Reading['messages']>(row, 'messages'),
    entries: json<Reading['entries']>(row, 'entries'),
    is: word(row, 'verdict', VERDICTS),
  };
}

export function fromReading({ messages, entries, is, ...reading }: Reading): Bindings {
  return { ...reading, verdict: is, messages: JSON.stringify(messages), entries: JSON.stringify(entries) };
}

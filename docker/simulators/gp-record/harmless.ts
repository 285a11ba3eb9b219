import type { PatientRecord } from './shown-record.ts';

/** Signs that are not seen but act: a terminal obeys them, and a direction override makes a text read as another. */
const ACTING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text that came from outside, on one line and without effect: white space is a space, what acts is shown by its number. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(ACTING, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();
}

/** All texts of a record so, before any of them is shown. */
export function harmless(record: PatientRecord): PatientRecord {
  return JSON.parse(JSON.stringify(record), (_name, value: unknown) =>
    typeof value === 'string' ? oneLine(value) : value,
  );
}

/** A text as content or attribute of HTML. */
export function htmlText(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (letter) => names[letter] ?? letter);
}

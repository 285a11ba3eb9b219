import type { RecordedEntry } from '../../ports-queries.ts';

const COLUMNS = ['seq', 'at', 'kind', 'actor', 'referral', 'message', 'detail'] as const;

/** The first line of a log as CSV (RFC 4180). */
export const CSV_HEADER = csvLine(COLUMNS);

/** An entry as a line; `detail` is JSON in one cell. */
export function csvOfEntry({ seq, at, kind, actor, referral = '', message = '', detail }: RecordedEntry): string {
  return csvLine([String(seq), at, kind, actor, referral, message, JSON.stringify(detail)]);
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet shows and does not run: what it would take for a formula begins with an apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvCell(text: string): string {
  const harmless = /^[\s]*[=+\-@|%]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

import { parse } from 'csv-parse/sync';
import type { Finding, Place } from '../finding.ts';
import type { ContentLimits, ContentReading } from './content-reading.ts';
import { addMember } from './own-members.ts';

/** More columns than any sheet of a person has; so that a body of commas is not built. */
const MAX_CELLS = 2_000;

/**
 * Reads `text/csv` (RFC 4180) with a header and exactly one row: an object of texts by column. One request is one report:
 * it has one webhook-id, one place in the order and one answer, so that of several rows none could be refused alone.
 */
export function readCsvRow(text: string, { maxNodes }: Pick<ContentLimits, 'maxNodes'>): ContentReading {
  const read = rowsOf(text);
  if ('place' in read)
    return { findings: [flaw('csv/syntax', 'The body is not CSV that can be read here.', read.place)] };
  const [header = [], row, more] = read.rows;
  if (row === undefined || more !== undefined) {
    const message = row === undefined ? 'The CSV has no row below its header.' : 'The CSV has more than one row.';
    return { findings: [flaw('csv/one-row', message, more === undefined ? {} : { line: 3 })] };
  }
  if (header.length > Math.min(maxNodes, MAX_CELLS))
    return { findings: [flaw('csv/too-many-columns', 'The CSV has too many columns.')] };
  const columns: Record<string, unknown> = {};
  for (const [index, name] of header.entries()) {
    if (name === '' || Object.hasOwn(columns, name) || !addMember(columns, name, row[index] ?? ''))
      return {
        findings: [flaw('csv/header', 'A column has no name, the name of another, or "__proto__".', { line: 1 })],
      };
  }
  return { value: columns, findings: [] };
}

function rowsOf(text: string): { readonly rows: readonly (readonly string[])[] } | { readonly place: Place } {
  try {
    const rows: string[][] = parse(text, { bom: true, skip_empty_lines: true, to: 3, max_record_size: 1_000_000 });
    return { rows };
  } catch (fault) {
    const line = typeof fault === 'object' && fault !== null && 'lines' in fault ? fault.lines : undefined;
    return { place: typeof line === 'number' ? { line } : {} };
  }
}

function flaw(rule: string, message: string, place: Place = {}): Finding {
  const remedy =
    'Send a header line and one row below it, as many values as columns, quoted as RFC 4180 says; each further row as a request of its own.';
  return { severity: 'error', rule, place, message, remedy, issue: 'structure' };
}

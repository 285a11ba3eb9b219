import { readSnomedIdentifier } from '../snomed-identifier.ts';
import { RF2_COLUMNS, type Rf2Kind } from './file-kinds.ts';

/** Why a line is not read. Worded without what it holds. */
type LineFlaw = string;

type ReadRow = { readonly row: readonly string[] } | { readonly flaw: LineFlaw };

/** Everything below the blank but the tab between columns. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000A-\u001F]/;
const IDENTIFIER = /^[1-9]\d{5,17}$/;

/** Columns that hold identifiers, by kind of file: only digits get further. */
const IDENTIFIER_COLUMNS: Readonly<Record<Rf2Kind, readonly number[]>> = {
  modules: [3, 4, 5],
  concepts: [0, 3, 4],
  languages: [4, 5, 6],
  descriptions: [0, 4, 6],
  relationships: [0, 4, 5, 7],
  simpleRefsets: [4, 5],
  associations: [4, 5, 6],
  attributeValues: [4, 5, 6],
  simpleMaps: [4, 5],
};

/** The check of a file's first line. */
export function headerFlaw(kind: Rf2Kind, line: string): LineFlaw | undefined {
  const expected = RF2_COLUMNS[kind].join('\t');
  return line === expected
    ? undefined
    : `The header is not that of a ${kind} file: ${expected.replaceAll('\t', ', ')}.`;
}

/** One line as its columns; every identifier in it has 6 to 18 digits, and a concept's own its check digit. */
export function readRow(kind: Rf2Kind, line: string): ReadRow {
  const row = line.split('\t');
  const columns = RF2_COLUMNS[kind];
  if (row.length !== columns.length) return { flaw: `The line has ${row.length} columns and not ${columns.length}.` };
  if (CONTROL.test(line)) return { flaw: 'The line holds a control character.' };
  if (row[2] !== '0' && row[2] !== '1') return { flaw: 'active is neither 0 nor 1.' };
  if (!/^\d{8}$/.test(row[1] ?? '')) return { flaw: 'effectiveTime is no date of eight digits.' };
  for (const column of IDENTIFIER_COLUMNS[kind]) {
    if (!IDENTIFIER.test(row[column] ?? '')) return { flaw: `${columns[column]} is no SNOMED CT identifier.` };
  }
  if (kind === 'concepts') {
    const read = readSnomedIdentifier(row[0] ?? '');
    if (read.kind !== 'valid' || read.component !== 'concept') return { flaw: 'id is not that of a concept.' };
  }
  if (kind === 'descriptions' && (row[7] === '' || row[7]?.includes('\uFFFD'))) {
    return { flaw: 'The term is empty or not in UTF-8.' };
  }
  return { row };
}

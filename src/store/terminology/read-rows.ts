import type { Rf2Kind } from '../../core/terminology/rf2/file-kinds.ts';
import { headerFlaw, readRow } from '../../core/terminology/rf2/read-row.ts';
import type { FlawList } from './flaw-list.ts';
import { readLines } from './read-lines.ts';
import type { Rf2File } from './rf2-source.ts';

/** How far an import is: told at the end of each file and on the way. */
export type Progress = (step: { readonly file: string; readonly rows: number; readonly done: boolean }) => void;

/** What reading the files of a release needs. */
export interface Reading {
  readonly files: readonly Rf2File[];
  readonly flaws: FlawList;
  readonly progress: Progress;
}

const TOLD_EVERY = 250_000;
const REMEDY = 'Take the file from the release again; if it is so there, report it to who made the release.';

/** One row with its place, for what is found wrong about it. */
export interface PlacedRow {
  readonly row: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** Every row of all files of a kind, in order; what cannot be read is a flaw with file and line. Gives how many there were. */
export async function readRows(
  kind: Rf2Kind,
  { files, flaws, progress }: Reading,
  take: (placed: PlacedRow) => void,
): Promise<number> {
  let all = 0;
  for (const file of files.filter((one) => one.kind === kind)) {
    let line = 0;
    const read = (text: string): void => {
      line += 1;
      if (line === 1) {
        const flaw = headerFlaw(kind, text);
        if (flaw !== undefined)
          flaws.tell({ file: file.path, line, rule: 'release/header', message: flaw, remedy: REMEDY });
        return;
      }
      if (text === '') return;
      const result = readRow(kind, text);
      if ('row' in result) take({ row: result.row, file: file.path, line });
      else flaws.tell({ file: file.path, line, rule: 'release/line', message: result.flaw, remedy: REMEDY });
      if (line % TOLD_EVERY === 0) progress({ file: file.name, rows: line - 1, done: false });
    };
    for await (const lines of readLines(await file.open())) for (const text of lines) read(text);
    all += Math.max(0, line - 1);
    progress({ file: file.name, rows: Math.max(0, line - 1), done: true });
  }
  return all;
}

export function tellUnknown({ file, line }: PlacedRow, what: string, flaws: FlawList): void {
  flaws.tell({
    file,
    line,
    rule: 'release/unknown-concept',
    message: `${what} is no concept of this release.`,
    remedy:
      'Import the whole edition: an extension needs the international release beside it, in one folder or archive.',
  });
}

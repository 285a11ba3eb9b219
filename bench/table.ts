import type { Standing } from './summarise.ts';

/** A contender that could not be measured, and why. */
interface Absent {
  readonly name: string;
  readonly why: string;
}

const HEADINGS = ['contender', 'median/s', 'min/s', 'max/s'];

/** The standings as lines of text, figures in operations per second; below them who was not measured. */
export function tableLines(title: string, standings: readonly Standing[], absent: readonly Absent[] = []): string[] {
  const first = standings[0]?.name ?? '';
  const headings = [...HEADINGS, `of ${first}`];
  const rows = standings.map(({ name, median, min, max, ratio }) => [
    name,
    ...[median, min, max].map(wholeNumber),
    `${ratio.toFixed(2)} x`,
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [title, line(headings), ...rows.map(line), ...absent.map(({ name, why }) => `${name}  not measured: ${why}`)];
}

function wholeNumber(figure: number): string {
  return Math.round(figure).toLocaleString('en-GB');
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hiddenFigures, type Publication } from '../../../../src/core/outcomes/hidden-figures.ts';

const UNDER = 5;

/** A table of rows and columns with all its totals. */
function tableOf(cells: readonly (readonly number[])[]): Publication {
  const counts = new Map<string, number>();
  const rows = cells.map((_, row) => `r${row}`);
  const columns = (cells[0] ?? []).map((_, column) => `c${column}`);
  const add = (id: string, count: number) => counts.set(id, (counts.get(id) ?? 0) + count);
  cells.forEach((row, r) => {
    row.forEach((count, c) => {
      add(`r${r}c${c}`, count);
      add(`r${r}`, count);
      add(`c${c}`, count);
      add('all', count);
    });
  });
  const sums = [
    ...rows.map((row) => ({ whole: row, parts: columns.map((column) => row + column) })),
    ...columns.map((column) => ({ whole: column, parts: rows.map((row) => row + column) })),
    { whole: 'all', parts: rows },
    { whole: 'all', parts: columns },
  ];
  return { counts, sums, unprinted: new Set() };
}

/** Every way to change the cells a little. */
function* changes(size: number, most: number): Generator<number[]> {
  const width = 2 * most + 1;
  for (let number = 0; number < width ** size; number += 1)
    yield Array.from({ length: size }, (_, at) => (Math.floor(number / width ** at) % width) - most);
}

/** Small figures that have the same count in every table that could have been printed like this: whoever reads it knows them. */
function found(cells: readonly (readonly number[])[], most: number, hide = hiddenFigures): string[] {
  const table = tableOf(cells);
  const hidden = hide(table, UNDER);
  const left = new Set([...table.counts].filter(([, count]) => count > 0 && count < UNDER).map(([id]) => id));
  const columns = cells[0]?.length ?? 0;
  for (const change of changes(cells.flat().length, most)) {
    const { counts } = tableOf(cells.map((row, r) => row.map((count, c) => count + (change[r * columns + c] ?? 0))));
    const couldBe = [...counts].every(([id, count]) => hidden.has(id) || count === table.counts.get(id));
    const isTable = cells.flatMap((_, r) => Array.from({ length: columns }, (_c, c) => counts.get(`r${r}c${c}`) ?? 0));
    if (!couldBe || isTable.some((count) => count < 0)) continue;
    for (const id of left) if (counts.get(id) !== table.counts.get(id)) left.delete(id);
    if (left.size === 0) break;
  }
  return [...left];
}

describe('suppression of small numbers', () => {
  it.each([
    ['one that would follow from the total', [[3, 9, 40, 0]], ['r0c0', 'r0c1', 'c0', 'c1']],
    ['nothing where nothing is small', [[0, 9, 40]], []],
    ['a third where two are one each', [[1, 1, 10, 20]], ['r0c0', 'r0c1', 'r0c2', 'c0', 'c1', 'c2']],
  ])('hides %s', (_, cells, expected) => {
    expect([...hiddenFigures(tableOf(cells), UNDER)].sort()).toEqual([...expected].sort());
  });

  it('hides all of a whole that is small itself, and prints no sum of it', () => {
    const hidden = hiddenFigures(
      tableOf([
        [2, 1],
        [10, 20],
      ]),
      UNDER,
    );
    expect([...['r0', 'r0c0', 'r0c1']].every((id) => hidden.has(id))).toBe(true);
  });

  it('would be found to give them away if it hid small numbers alone', () => {
    const smallAlone = ({ counts }: Publication) =>
      new Set([...counts].filter(([, count]) => count > 0 && count < UNDER).map(([id]) => id));
    expect(found([[3, 9, 40]], 2, smallAlone)).toContain('r0c0');
  });

  it.each([
    { rows: 1, columns: 4, most: 2 },
    { rows: 2, columns: 2, most: 3 },
    { rows: 2, columns: 3, most: 1 },
    { rows: 3, columns: 3, most: 1 },
  ])(
    'prints nothing from which a small number follows, in $rows rows and $columns columns',
    ({ rows, columns, most }) => {
      const cell = fc.oneof(fc.nat(4), fc.nat(9), fc.constantFrom(0, 1, 5, 20));
      const tables = fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      });
      fc.assert(
        fc.property(tables, (cells) => {
          expect(found(cells, most)).toEqual([]);
        }),
        { numRuns: rows * columns > 6 ? 15 : 60 },
      );
    },
  );
});

import type { Change, Dismantler } from './script.ts';
import { GIVEN_BY_DATABASE, type Row, type Value } from './tables.ts';

type Rows = ReadonlyMap<string, readonly Row[]>;

/** What one commit did, read off the tables before and after it. Referrals and messages first: others refer to them. */
export function changesBetween(
  before: Rows,
  after: Rows,
  { keys, dismantle }: { readonly keys: ReadonlyMap<string, readonly string[]>; readonly dismantle: Dismantler },
): Change[] {
  const names = [...after.keys()].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  return names.flatMap((table) => {
    const key = keys.get(table) ?? [];
    const [old, current] = [byKey(before.get(table) ?? [], key), byKey(after.get(table) ?? [], key)];
    const cells = (row: Row, columns: readonly string[]) =>
      Object.fromEntries(columns.map((column) => [column, dismantle.cell(row[column] ?? null)]));
    const gone = [...old].filter(([name]) => !current.has(name));
    const changes = gone.map(([, row]): Change => ({ table, kind: 'delete', key: cells(row, key), set: {} }));
    for (const [name, row] of current) {
      const was = old.get(name);
      const columns = Object.keys(row).filter((column) => column !== GIVEN_BY_DATABASE);
      const changed = was === undefined ? columns : columns.filter((column) => !isSame(was[column], row[column]));
      if (was === undefined) changes.push({ table, kind: 'insert', key: {}, set: cells(row, columns) });
      else if (changed.length > 0)
        changes.push({ table, kind: 'update', key: cells(row, key), set: cells(row, changed) });
    }
    return changes;
  });
}

const FIRST = ['referral', 'message', 'resource'];

/** In which order tables are written. */
export function rank(table: string): number {
  const place = FIRST.indexOf(table);
  return place === -1 ? FIRST.length : place;
}

function byKey(rows: readonly Row[], key: readonly string[]): Map<string, Row> {
  return new Map(rows.map((row) => [key.map((column) => String(row[column])).join('\u0000'), row]));
}

function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return Buffer.isBuffer(one) && Buffer.isBuffer(other) ? one.equals(other) : one === other;
}

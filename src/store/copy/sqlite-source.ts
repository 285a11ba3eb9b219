import { types } from 'node:util';
import type { Bindings } from '../rows/row.ts';
import { type Connection, openForReading } from '../sqlite/connection.ts';
import { checkSchema } from '../sqlite/migrate.ts';
import { StoreError } from '../store-error.ts';
import type { CopiedTable } from './copied-tables.ts';

/** A SQLite record as it was at one moment. */
export interface SqliteSource {
  columns(table: string): string[];
  count(table: string): number;
  /** The highest number that a table has ever given to a row; 0 when none. */
  lastNumber(table: string): number;
  /** All rows in order of their key, a page at a time. */
  pages(table: CopiedTable, columns: readonly string[], size: number): Generator<Bindings[]>;
  /** @throws StoreError `stale` when somebody wrote to the record since it was opened */
  checkUnchanged(): void;
  close(): void;
}

/** @throws StoreError `not-openable`, `schema` */
export function openSqliteSource(file: string): SqliteSource {
  const connection = openForReading(file);
  try {
    checkSchema(connection);
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
  const before = dataVersion(connection);
  connection.exec('begin');
  return {
    columns: (table) => connection.all(`pragma table_info(${table})`).map((row) => String(row['name'])),
    count: (table) => Number(connection.all(`select count(*) as number from ${table}`)[0]?.['number']),
    lastNumber: (table) =>
      Number(connection.all('select seq from sqlite_sequence where name = :table', { table })[0]?.['seq'] ?? 0),
    *pages(table, columns, size) {
      const { name, key } = table;
      const beyond = `where (${key.join(', ')}) > (${key.map((column) => `:${column}`).join(', ')})`;
      const pageAfter = (where: string) =>
        `select ${columns.join(', ')} from ${name} ${where} order by ${key.join(', ')} limit ${size}`;
      for (let last: Bindings | undefined; ; ) {
        const after = last === undefined ? {} : keyOf(table, last);
        const page: Bindings[] = connection.all(pageAfter(last === undefined ? '' : beyond), after).map(asBindings);
        last = page.at(-1);
        if (last === undefined) return;
        yield page;
      }
    },
    checkUnchanged() {
      connection.exec('rollback');
      const after = dataVersion(connection);
      connection.exec('begin');
      if (after !== before) {
        throw new StoreError(
          'stale',
          'somebody wrote to the record while it was copied: stop what writes to it, and copy again',
        );
      }
    },
    close: () => connection.close(),
  };
}

/** Counts what other connections have committed. */
function dataVersion(connection: Connection): number {
  return Number(connection.all('pragma data_version')[0]?.['data_version']);
}

function keyOf({ key }: CopiedTable, row: Bindings): Bindings {
  return Object.fromEntries(key.map((column) => [column, row[column] ?? null]));
}

/** The library gives bytes as ArrayBuffer. */
function asBindings(row: Readonly<Record<string, unknown>>): Bindings {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, types.isArrayBuffer(value) ? new Uint8Array(value) : value]),
  ) as Bindings;
}

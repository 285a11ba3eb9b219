import Database from 'libsql';
import { Client } from 'pg';
import type { RecordPlace } from '../town.ts';

export type Value = string | number | bigint | Buffer | null;
export type Row = Readonly<Record<string, Value>>;

/** A record's tables as they stand, whatever the database. */
export interface Tables {
  /** All rows of all tables, by table. */
  read(): Promise<ReadonlyMap<string, readonly Row[]>>;
  /** How many rows each table has. */
  count(): Promise<Readonly<Record<string, number>>>;
  closedLoops(): Promise<number>;
  close(): Promise<void>;
}

const CLOSED_LOOPS = `select count(*) as n from referral where status = 'closed'`;

/** Numbers that the database gives by itself: another one in each record. */
export const GIVEN_BY_DATABASE = 'seq';

/** Of the store itself, and of the sealer, which works beside the road in a rhythm of its own; no message changes them. */
const OWN = new Set([
  ...['migration', 'schema_migration', 'sqlite_sequence'],
  ...['log_leaf', 'log_node', 'log_checkpoint', 'log_pruning'],
]);

/** By what a row is found again. Work bears a number that the database gives, so it is found by what it is. */
export function keyOf(table: string, columns: readonly string[], primary: readonly string[]): readonly string[] {
  if (table === 'work') return ['lane', 'subject', 'kind'];
  return primary.length > 0 ? primary : columns;
}

export interface ReadTables extends Tables {
  /** The columns of each table's key. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

export function openTables(place: RecordPlace): Promise<ReadTables> {
  return place.kind === 'sqlite' ? ofSqlite(place.file) : ofPostgres(place);
}

/** What SQLite has under a statement; the library gives bytes as something that looks like nothing else. */
export function rowsOf(database: Database.Database, sql: string): Record<string, Value>[] {
  const rows = database.prepare(sql).all() as Record<string, Value | ArrayBuffer>[];
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [column, value instanceof ArrayBuffer ? Buffer.from(value) : value]),
    ),
  );
}

async function ofSqlite(file: string): Promise<ReadTables> {
  const database = new Database(file, { timeout: 10_000 });
  const all = (sql: string) => rowsOf(database, sql);
  const names = all(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
    .map(({ name }) => String(name))
    .filter((name) => !OWN.has(name));
  const keys = new Map(
    names.map((name) => {
      const columns = all(`select name, pk from pragma_table_info('${name}')`);
      const primary = columns.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name']));
      return [
        name,
        keyOf(
          name,
          columns.map((column) => String(column['name'])),
          primary,
        ),
      ] as const;
    }),
  );
  return {
    keys,
    read: async () => new Map(names.map((name) => [name, all(`select * from ${name}`)])),
    count: async () =>
      Object.fromEntries(names.map((name) => [name, Number(all(`select count(*) as n from ${name}`)[0]?.['n'])])),
    closedLoops: async () => Number(all(CLOSED_LOOPS)[0]?.['n']),
    async close() {
      database.close();
    },
  };
}

async function ofPostgres({ address, schema }: Extract<RecordPlace, { kind: 'postgres' }>): Promise<ReadTables> {
  const client = new Client({ connectionString: address });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`set search_path to ${schema}`);
  const all = async (sql: string) => (await client.query(sql)).rows as Record<string, Value>[];
  const columns = await all(
    `select table_name, column_name from information_schema.columns where table_schema = '${schema}' order by ordinal_position`,
  );
  const primary = await all(
    `select k.table_name, k.column_name from information_schema.table_constraints c
     join information_schema.key_column_usage k using (constraint_schema, constraint_name)
     where c.constraint_type = 'PRIMARY KEY' and c.table_schema = '${schema}' order by k.ordinal_position`,
  );
  const of = (rows: readonly Record<string, Value>[], table: string) =>
    rows.filter((row) => row['table_name'] === table).map((row) => String(row['column_name']));
  const names = [...new Set(columns.map((row) => String(row['table_name'])))].filter((name) => !OWN.has(name));
  const keys = new Map(names.map((name) => [name, keyOf(name, of(columns, name), of(primary, name))] as const));
  return {
    keys,
    async read() {
      const tables = new Map<string, Row[]>();
      for (const name of names) tables.set(name, await all(`select * from ${name}`));
      return tables;
    },
    async count() {
      const counts: Record<string, number> = {};
      for (const name of names) counts[name] = Number((await all(`select count(*) as n from ${name}`))[0]?.['n']);
      return counts;
    },
    closedLoops: async () => Number((await all(CLOSED_LOOPS))[0]?.['n']),
    close: () => client.end(),
  };
}

import { types } from 'node:util';
import Database from 'libsql';
import { Client } from 'pg';
import type { RecordPlace } from '../../bench/loop/town.ts';

export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/** The record's database as its administrator has it: no trigger and no reference stands in the way. */
export interface Administrator {
  /** `?` stands for each value in turn. */
  all(sql: string, ...values: readonly Value[]): Promise<Row[]>;
  run(sql: string, ...values: readonly Value[]): Promise<void>;
  close(): Promise<void>;
}

export function administer(place: RecordPlace): Promise<Administrator> {
  return place.kind === 'sqlite' ? ofFile(place.file) : ofServer(place);
}

async function ofFile(file: string): Promise<Administrator> {
  const database = new Database(file);
  const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all() as {
    name: string;
  }[];
  for (const { name } of triggers) database.exec(`drop trigger ${name}`);
  database.exec('pragma foreign_keys = off');
  return {
    all: async (sql, ...values) => (database.prepare(sql).all(...values) as Row[]).map(withBytes),
    run: async (sql, ...values) => void database.prepare(sql).run(...values),
    close: async () => void database.close(),
  };
}

async function ofServer({ address, schema }: Extract<RecordPlace, { kind: 'postgres' }>): Promise<Administrator> {
  const client = new Client({ connectionString: address, options: `-c search_path=${schema}` });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('set session_replication_role = replica');
  const ask = async (sql: string, values: readonly Value[]) => {
    let place = 0;
    const text = sql.replace(/\?/g, () => `$${++place}`);
    const given = values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
    return (await client.query<Row>(text, given)).rows;
  };
  return {
    all: async (sql, ...values) => (await ask(sql, values)).map(withNumbers),
    run: async (sql, ...values) => void (await ask(sql, values)),
    close: () => client.end(),
  };
}

/** The library gives bytes as ArrayBuffer. */
function withBytes(row: Row): Row {
  const entries = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, types.isArrayBuffer(value) ? new Uint8Array(value) : (value as Value)]),
  );
}

const NUMBERS = new Set(['seq', 'position', 'size', 'number']);

/** The library gives int8 as text. */
function withNumbers(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]),
  );
}

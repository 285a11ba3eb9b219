import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RecordPlace } from './town.ts';

/** Where databases may be made; the server that the tests use, too. */
const SERVER = process.env['HEARBACK_TEST_POSTGRES'] ?? 'postgres://root@127.0.0.1:5432/postgres';

/** New records, each in a place of its own, and their end. */
export interface RecordPlaces {
  sqlite(name: string): Extract<RecordPlace, { kind: 'sqlite' }>;
  postgres(name: string): Promise<Extract<RecordPlace, { kind: 'postgres' }>>;
  remove(): Promise<void>;
}

/** @param directory that somebody else removes */
export function newRecordPlaces(directory: string): RecordPlaces {
  const databases: string[] = [];
  return {
    sqlite: (name) => ({ kind: 'sqlite', file: join(directory, `${name}.db`) }),
    async postgres(name) {
      const database = `hearback_bench_${process.pid}_${name}_${randomBytes(3).toString('hex')}`;
      await ask(SERVER, `create database ${database}`);
      databases.push(database);
      return { kind: 'postgres', address: addressIn(database), schema: 'hearback' };
    },
    async remove() {
      for (const name of databases.splice(0)) await ask(SERVER, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Why there is no PostgreSQL to measure on; undefined when there is. */
export async function whyNoPostgres(): Promise<string | undefined> {
  try {
    await ask(SERVER, 'select 1');
    return undefined;
  } catch (fault) {
    const { code, message } = fault as { code?: string; message: string };
    return `no PostgreSQL answers (${code ?? message}); HEARBACK_TEST_POSTGRES names another one`;
  }
}

function addressIn(database: string): string {
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  return url.href;
}

/** One question on a connection of its own. */
export async function ask(address: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: address, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

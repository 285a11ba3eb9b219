import { createHash } from 'node:crypto';
import { integer, text } from '../rows/row.ts';
import { StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';
import { MIGRATIONS, type Migration } from './migrations/list.ts';

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

const CREATE_LIST = `
create table if not exists migration (
  number integer primary key,
  name text not null,
  digest text not null,
  applied_at text not null
) strict`;
const HAS_LIST = `select 1 from sqlite_master where type = 'table' and name = 'migration'`;
const READ_LIST = 'select number, name, digest from migration order by number';
const NOTE = 'insert into migration (number, name, digest, applied_at) values (:number, :name, :digest, :appliedAt)';

/**
 * Brings the database to this program's schema. Safe to run again and by several processes at once: the list is
 * read and the missing steps are taken under one write lock.
 *
 * @throws StoreError `schema` when the database is newer than the program or an old migration is not the one it ran.
 */
export function migrate(connection: Connection, now: string, known: readonly Migration[] = MIGRATIONS): void {
  connection.exec('begin immediate');
  try {
    connection.exec(CREATE_LIST);
    for (const migration of missing(appliedTo(connection), known)) {
      connection.exec(migration.sql);
      const { number, name } = migration;
      connection.run(NOTE, { number, name, digest: digestOf(migration), appliedAt: now });
    }
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

/** For openers that may not write: the schema must already be this program's. */
export function checkSchema(connection: Connection, known: readonly Migration[] = MIGRATIONS): void {
  const applied = connection.all(HAS_LIST).length === 0 ? [] : appliedTo(connection);
  const first = missing(applied, known)[0];
  if (first === undefined) return;
  throw new StoreError(
    'schema',
    `the record is older than this program (migration ${first.number} ${first.name} is missing): start the engine once, it brings the record up to date`,
  );
}

function appliedTo(connection: Connection): Applied[] {
  return connection
    .all(READ_LIST)
    .map((row) => ({ number: integer(row, 'number'), name: text(row, 'name'), digest: text(row, 'digest') }));
}

function missing(applied: readonly Applied[], known: readonly Migration[]): readonly Migration[] {
  applied.forEach((one, index) => {
    const expected = known[index];
    if (expected === undefined) {
      throw new StoreError(
        'schema',
        `the record is newer than this program (it has migration ${one.number} ${one.name}): run the newer program`,
      );
    }
    if (one.number !== expected.number || one.digest !== digestOf(expected)) {
      throw new StoreError(
        'schema',
        `migration ${expected.number} ${expected.name} is not the one that this record ran (${one.number} ${one.name}): put the released text back and add a new migration instead`,
      );
    }
  });
  return known.slice(applied.length);
}

function digestOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

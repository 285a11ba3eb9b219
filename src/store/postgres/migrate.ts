import { createHash } from 'node:crypto';
import { integer, text } from '../rows/row.ts';
import { StoreError } from '../store-error.ts';
import type { Task } from './line.ts';
import { lockNumbers } from './lock-names.ts';
import { MIGRATIONS, type Migration } from './migrations/list.ts';
import { refuseWithoutRights } from './rights.ts';
import type { Session, Statement } from './session.ts';

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

type Asked = Pick<Session, 'all'>;

const HAS_SCHEMA = 'select 1 from pg_namespace where nspname = :schema';
const CREATE_LIST = `
create table if not exists migration (
  number integer primary key,
  name text not null,
  digest text not null,
  applied_at text not null
)`;
const HAS_LIST = "select to_regclass('migration')::text as name";
const READ_LIST = 'select number, name, digest from migration order by number';
const NOTE = 'insert into migration (number, name, digest, applied_at) values (:number, :name, :digest, :appliedAt)';

/**
 * Brings the schema to this program's: one transaction, so that every step is taken or none. Safe to run again and by any number
 * of processes at once: the first takes the lock, the others wait for it and find everything done.
 *
 * @throws StoreError `schema` when the database is newer than the program or an old migration is not the one it ran.
 */
export function migration(schema: string, now: string, known: readonly Migration[] = MIGRATIONS): Task<void> {
  return {
    locks: lockNumbers(['migration'], schema),
    decide: async (session) => {
      /* Not `if not exists`: that needs the right to make schemas even where the schema is there. */
      if ((await session.all(HAS_SCHEMA, { schema })).length === 0) await session.all(`create schema ${schema}`);
      const applied = (await hasList(session)) ? await appliedTo(session) : [];
      const steps = missing(applied, known);
      const write: Statement[] = steps.length === 0 ? [] : [{ sql: CREATE_LIST }];
      for (const { number, name, sql } of steps) {
        const parameters = { number, name, digest: digestOf(sql), appliedAt: now };
        write.push({ sql, isScript: true }, { sql: NOTE, parameters });
      }
      return { value: undefined, write };
    },
  };
}

/** For openers that may not write: the schema must already be this program's, and the user must be allowed to read it. */
export async function checkSchema(session: Asked, known: readonly Migration[] = MIGRATIONS): Promise<void> {
  await refuseWithoutRights(session, 'read');
  const first = missing((await hasList(session)) ? await appliedTo(session) : [], known)[0];
  if (first === undefined) return;
  throw new StoreError(
    'schema',
    `the record is older than this program (migration ${first.number} ${first.name} is missing): start the engine once, it brings the record up to date`,
  );
}

async function hasList(session: Asked): Promise<boolean> {
  const [row] = await session.all(HAS_LIST);
  return row !== undefined && row['name'] !== null;
}

async function appliedTo(session: Asked): Promise<Applied[]> {
  const rows = await session.all(READ_LIST);
  return rows.map((row) => ({ number: integer(row, 'number'), name: text(row, 'name'), digest: text(row, 'digest') }));
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
    if (one.number !== expected.number || one.digest !== digestOf(expected.sql)) {
      throw new StoreError(
        'schema',
        `migration ${expected.number} ${expected.name} is not the one that this record ran (${one.number} ${one.name}): put the released text back and add a new migration instead`,
      );
    }
  });
  return known.slice(applied.length);
}

function digestOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Line, newLine } from '../../../../src/store/postgres/line.ts';
import { checkSchema, migration } from '../../../../src/store/postgres/migrate.ts';
import { MIGRATIONS, type Migration } from '../../../../src/store/postgres/migrations/list.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openWritingSession, type Session } from '../../../../src/store/postgres/session.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

const NOW = '2026-11-02T08:00:00.000Z';
const FIRST: Migration = { number: 1, name: 'one', sql: 'create table one (v text)' };
const SECOND: Migration = { number: 2, name: 'two', sql: 'create table two (v text); insert into one values (1)' };

describe('migrations on PostgreSQL', () => {
  it('are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });
});

await describeOnPostgres('migrations on a database', (server) => {
  let address: string;
  let session: Session;
  let line: Line;

  beforeEach(async () => {
    address = await server.database();
    const open = () => openWritingSession(readPlace(address));
    session = await open();
    line = newLine({ first: session, open, patienceMs: 5_000 });
  });
  afterEach(() => line.close());

  const run = (known: readonly Migration[]) => line.transaction(migration('hearback', NOW, known));
  const tables = async () =>
    (await asking(address, "select tablename from pg_tables where schemaname = 'hearback' order by 1")).map(
      ({ tablename }) => tablename,
    );

  it('run in order, and once', async () => {
    await run([FIRST]);
    await run([FIRST, SECOND]);
    await run([FIRST, SECOND]);
    expect(await tables()).toEqual(['migration', 'one', 'two']);
    expect(await asking(address, 'select * from hearback.one')).toHaveLength(1);
    expect(await asking(address, 'select number, name, applied_at from hearback.migration order by 1')).toEqual([
      { number: 1, name: 'one', applied_at: NOW },
      { number: 2, name: 'two', applied_at: NOW },
    ]);
  });

  it('take every step or none', async () => {
    const broken = { number: 2, name: 'broken', sql: 'create table two (v text); create table (' };
    await expect(run([FIRST, broken])).rejects.toMatchObject({ code: 'database' });
    expect(await tables()).toEqual([]);
  });

  it('refuse a record that ran another text of an old migration, and one that is newer', async () => {
    await run([FIRST, SECOND]);
    const edited = { ...FIRST, sql: `${FIRST.sql} -- edited` };
    await expect(run([edited, SECOND])).rejects.toThrow('migration 1 one is not the one that this record ran');
    await expect(run([FIRST])).rejects.toThrow('newer than this program (it has migration 2 two)');
  });

  it('are only looked at by readers: an older or an empty record is refused', async () => {
    await expect(checkSchema(session, [FIRST])).rejects.toThrow('older than this program');
    await run([FIRST]);
    await checkSchema(session, [FIRST]);
    await expect(checkSchema(session, [FIRST, SECOND])).rejects.toThrow('migration 2 two is missing');
  });

  it('run once when many begin at the same time', async () => {
    const lines = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const open = () => openWritingSession(readPlace(address));
        return newLine({ first: await open(), open, patienceMs: 5_000 });
      }),
    );
    await Promise.all(lines.map((one) => one.transaction(migration('hearback', NOW, [FIRST, SECOND]))));
    expect(await asking(address, 'select * from hearback.one')).toHaveLength(1);
    await Promise.all(lines.map((one) => one.close()));
  });

  it('let no lane have two heads', async () => {
    await run(MIGRATIONS);
    const head =
      "insert into hearback.work (kind, lane, subject, status, is_head, not_before, first_queued_at) values ('settle', 'a', 's', 'ready', 1, 'x', 'x')";
    await asking(address, head);
    await expect(asking(address, head)).rejects.toThrow('work_one_head');
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { ANNOUNCE_ENTRIES } from '../../../../src/store/postgres/statements-journal.ts';
import type { WholeRecord } from '../../../../src/store/whole-record.ts';
import { changes, entry, message } from '../../../contract/store/samples.ts';
import { sealAll } from '../../../fixtures/journal/seal-all.ts';
import { describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('sealing beside transactions that are under way', (server) => {
  let store: WholeRecord;
  let other: Client;

  beforeAll(async () => {
    const address = await server.database();
    store = await openPostgresStore({ place: readPlace(address, { schema: 'sealing' }), readers: 2 });
    other = new Client({ connectionString: address, options: '-c search_path=sealing' });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await store.close();
  });

  it.each([
    "update journal set kind = 'x'",
    'delete from journal',
    'truncate journal',
    'update log_leaf set seq = seq + 1',
    'delete from log_leaf',
    'truncate log_checkpoint',
    "update message_body set body = 'x'",
    'delete from message_body',
    'truncate message_body',
  ])('a mistake at the database is refused: %s', async (sql) => {
    const id = `m-${sql}`;
    await store.receive(message(id), changes({ journal: [entry('test.mistake')] }));
    await sealAll(store);
    await expect(other.query(sql)).rejects.toThrow(/append-only|until they are pruned/);
    expect((await store.message(id))?.body.byteLength).toBeGreaterThan(0);
  });

  it('waits with what comes after an entry that is not committed, and leaves a gap where one never is', async () => {
    const before = (await store.logEntries(undefined, 100)).length;
    const kinds = async () => (await store.logEntries(0, 100)).map(({ kind }) => kind).slice(before);
    const insert = (kind: string) =>
      other.query('insert into journal (at, kind, actor, detail) values ($1, $2, $3, $4)', ['a', kind, 'b', '{}']);
    await store.apply(changes({ journal: [entry('first')] }));
    await other.query('begin');
    await other.query(ANNOUNCE_ENTRIES);
    await insert('slow');
    await store.apply(changes({ journal: [entry('quick')] }));
    expect(await kinds()).toEqual(['first', 'quick']);
    await sealAll(store);
    expect(await store.logHead()).toMatchObject({ size: before + 1 });

    await other.query('commit');
    await sealAll(store);
    expect(await kinds()).toEqual(['first', 'slow', 'quick']);
    expect(await store.logHead()).toMatchObject({ size: before + 3 });

    await other.query('begin');
    await other.query(ANNOUNCE_ENTRIES);
    await insert('never');
    await other.query('rollback');
    await store.apply(changes({ journal: [entry('last')] }));
    await sealAll(store);
    const [entries, leaves] = [await store.logEntries(0, 100), await store.logLeaves(0, 100)];
    expect(leaves.map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq));
    expect(leaves.map(({ index }) => index)).toEqual(leaves.map((_, index) => index));
    expect(leaves).toHaveLength(before + 4);
  });
});

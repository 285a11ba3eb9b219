import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { ANNOUNCE_ENTRIES } from '../../../../src/store/postgres/statements-journal.ts';
import type { WholeRecord } from '../../../../src/store/whole-record.ts';
import { changes, entry } from '../../../contract/store/samples.ts';
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

  it('waits with what comes after an entry that is not committed, and leaves a gap where one never is', async () => {
    const kinds = async () => (await store.logEntries(0, 100)).map(({ kind }) => kind);
    const insert = (kind: string) =>
      other.query('insert into journal (at, kind, actor, detail) values ($1, $2, $3, $4)', ['a', kind, 'b', '{}']);
    await store.apply(changes({ journal: [entry('first')] }));
    await other.query('begin');
    await other.query(ANNOUNCE_ENTRIES);
    await insert('slow');
    await store.apply(changes({ journal: [entry('quick')] }));
    expect(await kinds()).toEqual(['first', 'quick']);
    await sealAll(store);
    expect(await store.logHead()).toMatchObject({ size: 1 });

    await other.query('commit');
    await sealAll(store);
    expect(await kinds()).toEqual(['first', 'slow', 'quick']);
    expect(await store.logHead()).toMatchObject({ size: 3 });

    await other.query('begin');
    await other.query(ANNOUNCE_ENTRIES);
    await insert('never');
    await other.query('rollback');
    await store.apply(changes({ journal: [entry('last')] }));
    await sealAll(store);
    const [entries, leaves] = [await store.logEntries(0, 100), await store.logLeaves(0, 100)];
    expect(leaves.map(({ seq }) => seq)).toEqual(entries.map(({ seq }) => seq));
    expect(leaves.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });
});

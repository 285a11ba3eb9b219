import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { verifyRecord } from '../../../../src/journal/verify-record.ts';
import type { Store } from '../../../../src/ports-record.ts';
import { COPIED_TABLES, LEFT_BEHIND } from '../../../../src/store/copy/copied-tables.ts';
import { type CopyProgress, copyRecord } from '../../../../src/store/copy/copy-record.ts';
import { openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { type Place, readPlace } from '../../../../src/store/postgres/place.ts';
import { openForReading } from '../../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open-store.ts';
import type { WholeRecord } from '../../../../src/store/whole-record.ts';
import { changes, claim, entry, work } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { testKey } from '../../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../../fixtures/journal/seal-all.ts';
import { openWire } from '../../../fixtures/postgres/cut-wire.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';
import { fillRecord } from '../../../fixtures/store/full-record.ts';

const NOW = '2026-11-02T08:00:00.000Z';
const LOOPS = 40;
const clock = { now: () => new Date(NOW) };

await describeOnPostgres('copying a record from SQLite to PostgreSQL', (server) => {
  let directory: string;
  let file: string;
  let address: string;
  let place: Place;
  const closing = closingAfterEach();

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hearback-copied-'));
    file = join(directory, 'record.db');
    address = await server.database();
    place = readPlace(address);
    const store = await openSqliteStore({ file, worker: false });
    await fillRecord(store, LOOPS);
    await store.close();
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  async function both(): Promise<[WholeRecord, WholeRecord]> {
    return [
      closing(await openSqliteStore({ file, worker: false, clock })),
      closing(await openPostgresStore({ place, clock })),
    ];
  }
  const isEmpty = async () => (await asking(address, 'select 1 from hearback.referral')).length === 0;

  it('keeps the log provable, and it is sealed on where it was', async () => {
    await copyRecord({ file, place, now: NOW });
    const [here, there] = await both();
    const look = (log: WholeRecord) => verifyRecord({ log, keys: [testKey()] });
    const before = await look(here);
    expect(before).toMatchObject({ unsealed: 0, checkpoints: 2, pruned: 3 });
    expect(await look(there)).toEqual(before);
    await there.apply({ journal: [entry()] });
    await there.prune({ what: 'entries', at: NOW, before: NOW, through: 5 });
    await sealAll(there);
    expect(await look(there)).toMatchObject({ checkpoints: 3, unsealed: 0 });
  });

  it('takes every table and every column that either database has', async () => {
    await copyRecord({ file, place, now: NOW });
    const connection = openForReading(file);
    const here = connection
      .all("select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'migration'")
      .map(({ name }) => name);
    connection.close();
    const there = await asking(
      address,
      // `server_life` is about the server, not of the record.
      "select tablename from pg_tables where schemaname = 'hearback' and tablename not in ('migration', 'server_life')",
    );
    const copied = [...COPIED_TABLES.map(({ name }) => name), ...LEFT_BEHIND].sort();
    expect([...here].sort()).toEqual(copied);
    expect(there.map(({ tablename }) => tablename).sort()).toEqual(copied);
  });

  it('carries over every row, and both ends answer the same', async () => {
    const copied = await copyRecord({ file, place, now: NOW });
    expect(copied.map(({ table }) => table)).toEqual(COPIED_TABLES.map(({ name }) => name));
    for (const one of copied) expect([one.table, one.rows > 0]).toEqual([one.table, true]);
    const [here, there] = await both();
    for (const look of [
      (store: Store) => store.counts(),
      (store: Store) => store.journal({ limit: 9_999 }),
      (store: Store) => store.loops({ limit: 99 }),
      (store: Store) => store.messagesOf('r00000'),
      (store: Store) => store.dossier('r00007'),
      (store: Store) => store.dossierAt('r00007', NOW),
      (store: Store) => store.events('r00003'),
      (store: Store) => store.promises('r00003'),
      (store: Store) => store.legs('r00003'),
      (store: Store) => store.readings('r00003'),
      (store: Store) => store.lostCodes('elm-tree'),
      (store: Store) => store.referencesOf('r00000'),
      (store: Store) => store.behindHold('h1'),
      (store: Store) => store.keptMappings({}),
      (store: Store) =>
        store.search({
          type: 'Task',
          where: [{ param: 'status', values: ['http://x|1'], compare: 'equal' }],
          referrer: 'elm-tree',
          limit: 5,
        }),
    ]) {
      expect(await look(there)).toEqual(await look(here));
    }
  });

  it('goes on where the old record was: claims that are out, lanes, and numbers', async () => {
    await copyRecord({ file, place, now: NOW });
    const [here, there] = await both();
    for (const store of [here, there]) await store.apply(changes({ work: [work('new', 'n1')], journal: [entry()] }));
    expect(await there.recover(NOW, true)).toBe(await here.recover(NOW, true));
    for (let round = 0; round < 3; round += 1) {
      const asked = claim({ limit: 100, now: '2027-01-01T00:00:00.000Z' });
      const [ours, theirs] = [await here.claim(asked), await there.claim(asked)];
      expect(theirs).toEqual(ours);
      for (const one of ours) {
        await here.commit(one, { kind: 'done' }, changes());
        await there.commit(one, { kind: 'done' }, changes());
      }
    }
    expect((await there.journal({ limit: 9_999 })).at(-1)?.seq).toBe(
      (await here.journal({ limit: 9_999 })).at(-1)?.seq,
    );
  });

  it('tells how far it is', async () => {
    const told: CopyProgress[] = [];
    await copyRecord({ file, place, now: NOW, onProgress: (progress) => told.push(progress) });
    const messages = told.filter(({ table }) => table === 'message');
    expect(messages.at(-1)).toEqual({ table: 'message', done: 2 * LOOPS, of: 2 * LOOPS, doing: 'comparing' });
  });

  it('is refused where something is already', async () => {
    await copyRecord({ file, place, now: NOW });
    await expect(copyRecord({ file, place, now: NOW })).rejects.toMatchObject({ code: 'misuse' });
  });

  it('is refused while somebody has the database’s record open, and keeps everybody off while it lasts', async () => {
    const store = closing(await openPostgresStore({ place }));
    await expect(copyRecord({ file, place, now: NOW })).rejects.toMatchObject({
      code: 'not-openable',
      message: /in use/,
    });
    await store.close();
    let meanwhile: Promise<unknown> | undefined;
    const tryOnce = () => {
      meanwhile ??= openPostgresStore({ place }).catch((fault: { message: string }) => fault.message);
    };
    await copyRecord({ file, place, now: NOW, onProgress: tryOnce });
    expect(await meanwhile).toContain('being copied into');
  });

  it('leaves nothing behind when it is cut off half-way, and can be begun again', async () => {
    const through = new URL(address);
    const wire = closing(await openWire({ host: through.hostname, port: Number(through.port || 5432) }));
    through.hostname = '127.0.0.1';
    through.port = String(wire.port);
    const cutAt = ({ table }: CopyProgress) => {
      if (table === 'leg') wire.down(true);
    };
    const cut = copyRecord({ file, place: readPlace(through.href), now: NOW, onProgress: cutAt, patienceMs: 300 });
    await expect(cut).rejects.toMatchObject({ code: 'unreachable' });
    expect(await isEmpty()).toBe(true);
    wire.down(false);
    expect(await copyRecord({ file, place, now: NOW })).toHaveLength(COPIED_TABLES.length);
  });

  it('finds a copy that reads otherwise, and keeps nothing of it', async () => {
    await (await openPostgresStore({ place })).close();
    await asking(
      address,
      `create function hearback.meddle() returns trigger language plpgsql as $$ begin new.words := new.words || ' '; return new; end $$;
       create trigger meddle before insert on hearback.event for each row when (new.id = 'e-r00005') execute function hearback.meddle()`,
    );
    await expect(copyRecord({ file, place, now: NOW })).rejects.toMatchObject({
      code: 'corrupt',
      message: /copy of event/,
    });
    expect(await isEmpty()).toBe(true);
  });

  it('is undone when somebody writes to the old record meanwhile', async () => {
    const writer = closing(await openSqliteStore({ file, worker: false }));
    let written: Promise<unknown> | undefined;
    const writing = copyRecord({
      file,
      place,
      now: NOW,
      onProgress: () => {
        written ??= writer.apply(changes({ journal: [entry()] }));
      },
    });
    await expect(writing).rejects.toMatchObject({ code: 'stale' });
    await written;
    expect(await isEmpty()).toBe(true);
  });
});

import { Socket } from 'node:net';
import { expect, it, jest } from '@jest/globals';
import { isWorkedOn, openPostgresStore } from '../../../../src/store/postgres/open-store.ts';
import { readPlace } from '../../../../src/store/postgres/place.ts';
import { openWritingSession } from '../../../../src/store/postgres/session.ts';
import { changes, claim, entry, work } from '../../../contract/store/samples.ts';
import { closingAfterEach } from '../../../fixtures/closing.ts';
import { asking, describeOnPostgres } from '../../../fixtures/postgres/test-server.ts';

await describeOnPostgres('a connection to PostgreSQL', (server) => {
  const closing = closingAfterEach();
  const opened = async (options: Parameters<typeof openPostgresStore>[0]) => closing(await openPostgresStore(options));
  const session = async (place: Parameters<typeof openWritingSession>[0]) => {
    const made = await openWritingSession(place);
    closing({ close: () => made.end() });
    return made;
  };

  it('waits for the disk, whatever the database is set to', async () => {
    const address = await server.database();
    await asking(address, `alter database ${new URL(address).pathname.slice(1)} set synchronous_commit = off`);
    const made = await session(readPlace(address));
    expect(await made.all('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('sends everything that is asked in one turn in one write, and answers each', async () => {
    const made = await session(readPlace(await server.database()));
    // What a stream hands down to its socket: each of these is a call of the system.
    const inner: { _writev?: unknown } = Socket.prototype;
    const write = jest.spyOn(Socket.prototype, '_write');
    const writev = jest.spyOn(inner as { _writev: () => void }, '_writev');
    const writes = () => write.mock.calls.length + writev.mock.calls.length;
    const words = ['one', 'two', 'three', 'four', 'five'];
    const answered = await Promise.all(words.map((word) => made.all(`select '${word}' as word`)));
    expect(answered.map(([row]) => row?.['word'])).toEqual(words);
    expect(writes()).toBe(1);
    await made.all(`select 'later' as word`);
    expect(writes()).toBe(2);
    jest.restoreAllMocks();
  });

  it('is refused where nothing may be written, and nothing is said of the address', async () => {
    const address = await server.database();
    await asking(
      address,
      `alter database ${new URL(address).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    const opening = openPostgresStore({ place: readPlace(address) });
    await expect(opening).rejects.toMatchObject({
      code: 'not-openable',
      message: expect.stringContaining('takes no writes'),
    });
  });

  it.each([
    [
      'a database that is not there',
      (url: URL) => {
        url.pathname = '/hearback_nowhere';
      },
    ],
    [
      'a server that is not there',
      (url: URL) => {
        url.port = '1';
      },
    ],
  ])('to %s says so without the password', async (_what, change) => {
    const url = new URL(await server.database());
    url.password = 'very-secret';
    change(url);
    const opening = openPostgresStore({ place: readPlace(url.href), patienceMs: 100 });
    await expect(opening).rejects.toMatchObject({ code: 'not-openable' });
    await opening.catch((fault: Error) => expect(`${fault.message}${fault.stack}`).not.toContain('very-secret'));
  });

  it('for looking is refused while nobody has made the record', async () => {
    const opening = openPostgresStore({ place: readPlace(await server.database()), readonly: true });
    await expect(opening).rejects.toMatchObject({ code: 'schema' });
  });

  it('of an engine is seen by others, and only while it is there', async () => {
    const place = readPlace(await server.database());
    await opened({ place });
    expect(await isWorkedOn(place)).toBe(false);
    const engines = [await opened({ place, works: true }), await opened({ place, works: true })];
    expect(await isWorkedOn(place)).toBe(true);
    await Promise.all(engines.map((engine) => engine.close()));
    expect(await isWorkedOn(place)).toBe(false);
  });

  it('keeps two records apart in one database', async () => {
    const address = await server.database();
    const open = (schema: string) => opened({ place: readPlace(address, { schema }) });
    const [one, other] = [await open('one'), await open('other')];
    await one.apply(changes({ work: [work('a', 'a1')], journal: [entry()] }));
    expect(await other.counts()).toEqual({});
    expect(await other.claim(claim())).toEqual([]);
    expect(await one.claim(claim())).toHaveLength(1);
  });

  it('keeps leases by the server’s clock: processes whose clocks differ do not take each other’s work', async () => {
    const place = readPlace(await server.database());
    const off = async (minutes: number) => {
      const clock = { now: () => new Date(Date.now() + minutes * 60_000) };
      return { store: await opened({ place, clock }), now: () => clock.now().toISOString() };
    };
    const [slow, quick] = [await off(-10), await off(10)];
    await slow.store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1')] }));
    const asked = { leaseMs: 5_000, limit: 1 };
    expect(await slow.store.claim(claim({ ...asked, now: slow.now(), worker: 'slow' }))).toHaveLength(1);
    expect(await quick.store.claim(claim({ ...asked, now: quick.now(), worker: 'quick' }))).toHaveLength(1);
    expect(await quick.store.recover(quick.now(), false)).toBe(0);
    expect(await slow.store.recover(slow.now(), false)).toBe(0);
    const later = (now: string, ms: number) => new Date(Date.parse(now) + ms).toISOString();
    expect(await quick.store.recover(later(quick.now(), 6_000), false)).toBe(2);
  });

  it('shows the log only as far as nothing earlier can come any more', async () => {
    const place = readPlace(await server.database());
    const store = await opened({ place });
    await store.apply(changes({ journal: [entry('test.first')] }));
    const slow = await session(place);
    await slow.run({ sql: 'begin' });
    const { ANNOUNCE_ENTRIES, INSERT_ENTRIES } = await import('../../../../src/store/postgres/statements-journal.ts');
    await slow.all(ANNOUNCE_ENTRIES);
    const row = { at: 'x', kind: 'test.slow', actor: 'hearback', detail: '{}' };
    await slow.all(INSERT_ENTRIES, { rows: JSON.stringify([row]) });
    await store.apply(changes({ journal: [entry('test.quick')] }));
    const kinds = async () => (await store.journal({ limit: 9 })).map(({ kind }) => kind);
    expect(await kinds()).toEqual(['test.first']);
    await slow.run({ sql: 'commit' });
    expect(await kinds()).toEqual(['test.first', 'test.slow', 'test.quick']);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../../../src/ports-changes.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open-store.ts';
import { startThread } from '../../../../src/store/sqlite/thread-client.ts';
import { changes, entry, event, message, newReferral } from '../../../contract/store/samples.ts';
import { freshFiles } from './fresh-connection.ts';

const WRITER = new URL('../../../../src/store/sqlite/writer-thread.ts', import.meta.url);
const MUTE = new URL('../../../fixtures/store/mute-thread.ts', import.meta.url);
const NOW = '2026-11-02T08:00:00.000Z';

describe('a store in threads', () => {
  const { path } = freshFiles();

  it('carries bytes, answers and errors with their codes across', async () => {
    const store = await openSqliteStore({ file: path() });
    const first = message('m1', { body: new Uint8Array([0, 255, 1]), referral: 'r1' });
    await store.receive(first, changes({ referral: newReferral('r1'), events: [event('e1')] }));
    expect(await store.message('m1')).toEqual(first);
    const repeat = await store.receive({ ...first, id: 'm2' }, changes());
    expect(repeat).toEqual({ kind: 'repeat', message: 'm1', answer: first.answer });
    const linked = store.apply(changes({ link: { message: 'nowhere', referral: 'r1' } }));
    await expect(linked).rejects.toMatchObject({ name: 'StoreError', code: 'misuse' });
    const twice = store.apply(changes({ events: [event('e1')] }));
    await expect(twice).rejects.toMatchObject({
      code: 'database',
      message: expect.stringContaining('SQLITE_CONSTRAINT'),
    });
    await store.close();
  });

  it('commits together what is asked in one turn', async () => {
    const store = await openSqliteStore({ file: path() });
    const many = Array.from({ length: 200 }, (_, index) => store.apply(changes({ journal: [entry(`k${index}`)] })));
    expect(new Set(await Promise.all(many))).toEqual(new Set(['committed']));
    const order = (await store.journal({ limit: 999 })).map(({ kind }) => kind);
    expect(order).toEqual(Array.from({ length: 200 }, (_, index) => `k${index}`));
    await store.close();
  });

  it('sends the others when one cannot be sent', async () => {
    const store = await openSqliteStore({ file: path() });
    const unsendable = Object.assign(entry('bad'), { detail: { way: () => 'no data' } }) as unknown as JournalEntry;
    const outcomes = await Promise.allSettled([
      store.apply(changes({ journal: [entry('k1')] })),
      store.apply(changes({ journal: [unsendable] })),
      store.apply(changes({ journal: [entry('k2')] })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { name: 'StoreError', code: 'misuse' } });
    expect((await store.journal({ limit: 9 })).map(({ kind }) => kind)).toEqual(['k1', 'k2']);
    await store.close();
  });

  it('answers what was asked before it was closed', async () => {
    const store = await openSqliteStore({ file: path() });
    const asked = [store.apply(changes({ journal: [entry('k1')] })), store.counts()];
    const closed = store.close();
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    await closed;
  });

  it('does not open what cannot be opened, says why, and leaves no thread behind', async () => {
    const file = path();
    await expect(openSqliteStore({ file: `${file}/deeper/record.db` })).rejects.toMatchObject({ code: 'not-openable' });
    await expect(openSqliteStore({ file, readonly: true })).rejects.toMatchObject({ code: 'not-openable' });
  });

  it('rejects what is under way and what comes later when its thread dies', async () => {
    const thread = startThread(MUTE, path());
    const underWay = thread.call('recover', NOW, [NOW, true]);
    const ended = thread.end();
    await expect(underWay).rejects.toMatchObject({ code: 'closed' });
    await ended;
    await expect(thread.call('recover', NOW, [NOW, true])).rejects.toMatchObject({ code: 'closed' });
  });

  it('answers what was asked too early, or under a name that the port does not have', async () => {
    const thread = startThread(WRITER, path());
    await expect(thread.call('recover', NOW, [NOW, true])).rejects.toMatchObject({ code: 'closed' });
    await thread.open(NOW);
    await expect(thread.call('toString', NOW, [])).rejects.toMatchObject({ code: 'misuse' });
    await thread.close();
  });
});

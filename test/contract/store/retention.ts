import { describe, expect, it } from '@jest/globals';
import { isFault } from '../../../src/core/seal/check-log.ts';
import { bodyDetail } from '../../../src/flow/intake/body-detail.ts';
import { newPruner } from '../../../src/journal/pruner.ts';
import { verifyRecord } from '../../../src/journal/verify-record.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { freshStores, type MakePlace } from './place.ts';
import { at, changes, entry, hold, leg, message, newReferral, referral, sent, work } from './samples.ts';

const HOUR = 3_600_000;
const LATER = new Date(Date.parse(at(0)) + 100 * HOUR);

const prunerOf = (log: WholeRecord, retention: { bodies?: number; entries?: number }) =>
  newPruner({
    log,
    retention,
    clock: { now: () => LATER },
    operational: { info() {}, warn() {}, error() {} },
  });

/** So many messages of a referral, an hour after one another, each with its entry. */
async function receive(store: WholeRecord, prefix: string, count: number, of?: string): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const came = message(`${prefix}${number}`, { at: at(number * 60), ...(of !== undefined && { referral: of }) });
    const about = {
      at: came.at,
      message: came.id,
      detail: bodyDetail(came),
      ...(of !== undefined && { referral: of }),
    };
    await store.receive(came, changes({ journal: [entry('message.received', about)] }));
  }
}

async function close(store: WholeRecord, id: string): Promise<void> {
  await store.apply(changes({ referral: newReferral(id) }));
  const next = referral(id, { version: 2, status: 'closed', closedAt: at(1) });
  await store.apply(changes({ referral: { ifVersion: 1, next } }));
}

const bodiesOf = async (store: WholeRecord, ids: readonly string[]) =>
  (await store.keptBodies(ids))
    .filter(({ body }) => body !== undefined)
    .map(({ message: id }) => id)
    .sort();

async function verified(log: WholeRecord) {
  const result = await verifyRecord({ log, keys: [testKey()] });
  if (isFault(result)) throw new Error(JSON.stringify(result));
  return result;
}

/** What is old enough goes, what something open needs stays, and the log is whole all the same. */
export function retentionContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('retention', () => {
    it('takes the bytes of old messages of closed loops, leaves their digests, and says so', async () => {
      const { store } = await fresh();
      await close(store, 'done');
      await receive(store, 'a', 5, 'done');
      await sealAll(store);
      expect(await prunerOf(store, { bodies: 97.5 * HOUR }).pass()).toMatchObject({ bodies: 3, entries: 0 });
      expect(await bodiesOf(store, ['a0', 'a1', 'a2', 'a3', 'a4'])).toEqual(['a3', 'a4']);
      expect(await store.message('a0')).toMatchObject({ digest: message('a0').digest, body: new Uint8Array() });
      const [said] = await store.journal({ kind: 'log.pruned', limit: 9 });
      expect(said).toMatchObject({ actor: 'hearback', detail: { what: 'bodies', rows: 3, total: 3 } });
      await sealAll(store);
      expect(await verified(store)).toMatchObject({ prunedBodies: 3, bodies: 2, pruned: 0 });
      expect(await prunerOf(store, { bodies: 97.5 * HOUR }).pass()).toMatchObject({ bodies: 0 });
      expect(await prunerOf(store, { bodies: HOUR }).pass()).toMatchObject({ bodies: 2 });
      expect(await verified(store)).toMatchObject({ prunedBodies: 5, bodies: 0 });
    });

    it('never takes what an open loop, a delivery, a hold or waiting work needs', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('open') }));
      for (const id of ['held', 'sending', 'done']) await close(store, id);
      await store.apply(changes({ holds: [hold('h1', { referral: 'held' })] }));
      await store.apply(
        changes({
          messages: [sent('l1-message', { referral: 'sending' })],
          legs: [leg('l1', { referral: 'sending', status: 'queued' })],
        }),
      );
      for (const id of ['open', 'held', 'sending', 'done']) await receive(store, id, 1, id);
      await receive(store, 'lost', 2);
      await store.apply(changes({ work: [work('in/lost', 'lost0', { kind: 'onward' })] }));
      const ids = ['open0', 'held0', 'sending0', 'done0', 'lost0', 'lost1', 'l1-message'];
      const pruner = prunerOf(store, { bodies: HOUR });
      await pruner.pass();
      expect(await bodiesOf(store, ids)).toEqual(['held0', 'l1-message', 'lost0', 'open0', 'sending0']);
      await store.apply(
        changes({ referral: { ifVersion: 1, next: referral('open', { version: 2, status: 'closed' }) } }),
      );
      expect(await pruner.pass()).toMatchObject({ bodies: 1 });
      expect(await bodiesOf(store, ids)).toEqual(['held0', 'l1-message', 'lost0', 'sending0']);
    });

    it('takes the oldest entries that are sealed, and leaves their hashes', async () => {
      const { store } = await fresh();
      await close(store, 'done');
      await receive(store, 'a', 300, 'done');
      await sealAll(store, { limit: 100 });
      await store.apply(changes({ journal: [entry('test.unsealed', { at: at(0) })] }));
      const first = (await store.logEntries(undefined, 1))[0]?.seq ?? 0;
      expect(await prunerOf(store, { entries: 70.5 * HOUR }).pass()).toEqual({ bodies: 0, entries: 30 });
      expect((await store.logEntries(undefined, 1))[0]?.seq).toBe(first + 30);
      await sealAll(store);
      expect(await verified(store)).toMatchObject({ pruned: 30, entries: 302, bodies: 270 });
      expect(await store.prunings()).toMatchObject({ entries: 30, entriesThrough: first + 29 });
    });

    it('keeps entries from the first on that an open loop has, and says whose', async () => {
      const { store } = await fresh();
      await close(store, 'done');
      await receive(store, 'a', 3, 'done');
      await store.apply(changes({ referral: newReferral('open') }));
      await receive(store, 'b', 1, 'open');
      await receive(store, 'c', 3, 'done');
      await sealAll(store);
      expect(await prunerOf(store, { entries: HOUR }).pass()).toEqual({ bodies: 0, entries: 3, heldBy: 'open' });
      await sealAll(store);
      expect(await verified(store)).toMatchObject({ pruned: 3 });
    });

    it('takes nothing that is not sealed', async () => {
      const { store } = await fresh();
      await receive(store, 'a', 3);
      expect(await prunerOf(store, { entries: HOUR }).pass()).toEqual({ bodies: 0, entries: 0 });
    });

    it('is one pruning when two prune at once', async () => {
      const { store, beside } = await fresh();
      const other = await beside();
      await close(store, 'done');
      await receive(store, 'a', 40, 'done');
      await sealAll(store);
      const passes = [store, other].map((one) => prunerOf(one, { bodies: HOUR, entries: HOUR }).pass());
      const [one, two] = await Promise.all(passes);
      expect((one?.bodies ?? 0) + (two?.bodies ?? 0)).toBe(40);
      expect((one?.entries ?? 0) + (two?.entries ?? 0)).toBe(40);
      await sealAll(store);
      expect(await verified(store)).toMatchObject({ pruned: 40, prunedBodies: 0 });
    });
  });
}

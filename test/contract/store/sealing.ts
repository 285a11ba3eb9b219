import { describe, expect, it } from '@jest/globals';
import { isFault } from '../../../src/core/seal/check-log.ts';
import { openCheckpoint } from '../../../src/core/seal/checkpoint.ts';
import { entryLeaf } from '../../../src/core/seal/entry-bytes.ts';
import { hashLeaf } from '../../../src/core/seal/hash-tree.ts';
import { provesConsistency, provesInclusion } from '../../../src/core/seal/verify-proof.ts';
import { proveConsistency, proveInclusion, rootAt } from '../../../src/journal/tree-reading.ts';
import { verifyRecord } from '../../../src/journal/verify-record.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { freshStores, type MakePlace } from './place.ts';
import { changes, entry } from './samples.ts';

const entriesTo = (count: number, word = 'n') =>
  changes({ journal: Array.from({ length: count }, (_, index) => entry('test.noted', { detail: { [word]: index } })) });

const verified = async (log: WholeRecord) => {
  const result = await verifyRecord({ log, keys: [testKey()] });
  if (isFault(result)) throw new Error(JSON.stringify(result));
  return result;
};

/** The tree over the log: sealed in order, once, and provable. */
export function sealingContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('the sealed log', () => {
    it('is empty at first', async () => {
      const { store } = await fresh();
      expect(await store.logHead()).toEqual({ size: 0, lastSeq: 0 });
      expect(await store.unsealed(0, 10)).toEqual([]);
      expect(await store.checkpoints(0, 10)).toEqual([]);
    });

    it('has a leaf for each entry, in order, made of the entry as it is read', async () => {
      const { store } = await fresh();
      const odd = entry('test.noted', {
        actor: 'casework',
        referral: 'r1',
        message: 'm1',
        detail: { partner: 'elm-tree', text: 'nä "\u0000\ud800 😀', number: 0.1, yes: true },
      });
      await store.apply(changes({ journal: [entry(), odd, entry('test.other')] }));
      await sealAll(store);
      const [entries, leaves] = [await store.logEntries(0, 10), await store.logLeaves(0, 10)];
      expect(entries.map(({ kind }) => kind)).toEqual(['test.noted', 'test.noted', 'test.other']);
      expect(entries[1]).toMatchObject({ partner: 'elm-tree', referral: 'r1', message: 'm1' });
      expect(leaves.map(({ index, seq }) => [index, seq])).toEqual(entries.map(({ seq }, index) => [index, seq]));
      expect(leaves.map(({ hash }) => Buffer.from(hash))).toEqual(entries.map((one) => Buffer.from(entryLeaf(one))));
      expect(await store.logLeafOf(leaves[1]?.seq ?? 0)).toEqual(leaves[1]);
      expect(await store.logLeafOf(99_999)).toBeUndefined();
    });

    it('goes on where it stopped, and every checkpoint holds', async () => {
      const { store, reopened } = await fresh();
      await store.apply(entriesTo(300));
      expect(await sealAll(store, { limit: 70 })).toBe(5);
      const again = await reopened();
      await again.apply(entriesTo(10));
      await sealAll(again);
      expect(await again.logHead()).toMatchObject({ size: 310, checkpoint: { size: 310 } });
      expect(await again.checkpoints(71, 2)).toMatchObject([{ size: 140 }, { size: 210 }]);
      expect(await verified(again)).toMatchObject({ entries: 310, checkpoints: 6, unsealed: 0 });
      await again.apply(entriesTo(2));
      expect(await verified(again)).toMatchObject({ entries: 310, unsealed: 2 });
    });

    it('proves each entry, and that it only grew', async () => {
      const { store } = await fresh();
      await store.apply(entriesTo(600));
      await sealAll(store, { limit: 257 });
      const root = await rootAt(store, 600);
      for (const index of [0, 255, 256, 511, 599]) {
        const [leaf] = await store.logLeaves(index, 1);
        const proof = await proveInclusion(store, index, 600);
        const claim = { index, size: 600, leaf: leaf?.hash ?? hashLeaf(new Uint8Array()), root, proof };
        expect(provesInclusion(claim)).toBe(true);
        expect(provesInclusion({ ...claim, leaf: hashLeaf(new Uint8Array()) })).toBe(false);
      }
      for (const { size, note } of await store.checkpoints(0, 10)) {
        const opened = openCheckpoint(note, [testKey()]);
        if ('flaw' in opened) throw new Error(opened.flaw);
        const proof = await proveConsistency(store, size, 600);
        expect(provesConsistency(opened.checkpoint, { size: 600, root }, proof)).toBe(true);
      }
    });

    it('refuses what was made for another size, and keeps nothing of it', async () => {
      const { store } = await fresh();
      await store.apply(entriesTo(3));
      await sealAll(store);
      await store.apply(entriesTo(1));
      const [next] = await store.unsealed(3, 1);
      const leaf = { index: 9, seq: next?.seq ?? 0, hash: next?.hash ?? hashLeaf(new Uint8Array()) };
      const checkpoint = { size: 10, at: '2026-11-02T10:00:00.000Z', note: 'x' };
      expect(await store.seal({ ifSize: 9, leaves: [leaf], nodes: [], checkpoint })).toBe('stale');
      expect(await store.logHead()).toMatchObject({ size: 3, checkpoint: { size: 3 } });
    });

    it('is one tree when several seal at once, beside those who write', async () => {
      const { store, beside } = await fresh();
      const other = await beside();
      await store.apply(entriesTo(1));
      await sealAll(store);
      const writes = Array.from({ length: 40 }, (_, turn) =>
        (turn % 2 === 0 ? store : other).apply(entriesTo(5, `w${turn}`)),
      );
      const seals = Array.from({ length: 12 }, (_, turn) => sealAll(turn % 2 === 0 ? store : other, { limit: 7 }));
      await Promise.all([...writes, ...seals]);
      await sealAll(other);
      expect(await verified(store)).toMatchObject({ entries: 201, unsealed: 0 });
    });

    it('is not sealed by whoever may only look', async () => {
      const { store, beside } = await fresh();
      await store.apply(entriesTo(1));
      const reader = await beside(true);
      await expect(sealAll(reader)).rejects.toMatchObject({ code: 'readonly' });
      expect(await reader.logEntries(0, 10)).toHaveLength(1);
    });
  });
}

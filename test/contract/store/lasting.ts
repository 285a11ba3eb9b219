import { describe, expect, it } from '@jest/globals';
import { freshStores, type MakePlace } from './place.ts';
import { changes, claim, entry, hold, message, newReferral, task, work } from './samples.ts';

/** What is written stays, and others may look and work beside the engine. */
export function lastingContract(makePlace: MakePlace): void {
  describe('opening', () => {
    const fresh = freshStores(makePlace);

    it('again finds everything as it was', async () => {
      const { store, reopened } = await fresh();
      const first = message('m1', { referral: 'r1' });
      const step = { work: [work('a', 'a1'), work('a', 'a2')], holds: [hold('h1')], journal: [entry()] };
      await store.receive(first, changes({ referral: newReferral('r1'), resources: [task('t1', 1)], ...step }));
      const before = await store.counts();
      const again = await reopened();
      expect(await again.counts()).toEqual(before);
      expect(await again.message('m1')).toEqual(first);
      expect((await again.claim(claim())).map(({ subject }) => subject)).toEqual(['a1']);
      expect((await again.receive({ ...first, id: 'm2' }, changes())).kind).toBe('repeat');
    });

    it('beside a running engine lets both write', async () => {
      const { store, beside } = await fresh();
      const other = await beside();
      const receive = (here: typeof store, id: string) => here.receive(message(id), changes());
      await Promise.all(['m1', 'm2', 'm3', 'm4'].map((id, index) => receive(index % 2 === 0 ? store : other, id)));
      expect(await store.counts()).toMatchObject({ 'message.accepted': 4 });
      expect(await other.counts()).toMatchObject({ 'message.accepted': 4 });
    });

    it('beside a running engine gives no work to both', async () => {
      const { store, beside } = await fresh();
      const other = await beside();
      await store.apply(changes({ work: Array.from({ length: 20 }, (_, index) => work(`lane${index}`, `s${index}`)) }));
      const shares = await Promise.all(
        [store, other].flatMap((one) => [1, 2].map(() => one.claim(claim({ limit: 7 })))),
      );
      expect(shares.flat()).toHaveLength(20);
      expect(new Set(shares.flat().map(({ seq }) => seq)).size).toBe(20);
    });

    it('for reading sees what is committed and refuses to write', async () => {
      const { store, beside } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      const reader = await beside(true);
      expect(await reader.referral('r1')).toBeDefined();
      await store.apply(changes({ referral: newReferral('r2') }));
      expect(await reader.referral('r2')).toBeDefined();
      await expect(reader.apply(changes())).rejects.toMatchObject({ code: 'readonly' });
      await expect(reader.claim(claim())).rejects.toMatchObject({ code: 'readonly' });
    });

    it('by many at once makes one record', async () => {
      const { beside } = await fresh();
      const stores = await Promise.all([beside(), beside(), beside()]);
      await Promise.all(stores.map((store, index) => store.apply(changes({ referral: newReferral(`r${index}`) }))));
      expect(await stores[0]?.counts()).toMatchObject({ 'referral.open': 3 });
    });

    it('ends with close, after what was asked before it, and is then refused', async () => {
      const { store, reopened } = await fresh();
      const received = store.receive(message('m1'), changes());
      const again = await reopened();
      expect(await received).toEqual({ kind: 'first' });
      expect(await again.message('m1')).toBeDefined();
      await expect(store.counts()).rejects.toMatchObject({ code: 'closed' });
      await expect(store.apply(changes())).rejects.toMatchObject({ code: 'closed' });
      await store.close();
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import type { Work } from '../../../src/core/message.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace, STORE_NOW } from './place.ts';
import { at, changes, claim, entry, hold, newReferral, referral, work } from './samples.ts';

/** One question to a person, however many wait; resolved once, and exactly what waited goes on. */
export function holdingContract(makePlace: MakePlace): void {
  describe('holds', () => {
    const fresh = freshStores(makePlace);
    const subjects = async (store: Store) => (await store.claim(claim())).map(({ subject }) => subject);

    /** Puts every head of a lane on a hold with the same key, each under an id of its own. */
    async function holdAll(store: Store, claimed: readonly Work[]): Promise<void> {
      for (const one of claimed) {
        const mine = hold(`hold-${one.subject}`, { key: 'casework|code', referral: `r-${one.subject}` });
        await store.commit(one, { kind: 'held', hold: mine.id }, changes({ holds: [mine] }));
      }
    }

    it('keeps a hold as it was opened', async () => {
      const { store } = await fresh();
      const opened = hold('h1', {
        partner: 'casework',
        referral: 'r1',
        findings: [{ severity: 'error', rule: 'map/unknown', place: {}, message: 'a', remedy: 'b' }],
      });
      await store.apply(changes({ holds: [opened, hold('h2', { openedAt: at(1) })] }));
      expect(await store.holds({ open: true })).toEqual([opened, hold('h2', { openedAt: at(1) })]);
      expect(await store.holds({ open: true, referral: 'r1' })).toEqual([opened]);
      expect(await store.holds({ open: false })).toEqual([]);
    });

    it('opens one hold for one key: the work of the others joins it', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1'), work('c', 'c1')] }));
      await holdAll(store, await store.claim(claim()));
      expect((await store.holds({ open: true })).map(({ id }) => id)).toEqual(['hold-a1']);
      const waited = await store.resolveHold('hold-a1', 'user:kim', 'mapped', 'retry', changes());
      expect(waited.map(({ subject }) => subject)).toEqual(['a1', 'b1', 'c1']);
    });

    it('shows a joined hold to every referral that waits on it, and says in the log that it was joined', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1')] }));
      await holdAll(store, await store.claim(claim()));
      expect((await store.holds({ open: true, referral: 'r-b1' })).map(({ id }) => id)).toEqual(['hold-a1']);
      expect(await store.journal({ kind: 'hold.joined', limit: 9 })).toMatchObject([
        { referral: 'r-b1', detail: { hold: 'hold-a1', insteadOf: 'hold-b1' } },
      ]);
    });

    it('says what waits on a hold and which referrals it was opened for', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1'), work('c', 'c1')] }));
      await holdAll(store, await store.claim(claim({ limit: 2 })));
      const { waiting, referrals } = await store.behindHold('hold-a1');
      expect(waiting.map(({ subject }) => subject)).toEqual(['a1', 'b1']);
      expect(referrals).toEqual(['r-a1', 'r-b1']);
      expect(await store.behindHold('nowhere')).toEqual({ waiting: [], referrals: [] });
    });

    it('is not resolved by somebody who has not seen all that waits', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1')] }));
      await holdAll(store, await store.claim(claim({ limit: 1 })));
      const seen = (await store.behindHold('hold-a1')).waiting.map(({ seq }) => seq);
      await holdAll(store, await store.claim(claim()));
      const blind = store.resolveHold('hold-a1', 'user:kim', 'not wanted', 'abandon', changes(), seen);
      await expect(blind).rejects.toMatchObject({ code: 'stale' });
      expect(await store.holds({ open: true })).toHaveLength(1);
      const all = (await store.behindHold('hold-a1')).waiting.map(({ seq }) => seq);
      expect(await store.resolveHold('hold-a1', 'user:kim', 'seen', 'abandon', changes(), all)).toHaveLength(2);
    });

    it('stops the lane of the held work and no other', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2'), work('b', 'b1')] }));
      await holdAll(store, await store.claim(claim({ limit: 1 })));
      expect(await subjects(store)).toEqual(['b1']);
    });

    it('puts exactly the waiting work back, in order, at the head of its lanes', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2'), work('b', 'b1'), work('z', 'z1')] }));
      const [a1, b1, z1] = await store.claim(claim());
      if (a1 === undefined || b1 === undefined || z1 === undefined) throw new Error('nothing claimed');
      await holdAll(store, [a1, b1]);
      await store.commit(z1, { kind: 'held', hold: 'other' }, changes({ holds: [hold('other')] }));
      const waited = await store.resolveHold(
        'hold-a1',
        'user:kim',
        'mapped',
        'retry',
        changes({ journal: [entry('hold.resolved')] }),
      );
      expect(waited.map(({ subject, attempts }) => [subject, attempts])).toEqual([
        ['a1', 1],
        ['b1', 1],
      ]);
      expect(await subjects(store)).toEqual(['a1', 'b1']);
      expect(await store.counts()).toMatchObject({ 'work.held': 1, 'hold.open': 1, 'hold.resolved': 1 });
      expect(await store.journal({ kind: 'hold.resolved', limit: 9 })).toHaveLength(1);
    });

    it('drops the waiting work when told to abandon it, and its lane goes on', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2'), work('b', 'b1')] }));
      await holdAll(store, await store.claim(claim()));
      const dropped = await store.resolveHold('hold-a1', 'user:kim', 'not wanted', 'abandon', changes());
      expect(dropped.map(({ subject }) => subject)).toEqual(['a1', 'b1']);
      expect(await subjects(store)).toEqual(['a2']);
    });

    it('keeps who resolved it, how and when', async () => {
      const { store } = await fresh();
      await store.apply(changes({ holds: [hold('h1', { referral: 'r1' })] }));
      await store.resolveHold('h1', 'user:kim', 'mapped to a local need', 'retry', changes());
      const resolved = { resolvedAt: STORE_NOW, resolvedBy: 'user:kim', resolution: 'mapped to a local need' };
      expect(await store.holds({ open: true })).toEqual([]);
      expect(await store.holds({ open: false, referral: 'r1' })).toEqual([hold('h1', { referral: 'r1', ...resolved })]);
    });

    it('is resolved once', async () => {
      const { store } = await fresh();
      await store.apply(changes({ holds: [hold('h1')] }));
      await store.resolveHold('h1', 'user:kim', 'first', 'retry', changes());
      const second = store.resolveHold('h1', 'user:sam', 'second', 'abandon', changes({ journal: [entry()] }));
      await expect(second).rejects.toMatchObject({ code: 'hold-not-open' });
      await expect(store.resolveHold('x', 'user:sam', '', 'retry', changes())).rejects.toMatchObject({
        code: 'hold-not-open',
      });
      expect(await store.journal({ limit: 9 })).toEqual([]);
    });

    it('changes nothing when the decision was made from a referral that moved on', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1', { version: 4 }), holds: [hold('h1')] }));
      const decided = changes({ referral: { ifVersion: 3, next: referral('r1', { version: 4 }) } });
      const resolving = store.resolveHold('h1', 'user:kim', 'mapped', 'retry', decided);
      await expect(resolving).rejects.toMatchObject({ code: 'stale' });
      expect(await store.holds({ open: true })).toHaveLength(1);
    });

    it('opens a new hold when the key comes again after it was resolved', async () => {
      const { store } = await fresh();
      await store.apply(changes({ holds: [hold('h1', { key: 'k' })] }));
      await store.resolveHold('h1', 'user:kim', 'mapped', 'retry', changes());
      await store.apply(changes({ holds: [hold('h2', { key: 'k' })] }));
      expect((await store.holds({ open: true })).map(({ id }) => id)).toEqual(['h2']);
    });

    it('lets work that would wait on a hold just resolved go on at once', async () => {
      const { store } = await fresh();
      await store.apply(changes({ holds: [hold('h1')], work: [work('a', 'a1')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      await store.resolveHold('h1', 'user:kim', 'mapped', 'retry', changes());
      await store.commit(one, { kind: 'held', hold: 'h1' }, changes());
      expect(await subjects(store)).toEqual(['a1']);
    });

    it('ends the doubt about an interrupted claim: a person has looked', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      await store.claim(claim());
      await store.recover(at(2), true);
      await holdAll(store, await store.claim(claim()));
      await store.resolveHold('hold-a1', 'user:kim', 'it did not arrive', 'retry', changes());
      expect(await store.claim(claim())).toMatchObject([{ interrupted: false, attempts: 3 }]);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace, STORE_NOW } from './place.ts';
import { at, changes, claim, entry, event, hold, newReferral, referral, work } from './samples.ts';

/** Law 3: strictly in order within a lane, never across lanes. */
export function lanesContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);
  const subjects = async (store: Store, more = {}) => (await store.claim(claim(more))).map(({ subject }) => subject);

  describe('claiming', () => {
    it('gives the head of every lane, oldest first, and nothing behind it', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('b', 'b1'), work('a', 'a1'), work('b', 'b2'), work('c', 'c1')] }));
      const claimed = await store.claim(claim());
      expect(claimed).toEqual(
        ['b1', 'a1', 'c1'].map((subject) => ({
          seq: expect.any(Number),
          kind: 'settle',
          lane: subject[0],
          subject,
          attempts: 1,
          interrupted: false,
          firstQueuedAt: STORE_NOW,
        })),
      );
      expect(await subjects(store)).toEqual([]);
    });

    it('goes on in a lane when the one before is done', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2'), work('a', 'a3')] }));
      for (const expected of ['a1', 'a2', 'a3']) {
        const [one] = await store.claim(claim());
        expect(one?.subject).toBe(expected);
        if (one !== undefined) await store.commit(one, { kind: 'done' }, changes());
      }
      expect(await subjects(store)).toEqual([]);
      expect(await store.nextWorkAt()).toBeUndefined();
    });

    it('keeps to the limit, and takes the next lanes the next time', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: ['a', 'b', 'c'].map((lane) => work(lane, lane)) }));
      expect(await subjects(store, { limit: 2 })).toEqual(['a', 'b']);
      expect(await subjects(store, { limit: 2 })).toEqual(['c']);
    });

    it('does not let a long lane starve the others', async () => {
      const { store } = await fresh();
      const long = Array.from({ length: 50 }, (_, index) => work('long', `long${index}`));
      await store.apply(changes({ work: [...long, work('short', 'short1')] }));
      expect(await subjects(store, { limit: 2 })).toEqual(['long0', 'short1']);
    });

    it('takes what was put back only after what was never tried, and then what fell due first', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('poison', 'p1'), work('late', 'l1')] }));
      const [poison, late] = await store.claim(claim());
      if (poison === undefined || late === undefined) throw new Error('both were to be claimed');
      await store.commit(poison, { kind: 'again', notBefore: at(2), why: 'failed' }, changes());
      await store.commit(late, { kind: 'again', notBefore: at(1), why: 'failed' }, changes());
      await store.apply(changes({ work: [work('fresh', 'f1')] }));
      const now = at(5);
      for (const expected of ['f1', 'l1', 'p1']) expect(await subjects(store, { limit: 1, now })).toEqual([expected]);
    });

    it('takes only the kinds asked for; a head of another kind stops its lane', async () => {
      const { store } = await fresh();
      const onward = work('a', 'a1', { kind: 'onward' });
      await store.apply(changes({ work: [onward, work('a', 'a2'), work('b', 'b1')] }));
      expect(await subjects(store, { kinds: ['settle'] })).toEqual(['b1']);
      expect(await subjects(store, { kinds: ['onward', 'deadline'] })).toEqual(['a1']);
    });

    it('passes over partners that must wait, and only over them', async () => {
      const { store } = await fresh();
      await store.apply(
        changes({
          work: [work('a', 'a1', { partner: 'casework' }), work('b', 'b1', { partner: 'signpost' }), work('c', 'c1')],
        }),
      );
      expect(await store.claim(claim({ notPartners: ['casework'] }))).toMatchObject([
        { subject: 'b1', partner: 'signpost' },
        { subject: 'c1' },
      ]);
      expect(await subjects(store, { notPartners: [] })).toEqual(['a1']);
    });

    it('leaves the work of partners that the claimer does not know to who does, for a time', async () => {
      const { store } = await fresh();
      await store.apply(
        changes({
          work: [work('a', 'a1', { partner: 'casework' }), work('b', 'b1', { partner: 'piecemeal' }), work('c', 'c1')],
        }),
      );
      const notYet = { partners: ['casework', 'signpost'], strangersDueBefore: STORE_NOW };
      expect(await subjects(store, { known: notYet })).toEqual(['a1', 'c1']);
      expect(await subjects(store, { known: { partners: ['piecemeal'], strangersDueBefore: STORE_NOW } })).toEqual([
        'b1',
      ]);
      await store.apply(changes({ work: [work('d', 'd1', { partner: 'piecemeal' })] }));
      expect(await subjects(store, { known: notYet })).toEqual([]);
      // Nor is it long due when it was only just tried: whoever knows it tries again.
      await store.apply(changes({ work: [work('e', 'e1', { partner: 'piecemeal', notBefore: at(5) })] }));
      // Nobody who knows it came: it must not wait unseen for ever.
      const now = { partners: ['casework'], strangersDueBefore: '2026-11-02T08:00:00.001Z' };
      expect(await subjects(store, { now: at(6), known: now })).toEqual(['d1']);
    });

    it('leaves what is not due, with everything behind it in its lane', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1', { notBefore: at(5) }), work('a', 'a2'), work('b', 'b1')] }));
      expect(await subjects(store)).toEqual(['b1']);
      expect(await subjects(store, { now: at(5) })).toEqual(['a1']);
    });

    it('gives each piece of work to one of many that claim at once', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: Array.from({ length: 30 }, (_, index) => work(`lane${index}`, `s${index}`)) }));
      const shares = await Promise.all(['one', 'two', 'three'].map((worker) => subjects(store, { worker, limit: 12 })));
      expect(shares.map(({ length }) => length)).toEqual([12, 12, 6]);
      expect(new Set(shares.flat()).size).toBe(30);
    });

    it('has a claim on disk before it is returned', async () => {
      const { store, reopened } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      await store.claim(claim());
      expect(await subjects(await reopened())).toEqual([]);
    });
  });

  describe('settling', () => {
    it('applies what the step decided together with the end of its work', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), work: [work('a', 'a1')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      const decided = changes({ events: [event('e1')], work: [work('b', 'b1')], journal: [entry()] });
      expect(await store.commit(one, { kind: 'done' }, decided)).toBe('committed');
      expect(await store.events('r1')).toHaveLength(1);
      expect(await subjects(store)).toEqual(['b1']);
    });

    it('puts work back into its place until its time, and counts the attempts', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      await store.commit(one, { kind: 'again', notBefore: at(10), why: 'http-503' }, changes());
      expect(await store.nextWorkAt()).toBe(at(10));
      expect(await subjects(store, { now: at(9) })).toEqual([]);
      expect(await store.claim(claim({ now: at(10) }))).toMatchObject([
        { subject: 'a1', attempts: 2, interrupted: false },
      ]);
    });

    it('is stale when the referral moved, changes nothing, and leaves the work claimed', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1', { version: 2 }), work: [work('a', 'a1')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      const from = (ifVersion: number) => ({ ifVersion, next: referral('r1', { version: ifVersion + 1 }) });
      const decided = changes({ referral: from(1), events: [event('e1')], journal: [entry()] });
      expect(await store.commit(one, { kind: 'done' }, decided)).toBe('stale');
      expect(await store.events('r1')).toEqual([]);
      expect(await store.counts()).toMatchObject({ 'work.claimed': 1 });
      expect(await subjects(store, { now: at(0) })).toEqual([]);
      expect(await store.commit(one, { kind: 'done' }, { ...decided, referral: from(2) })).toBe('committed');
    });

    it('settles a claim once', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), work: [work('a', 'a1')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      await store.commit(one, { kind: 'again', notBefore: at(0), why: 'again' }, changes());
      const twice = store.commit(one, { kind: 'done' }, changes({ events: [event('e1')] }));
      await expect(twice).rejects.toMatchObject({ code: 'claim-lost' });
      expect(await store.events('r1')).toEqual([]);
      expect(await subjects(store)).toEqual(['a1']);
    });

    it('refuses a hold that is not there: the work would wait for nobody', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      const [one] = await store.claim(claim());
      if (one === undefined) throw new Error('nothing claimed');
      const held = store.commit(one, { kind: 'held', hold: 'nowhere' }, changes());
      await expect(held).rejects.toMatchObject({ code: 'misuse' });
    });
  });

  describe('recovering', () => {
    it('gives back claims whose time ran out, as interrupted, and no others', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1')] }));
      await store.claim(claim({ worker: 'dead', limit: 1 }));
      await store.claim(claim({ worker: 'alive', leaseMs: 3_600_000 }));
      expect(await store.recover(at(2), false)).toBe(1);
      expect(await store.claim(claim({ now: at(2) }))).toMatchObject([
        { subject: 'a1', attempts: 2, interrupted: true },
      ]);
    });

    it('gives back everything when told so', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1'), work('c', 'c1')] }));
      await store.claim(claim({ limit: 2, leaseMs: 3_600_000 }));
      expect(await store.recover(at(0), true)).toBe(2);
      const claimed = await store.claim(claim());
      expect(claimed.map(({ subject, interrupted }) => [subject, interrupted])).toEqual([
        ['a1', true],
        ['b1', true],
        ['c1', false],
      ]);
    });

    it('leaves alone what its worker renewed', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('b', 'b1')] }));
      await store.claim(claim({ worker: 'one', limit: 1 }));
      await store.claim(claim({ worker: 'two', limit: 1 }));
      await store.renew('two', at(30));
      expect(await store.recover(at(29), false)).toBe(1);
      expect(await subjects(store, { now: at(29) })).toEqual(['a1']);
      expect(await store.recover(at(31), false)).toBe(2);
    });

    it('remembers the interruption through later attempts: what was sent then stays in doubt', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      await store.claim(claim());
      await store.recover(at(2), false);
      const [again] = await store.claim(claim({ now: at(2) }));
      if (again === undefined) throw new Error('nothing claimed');
      await store.commit(again, { kind: 'again', notBefore: at(3), why: 'circuit open' }, changes());
      expect(await store.claim(claim({ now: at(3) }))).toMatchObject([{ interrupted: true, attempts: 3 }]);
    });

    it('refuses the late word of a worker whose work another has taken', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), work: [work('a', 'a1')] }));
      const [slow] = await store.claim(claim({ worker: 'slow' }));
      if (slow === undefined) throw new Error('nothing claimed');
      await store.recover(at(2), false);
      await store.claim(claim({ worker: 'quick', now: at(2) }));
      const late = store.commit(slow, { kind: 'done' }, changes({ events: [event('e1')] }));
      await expect(late).rejects.toMatchObject({ code: 'claim-lost' });
      expect(await store.events('r1')).toEqual([]);
    });

    it('takes the late word while nobody has taken the work: it need not be done twice', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      const [slow] = await store.claim(claim());
      if (slow === undefined) throw new Error('nothing claimed');
      await store.recover(at(2), false);
      expect(await store.commit(slow, { kind: 'done' }, changes())).toBe('committed');
      expect(await subjects(store, { now: at(2) })).toEqual([]);
    });
  });

  describe('knowing when there is work', () => {
    it('says that work without a time may be claimed now', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1')] }));
      const next = await store.nextWorkAt();
      expect(next !== undefined && next <= at(0)).toBe(true);
    });

    it('does not count what is claimed, held, or behind another in its lane', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('a', 'a1'), work('a', 'a2'), work('b', 'b1'), work('b', 'b2')] }));
      const [a1] = await store.claim(claim());
      if (a1 === undefined) throw new Error('nothing claimed');
      expect(await store.nextWorkAt()).toBeUndefined();
      await store.commit(a1, { kind: 'held', hold: 'h1' }, changes({ holds: [hold('h1')] }));
      expect(await store.nextWorkAt()).toBeUndefined();
      await store.apply(
        changes({ work: [work('c', 'c1', { notBefore: at(9) }), work('c', 'c2', { notBefore: at(1) })] }),
      );
      expect(await store.nextWorkAt()).toBe(at(9));
    });
  });
}

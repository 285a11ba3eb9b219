import { describe, expect, it } from '@jest/globals';
import { freshStores, type MakePlace } from './place.ts';
import { AT, at, changes, event, leg, message, newReferral, promise, referral, sent, task } from './samples.ts';

/** What a step decided is applied whole, from the version it was decided from. */
export function changingContract(makePlace: MakePlace): void {
  describe('applying changes', () => {
    const fresh = freshStores(makePlace);

    it('moves a referral on from the version that it was decided from', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      const next = referral('r1', {
        version: 2,
        status: 'closed',
        closedAt: at(5),
        platforms: ['casework', 'signpost'],
      });
      expect(await store.apply(changes({ referral: { ifVersion: 1, next } }))).toBe('committed');
      expect(await store.referral('r1')).toEqual(next);
    });

    it('is stale for a referral that moved on, is unknown, or is there already', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1', { version: 3 }) }));
      const from = (ifVersion: number | 'new', id: string) =>
        store.apply(changes({ referral: { ifVersion, next: referral(id, { version: 9 }) } }));
      expect(await from(2, 'r1')).toBe('stale');
      expect(await from(1, 'r2')).toBe('stale');
      expect(await from('new', 'r1')).toBe('stale');
      expect(await store.referral('r1')).toMatchObject({ version: 3 });
    });

    it('lets one of two decisions from the same version win', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      const decision = (id: string) =>
        store.apply(changes({ referral: { ifVersion: 1, next: referral('r1', { version: 2 }) }, events: [event(id)] }));
      expect(await Promise.all([decision('e1'), decision('e2')])).toEqual(['committed', 'stale']);
      expect((await store.events('r1')).map(({ id }) => id)).toEqual(['e1']);
    });

    it('refuses a version that does not count up', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1') }));
      const standing = store.apply(changes({ referral: { ifVersion: 1, next: referral('r1') } }));
      await expect(standing).rejects.toMatchObject({ code: 'misuse' });
    });

    it('takes the next version of a resource only, and is stale otherwise', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), resources: [task('t1', 1)] }));
      expect(await store.apply(changes({ resources: [task('t1', 3)] }))).toBe('stale');
      expect(await store.apply(changes({ resources: [task('t1', 1)] }))).toBe('stale');
      expect(await store.apply(changes({ resources: [task('t2', 2)] }))).toBe('stale');
      const second = task('t1', 2, { lastUpdated: at(1), index: [{ param: 'status', value: 'completed' }] });
      expect(await store.apply(changes({ resources: [second] }))).toBe('committed');
      expect(await store.resource('Task', 't1')).toEqual(second);
    });

    it('is stale as a whole when one resource is', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), resources: [task('t1', 1)] }));
      const both = changes({ resources: [task('t2', 1), task('t1', 1)], events: [event('e1')] });
      expect(await store.apply(both)).toBe('stale');
      expect(await store.resource('Task', 't2')).toBeUndefined();
      expect(await store.events('r1')).toEqual([]);
    });

    it('takes two versions of one resource in one step', async () => {
      const { store } = await fresh();
      const step = changes({ referral: newReferral('r1'), resources: [task('t1', 1), task('t1', 2)] });
      expect(await store.apply(step)).toBe('committed');
      expect((await store.resource('Task', 't1'))?.version).toBe(2);
    });

    it('never lets a resource pass to another referral', async () => {
      const { store } = await fresh();
      await store.apply(changes({ referral: newReferral('r1'), resources: [task('t1', 1)] }));
      const moved = changes({ referral: newReferral('r2'), resources: [task('t1', 2, { referral: 'r2' })] });
      await expect(store.apply(moved)).rejects.toMatchObject({ code: 'misuse' });
      expect(await store.referral('r2')).toBeUndefined();
    });

    it('replaces promises and legs by id', async () => {
      const { store } = await fresh();
      const first = leg('l1', { mapping: { name: 'casework/referral', version: 3, digest: 'abc' }, cause: 'm1' });
      await store.apply(
        changes({
          referral: newReferral('r1'),
          messages: [sent('l1-message')],
          promises: [promise('p1'), promise('p2', { madeAt: at(1) })],
          legs: [first],
        }),
      );
      const kept = promise('p1', { keptAt: at(2), keptAs: 'business', keptBy: 'm2', lateSince: at(1) });
      const settled = {
        ...first,
        status: 'acknowledged' as const,
        attempts: 2,
        firstSentAt: at(1),
        settledAt: at(2),
        ack: 'technical' as const,
        reply: 'm3',
        lastFailure: 'http-503: try later',
      };
      await store.apply(changes({ promises: [kept], legs: [settled] }));
      expect(await store.promises('r1')).toEqual([kept, promise('p2', { madeAt: at(1) })]);
      expect(await store.legs('r1')).toEqual([settled]);
      expect(await store.leg('l1')).toEqual(settled);
    });

    it('keeps every field of an event, in the order in which events were recorded', async () => {
      const { store } = await fresh();
      const told = event('e2', {
        kind: 'did-not-attend',
        at: at(-60),
        offset: '+01:00',
        actor: 'Robin Synthetic',
        message: 'm1',
        reason: { text: 'a reason' },
        note: 'a note',
      });
      await store.apply(changes({ referral: newReferral('r1'), events: [event('e1')] }));
      await store.apply(changes({ events: [told] }));
      expect(await store.events('r1')).toEqual([event('e1'), told]);
    });

    it('keeps messages that we sent, with the exact bytes', async () => {
      const { store } = await fresh();
      const out = sent('o1', { referral: 'r1', at: at(1), body: new Uint8Array([10, 0, 13]) });
      await store.apply(
        changes({ referral: newReferral('r1'), messages: [out, message('reply', { referral: 'r1', at: AT })] }),
      );
      expect((await store.messagesOf('r1')).map(({ id }) => id)).toEqual(['reply', 'o1']);
      expect(await store.message('o1')).toEqual(out);
    });

    it('knows nothing of what is not there', async () => {
      const { store } = await fresh();
      expect(await store.message('x')).toBeUndefined();
      expect(await store.referral('x')).toBeUndefined();
      expect(await store.leg('x')).toBeUndefined();
      expect(await store.resource('Task', 'x')).toBeUndefined();
      expect(await store.findReferral('casework', ['correlation'], 'x')).toBeUndefined();
      expect((await store.dossier('x')).entry).toEqual([]);
    });
  });
}

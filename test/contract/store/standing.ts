import { describe, expect, it } from '@jest/globals';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { freshStores, type MakePlace, STORE_NOW } from './place.ts';
import { AT, at, changes, claim, entry, hold, newReferral, promise, work } from './samples.ts';

export function standingContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('what stands where', () => {
    it('is nothing in an empty record', async () => {
      const { store } = await fresh();
      expect(await store.standing(AT)).toEqual({ work: [], holds: [], late: [] });
    });

    it('counts work that waits, is under way and is held, with when the oldest was queued', async () => {
      const { store } = await fresh();
      const lines = [
        work('in/r1/m1', 'm1', { kind: 'onward' }),
        work('out/casework/r1', 'l1', { partner: 'casework' }),
        work('out/casework/r1', 'l2', { partner: 'casework' }),
        work('out/springboard/r1', 'l3', { partner: 'springboard', notBefore: at(60) }),
        work('read/elm-tree', 'l4', { kind: 'read-back' }),
        work('urgent/m2', 'm2', { kind: 'urgent' }),
      ];
      await store.apply(changes({ referral: newReferral('r1'), work: lines, holds: [hold('h1')] }));
      const [read] = await store.claim(claim({ kinds: ['read-back'] }));
      const [urgent] = await store.claim(claim({ kinds: ['urgent'] }));
      if (read === undefined || urgent === undefined) throw new Error('nothing was claimed');
      await store.commit(urgent, { kind: 'held', hold: 'h1' }, changes());
      const { work: standing } = await store.standing(AT);
      const since = STORE_NOW;
      expect(inOrder(standing)).toEqual([
        { kind: 'onward', status: 'ready', count: 1, since },
        { kind: 'read-back', status: 'claimed', count: 1, since },
        { kind: 'settle', status: 'ready', partner: 'casework', count: 2, since },
        { kind: 'settle', status: 'ready', partner: 'springboard', count: 1, since },
        { kind: 'urgent', status: 'held', count: 1, since },
      ]);
    });

    it('counts what waits in order behind what is held as waiting for that, until it is resolved', async () => {
      const { store } = await fresh();
      const inLane = (...subjects: string[]) =>
        subjects.map((subject) => work('in/r1', subject, { kind: 'onward', partner: 'casework' }));
      await store.apply(
        changes({
          referral: newReferral('r1'),
          work: [
            ...inLane('m1', 'm2', 'm3'),
            work('in/r2', 'm4', { kind: 'onward', partner: 'casework' }),
            work('in/r2', 'm5', { kind: 'onward', partner: 'casework' }),
          ],
          holds: [hold('h1')],
        }),
      );
      const [first] = await store.claim(claim({ limit: 1 }));
      if (first?.subject !== 'm1') throw new Error('another was claimed');
      const line = { kind: 'onward', partner: 'casework', since: STORE_NOW } as const;
      const counted = async () => byStatus((await store.standing(AT)).work);
      // Behind what is under way it is simply next.
      expect(await counted()).toEqual([
        { ...line, status: 'claimed', count: 1 },
        { ...line, status: 'ready', count: 4 },
      ]);
      await store.commit(first, { kind: 'held', hold: 'h1' }, changes());
      expect(await counted()).toEqual([
        { ...line, status: 'behind-hold', count: 2 },
        { ...line, status: 'held', count: 1 },
        { ...line, status: 'ready', count: 2 },
      ]);
      await store.resolveHold('h1', 'user:ann', 'seen to', 'retry', changes());
      expect(await counted()).toEqual([{ ...line, status: 'ready', count: 5 }]);
    });

    it('says since when the log waits to be sealed, and nothing when all of it is', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry('test.noted', { at: at(1) }), entry('test.noted', { at: at(2) })] }));
      expect(await store.standing(at(9))).toMatchObject({ unsealedSince: at(1) });
      await sealAll(store);
      expect(await store.standing(at(9))).not.toHaveProperty('unsealedSince');
      await store.apply(changes({ journal: [entry('test.noted', { at: at(3) })] }));
      expect(await store.standing(at(9))).toMatchObject({ unsealedSince: at(3) });
    });

    it('counts deadlines and digests only when their time has come, from then on', async () => {
      const { store } = await fresh();
      const lines = [
        work('clock/p1', 'r1', { kind: 'deadline', notBefore: at(10) }),
        work('clock/p2', 'r1', { kind: 'deadline', notBefore: at(20) }),
        work('clock/p3', 'r1', { kind: 'deadline', notBefore: at(90) }),
        work('digest/r1', 'r1', { kind: 'digest', notBefore: at(91) }),
      ];
      await store.apply(changes({ referral: newReferral('r1'), work: lines }));
      expect((await store.standing(at(9))).work).toEqual([]);
      expect((await store.standing(at(30))).work).toEqual([
        { kind: 'deadline', status: 'ready', count: 2, since: at(10) },
      ]);
      expect(inOrder((await store.standing(at(91))).work)).toEqual([
        { kind: 'deadline', status: 'ready', count: 3, since: at(10) },
        { kind: 'digest', status: 'ready', count: 1, since: at(91) },
      ]);
    });

    it('counts open holds by kind', async () => {
      const { store } = await fresh();
      const holds = [
        hold('h1', { openedAt: at(2) }),
        hold('h2', { openedAt: at(1) }),
        hold('h3', { kind: 'no-route' }),
        hold('h4', { kind: 'not-kept' }),
      ];
      await store.apply(changes({ holds }));
      await store.resolveHold('h4', 'user:ann', 'seen to', 'abandon', changes());
      const { holds: open } = await store.standing(at(3));
      expect([...open].sort((a, b) => a.kind.localeCompare(b.kind))).toEqual([
        { kind: 'no-route', count: 1, since: AT },
        { kind: 'unmapped-code', count: 2, since: at(1) },
      ]);
    });

    it('counts loops that are late by who owes, each loop once', async () => {
      const { store } = await fresh();
      const owed = (id: string, more: Parameters<typeof promise>[1]) => promise(id, { dueAt: at(10), ...more });
      await store.apply(
        changes({
          referral: newReferral('r1', { nextDueAt: at(10) }),
          promises: [
            owed('p1', {}),
            owed('p2', { dueAt: at(20) }),
            owed('p3', { owedBy: 'hearback', dueAt: at(15) }),
            owed('p4', { owedBy: 'springboard', keptAt: at(1) }),
            owed('p5', { owedBy: 'springboard', releasedAt: at(1) }),
            owed('p6', { owedBy: 'springboard', dueAt: at(60) }),
          ],
        }),
      );
      const second = newReferral('r2', { nextDueAt: at(5) });
      await store.apply(changes({ referral: second, promises: [owed('q1', { referral: 'r2', dueAt: at(5) })] }));
      expect((await store.standing(at(5))).late).toEqual([]);
      const { late } = await store.standing(at(30));
      expect([...late].sort((a, b) => a.owedBy.localeCompare(b.owedBy))).toEqual([
        { owedBy: 'casework', count: 2, since: at(5) },
        { owedBy: 'hearback', count: 1, since: at(15) },
      ]);
    });
  });
}

function byStatus<T extends { readonly status: string }>(lines: readonly T[]): T[] {
  return [...lines].sort((a, b) => a.status.localeCompare(b.status));
}

function inOrder<T extends { readonly kind: string; readonly partner?: string }>(lines: readonly T[]): T[] {
  const key = ({ kind, partner = '' }: T) => `${kind}/${partner}`;
  return [...lines].sort((a, b) => key(a).localeCompare(key(b)));
}

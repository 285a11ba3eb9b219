import { describe, expect, it } from '@jest/globals';
import type { OverviewQuery } from '../../../src/ports-console.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { AT, at, changes, entry, newReferral, promise, task } from './samples.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

/** How the loops stand, for the console's first page. */
export function overviewContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);
  const query: OverviewQuery = { now: AT, since: '2026-10-20T00:00:00.000Z', heardOf: [], longest: 9 };
  const nothing = { open: [], late: [], longestLate: [], opened: [], closed: [], heard: [] };

  interface Made {
    readonly state?: string;
    /** Minutes before now. */
    readonly age: number;
    readonly platforms?: readonly string[];
    readonly status?: 'open' | 'closed';
    readonly dueAt?: string;
  }

  const make = async (
    store: WholeRecord,
    id: string,
    { state, age, platforms = ['casework'], status = 'open', dueAt }: Made,
  ) => {
    const value = `https://hearback.example/fhir/CodeSystem/loop-state|${state}`;
    const index =
      state === undefined
        ? []
        : [
            { param: 'business-status', value },
            { param: 'status', value: '|requested' },
          ];
    const parent = task(`${id}-task`, 1, { referral: id, index });
    const next = { openedAt: at(-age), platforms, status, ...(dueAt !== undefined && { nextDueAt: dueAt }) };
    await store.apply(changes({ referral: newReferral(id, next), resources: [parent] }));
  };

  describe('the overview', () => {
    it('is nothing in an empty record', async () => {
      const { store } = await fresh();
      expect(await store.overview(query)).toEqual(nothing);
      expect(await store.overview({ ...query, partners: ['casework'], heardOf: ['casework'] })).toEqual(nothing);
    });

    it('counts open loops by state and age', async () => {
      const { store } = await fresh();
      await make(store, 'r1', { state: 'accepted', age: HOUR });
      await make(store, 'r2', { state: 'accepted', age: 23 * HOUR });
      await make(store, 'r3', { state: 'accepted', age: DAY });
      await make(store, 'r4', { state: 'in-progress', age: 8 * DAY });
      await make(store, 'r5', { state: 'in-progress', age: 30 * DAY });
      await make(store, 'r6', { age: 300 * DAY });
      await make(store, 'r7', { state: 'completed', age: HOUR, status: 'closed' });
      const { open } = await store.overview(query);
      expect([...open].sort((one, other) => (one.state + one.age < other.state + other.age ? -1 : 1))).toEqual([
        { state: 'accepted', age: 'day', count: 2 },
        { state: 'accepted', age: 'week', count: 1 },
        { state: 'in-progress', age: 'month', count: 1 },
        { state: 'in-progress', age: 'quarter', count: 1 },
        { state: 'requested', age: 'older', count: 1 },
      ]);
    });

    it('says who owes what is late, each loop once, and names what is late the longest', async () => {
      const { store } = await fresh();
      await make(store, 'r1', { state: 'accepted', age: DAY, dueAt: at(-30) });
      await make(store, 'r2', { state: 'accepted', age: DAY, dueAt: at(-10) });
      await make(store, 'r3', { state: 'accepted', age: DAY, dueAt: at(10) });
      const owed = [
        promise('p1', { referral: 'r1', dueAt: at(-30) }),
        promise('p2', { referral: 'r1', dueAt: at(-20), kind: 'outcome' }),
        promise('p3', { referral: 'r1', dueAt: at(-25), owedBy: 'hearback', kind: 'tell-gp' }),
        promise('p4', { referral: 'r2', dueAt: at(-10) }),
        promise('p5', { referral: 'r2', dueAt: at(-99), keptAt: at(-100), keptAs: 'business' }),
        promise('p6', { referral: 'r2', dueAt: at(-99), releasedAt: at(-100), releasedWhy: 'overtaken' }),
        promise('p7', { referral: 'r3', dueAt: at(10) }),
      ];
      await store.apply(changes({ promises: owed }));
      const { late, longestLate } = await store.overview({ ...query, longest: 3 });
      expect([...late].sort((one, other) => (one.owedBy < other.owedBy ? -1 : 1))).toEqual([
        { owedBy: 'casework', count: 2, since: at(-30) },
        { owedBy: 'hearback', count: 1, since: at(-25) },
      ]);
      expect(longestLate).toEqual([
        { referral: 'r1', kind: 'decide', owedBy: 'casework', dueAt: at(-30) },
        { referral: 'r1', kind: 'tell-gp', owedBy: 'hearback', dueAt: at(-25) },
        { referral: 'r1', kind: 'outcome', owedBy: 'casework', dueAt: at(-20) },
      ]);
    });

    it('counts what was opened and closed by day, from the day on that was asked for', async () => {
      const { store } = await fresh();
      /* Ids as the engine makes them: they begin with the time. */
      const id = (instant: string, number: number) => {
        const hex = Date.parse(instant).toString(16).padStart(12, '0');
        return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-00000000000${number}`;
      };
      const opened = [
        '2026-10-19T23:59:59.999Z',
        '2026-10-20T00:00:00.000Z',
        '2026-11-02T08:00:00.000Z',
        '2026-11-02T08:30:00.000Z',
      ];
      for (const [number, openedAt] of opened.entries()) {
        await store.apply(changes({ referral: newReferral(id(openedAt, number), { openedAt }) }));
      }
      const closed = (instant: string, number: number) =>
        entry('loop.closed', { at: instant, referral: id(opened[number] ?? '', number) });
      await store.apply(
        changes({
          journal: [
            closed('2026-10-19T10:00:00.000Z', 0),
            closed('2026-10-21T10:00:00.000Z', 1),
            closed('2026-11-02T08:10:00.000Z', 2),
            /* Opened again by a late result, and closed once more: still one loop. */
            closed('2026-11-02T08:20:00.000Z', 2),
            entry('loop.opened', { at: '2026-11-02T08:10:00.000Z' }),
          ],
        }),
      );
      expect(await store.overview(query)).toMatchObject({
        opened: [
          { day: '2026-10-20', count: 1 },
          { day: '2026-11-02', count: 2 },
        ],
        closed: [
          { day: '2026-10-21', count: 1 },
          { day: '2026-11-02', count: 1 },
        ],
      });
    });

    it('says when each partner was last heard of, and nothing of one that never was', async () => {
      const { store } = await fresh();
      const said = (actor: string, minutes: number) => entry('message.received', { actor, at: at(minutes) });
      await store.apply(changes({ journal: [said('casework', 5), said('casework', 3), said('elm-tree', 1)] }));
      const { heard } = await store.overview({ ...query, heardOf: ['elm-tree', 'springboard', 'casework'] });
      expect(heard).toEqual([
        { partner: 'elm-tree', at: at(1) },
        { partner: 'casework', at: at(5) },
      ]);
    });

    it('has for a user who is limited to partners only the loops of these', async () => {
      const { store } = await fresh();
      await make(store, 'r1', { state: 'accepted', age: HOUR, dueAt: at(-30) });
      await make(store, 'r2', { state: 'accepted', age: HOUR, dueAt: at(-20), platforms: ['springboard'] });
      await store.apply(
        changes({
          promises: [
            promise('p1', { referral: 'r1', dueAt: at(-30), owedBy: 'hearback' }),
            promise('p2', { referral: 'r2', dueAt: at(-20), owedBy: 'hearback' }),
          ],
          journal: ['r1', 'r2'].map((referral) => entry('loop.closed', { referral })),
        }),
      );
      const theirs = async (...partners: string[]) => {
        const { open, late, longestLate, opened, closed } = await store.overview({ ...query, partners });
        return {
          open: open.map(({ count }) => count),
          late,
          named: longestLate.map(({ referral }) => referral),
          opened,
          closed,
        };
      };
      const day = [{ day: '2026-11-02', count: 1 }];
      expect(await theirs('springboard')).toEqual({
        open: [1],
        late: [{ owedBy: 'hearback', count: 1, since: at(-20) }],
        named: ['r2'],
        opened: day,
        closed: day,
      });
      expect((await theirs('elm-tree')).open).toEqual([2]);
      expect((await theirs('casework', 'springboard')).open).toEqual([2]);
      expect(await theirs('riverside')).toEqual({ open: [], late: [], named: [], opened: [], closed: [] });
      expect(await theirs()).toEqual({ open: [], late: [], named: [], opened: [], closed: [] });
    });
  });
}

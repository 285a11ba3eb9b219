import { describe, expect, it } from '@jest/globals';
import type { SearchEntry } from '../../../src/core/referral.ts';
import type { ResourceQuery, SearchCondition } from '../../../src/ports-queries.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { at, changes, newReferral, task } from './samples.ts';

/** The searches that GP systems poll with. */
export function searchingContract(makePlace: MakePlace): void {
  describe('searching', () => {
    const fresh = freshStores(makePlace);
    const is = (param: string, ...values: string[]): SearchCondition => ({ param, values, compare: 'equal' });
    const entries = (record: Record<string, string[]>): SearchEntry[] =>
      Object.entries(record).flatMap(([param, values]) => values.map((value) => ({ param, value })));
    const ask = (store: Store, where: SearchCondition[], more: Partial<ResourceQuery> = {}) =>
      store.search({ type: 'Task', where, referrer: 'elm-tree', limit: 100, ...more });
    const ids = async (store: Store, where: SearchCondition[], more: Partial<ResourceQuery> = {}) =>
      (await ask(store, where, more)).resources.map(({ id }) => id);

    /** t1 to t4 of elm-tree, last updated minute by minute, and tx of another practice. */
    async function filled(): Promise<Store> {
      const { store } = await fresh();
      const codes = ['http://snomed.info/sct|1', 'http://snomed.info/sct|2', 'urn:local|1', 'plain'];
      const tasks = codes.map((code, index) =>
        task(`t${index + 1}`, 1, {
          lastUpdated: at(index),
          index: entries({
            status: [index < 2 ? 'requested' : 'completed'],
            patient: [`Patient/${index % 2}`],
            code: [code, code],
            authored: [at(index)],
            ...(index === 3 ? { owner: ['Organization/9'] } : {}),
          }),
        }),
      );
      await store.apply(changes({ referral: newReferral('r1'), resources: tasks }));
      const foreign = task('tx', 1, {
        referral: 'r2',
        index: entries({ status: ['requested'], patient: ['Patient/0'] }),
      });
      await store.apply(changes({ referral: newReferral('r2', { referrer: 'oak-road' }), resources: [foreign] }));
      return store;
    }

    it('finds only what the asker referred', async () => {
      const store = await filled();
      expect(await ids(store, [])).toEqual(['t1', 't2', 't3', 't4']);
      expect(await ids(store, [], { referrer: 'oak-road' })).toEqual(['tx']);
      expect(await ids(store, [is('status', 'requested')])).toEqual(['t1', 't2']);
      expect(await ids(store, [is('_id', 'tx')])).toEqual([]);
      expect(await ids(store, [], { referrer: 'nobody' })).toEqual([]);
    });

    it('finds only the type asked for', async () => {
      const store = await filled();
      expect(await ids(store, [is('status', 'requested')], { type: 'ServiceRequest' })).toEqual([]);
    });

    it('wants every condition, and within one any value', async () => {
      const store = await filled();
      expect(await ids(store, [is('status', 'requested', 'completed'), is('patient', 'Patient/1')])).toEqual([
        't2',
        't4',
      ]);
      expect(await ids(store, [is('status', 'completed'), is('patient', 'Patient/1')])).toEqual(['t4']);
      expect(await ids(store, [is('status', 'requested'), is('status', 'completed')])).toEqual([]);
      expect(await ids(store, [is('status')])).toEqual([]);
    });

    it('compares whole values, or only codes', async () => {
      const store = await filled();
      const code = (...values: string[]): SearchCondition => ({ param: 'code', values, compare: 'code' });
      expect(await ids(store, [is('code', 'http://snomed.info/sct|1')])).toEqual(['t1']);
      expect(await ids(store, [is('code', '1')])).toEqual([]);
      expect(await ids(store, [code('1')])).toEqual(['t1', 't3']);
      expect(await ids(store, [code('plain')])).toEqual(['t4']);
      expect(await ids(store, [code('http://snomed.info/sct|1')])).toEqual([]);
      expect(await ids(store, [is('patient', 'Patient/0'), code('2', '1')])).toEqual(['t1', 't3']);
    });

    it.each([
      ['ge', ['t2', 't3', 't4']],
      ['gt', ['t3', 't4']],
      ['le', ['t1', 't2']],
      ['lt', ['t1']],
    ] as const)('compares instants: %s', async (compare, expected) => {
      const store = await filled();
      expect(await ids(store, [{ param: 'authored', values: [at(1)], compare }])).toEqual(expected);
      expect(await ids(store, [{ param: '_lastUpdated', values: [at(1)], compare }])).toEqual(expected);
      expect(await ids(store, [{ param: 'never', values: [at(1)], compare }])).toEqual([]);
    });

    it('knows what is missing and what is present', async () => {
      const store = await filled();
      expect(await ids(store, [{ param: 'owner', values: [], compare: 'missing' }])).toEqual(['t1', 't2', 't3']);
      expect(await ids(store, [{ param: 'owner', values: [], compare: 'present' }])).toEqual(['t4']);
    });

    it('finds by id and by last update without entries for them', async () => {
      const store = await filled();
      expect(await ids(store, [is('_id', 't3', 't1')])).toEqual(['t1', 't3']);
      expect(await ids(store, [is('_lastUpdated', at(2))])).toEqual(['t3']);
      expect(await ids(store, [is('_id', 't3'), is('status', 'requested')])).toEqual([]);
    });

    it('forgets what a resource was found by before', async () => {
      const store = await filled();
      await store.apply(
        changes({ resources: [task('t1', 2, { lastUpdated: at(9), index: entries({ status: ['completed'] }) })] }),
      );
      expect(await ids(store, [is('status', 'requested')])).toEqual(['t2']);
      expect(await ids(store, [is('status', 'completed')])).toEqual(['t3', 't4', 't1']);
      expect(await ids(store, [is('patient', 'Patient/0')])).toEqual(['t3']);
    });

    it('finds a resource by what its last version says, whatever stayed, went and came back before', async () => {
      const { store } = await fresh();
      const says = (version: number, record: Record<string, string[]>) =>
        task('t1', version, { lastUpdated: at(version), index: entries(record) });
      const first = says(1, { status: ['requested'], code: ['urn:a|1', 'urn:b|1'], owner: ['x\0'] });
      await store.apply(changes({ referral: newReferral('r1'), resources: [first] }));
      // Two in one step, then two in one turn: each is written from what the one before it left.
      const second = says(2, { status: ['accepted'], code: ['urn:b|1'], owner: ['x\0', 'x\uFFFD'] });
      const third = says(3, { status: ['requested'], code: ['urn:a|1', 'urn:b|1'], owner: ['x\uFFFD'] });
      await store.apply(changes({ resources: [second, third] }));
      await expectFoundBy(store, third.index);
      const fourth = says(4, { status: ['completed'], code: ['urn:b|1', 'urn:c|1'] });
      const fifth = says(5, { status: ['completed'], code: ['urn:c|1', 'urn:a|1'], owner: ['x\uFFFD'] });
      await Promise.all([fourth, fifth].map((one) => store.apply(changes({ resources: [one] }))));
      await expectFoundBy(store, fifth.index);
    });

    async function expectFoundBy(store: Store, index: readonly SearchEntry[]): Promise<void> {
      const asked = entries({
        status: ['requested', 'accepted', 'completed'],
        code: ['urn:a|1', 'urn:b|1', 'urn:c|1'],
        owner: ['x\uFFFD'],
      });
      const names = (list: readonly SearchEntry[]) => list.map(({ param, value }) => `${param} ${value}`).sort();
      const found: SearchEntry[] = [];
      for (const entry of asked) {
        if ((await ids(store, [is(entry.param, entry.value)])).length > 0) found.push(entry);
      }
      expect(names(found)).toEqual(names(index));
    }

    it('pages by last update, then id, and gives the total of all pages', async () => {
      const store = await filled();
      await store.apply(changes({ resources: [task('t0', 1, { lastUpdated: at(1) })] }));
      const first = await ask(store, [], { limit: 2 });
      expect(first.resources.map(({ id }) => id)).toEqual(['t1', 't0']);
      expect(first.total).toBe(5);
      const second = await ask(store, [], { limit: 2, after: first.next ?? '' });
      expect(second.resources.map(({ id }) => id)).toEqual(['t2', 't3']);
      const third = await ask(store, [], { limit: 2, after: second.next ?? '' });
      expect(third.resources.map(({ id }) => id)).toEqual(['t4']);
      expect([third.total, third.next]).toEqual([5, undefined]);
    });

    it('misses nothing and repeats nothing while rows are added between pages', async () => {
      const store = await filled();
      const seen: string[] = [];
      let after: string | undefined;
      for (let round = 0; round < 4; round += 1) {
        const page = await ask(store, [is('status', 'requested', 'completed')], {
          limit: 2,
          ...(after === undefined ? {} : { after }),
        });
        seen.push(...page.resources.map(({ id }) => id));
        await store.apply(
          changes({
            resources: [
              task(`u${round}`, 1, { lastUpdated: at(10 + round), index: entries({ status: ['completed'] }) }),
            ],
          }),
        );
        after = page.next;
        if (after === undefined) break;
      }
      expect(seen).toEqual(['t1', 't2', 't3', 't4', 'u0', 'u1']);
    });

    it('gives only the total when the limit is none', async () => {
      const store = await filled();
      expect(await ask(store, [is('status', 'requested')], { limit: 0 })).toEqual({ total: 2, resources: [] });
    });

    it('finds values of any length', async () => {
      const store = await filled();
      const long = `urn:long|${'9'.repeat(20_000)}`;
      await store.apply(changes({ resources: [task('t9', 1, { index: entries({ code: [long, `${long}0`] }) })] }));
      expect(await ids(store, [is('code', long)])).toEqual(['t9']);
      expect(await ids(store, [is('code', `${long}1`)])).toEqual([]);
    });

    it('takes every value as a value', async () => {
      const store = await filled();
      expect(await ids(store, [is("status' or '1'='1", "x') or ('1'='1")])).toEqual([]);
      expect(await ids(store, [is('status', '%', '*', '["requested"]')])).toEqual([]);
    });
  });
}

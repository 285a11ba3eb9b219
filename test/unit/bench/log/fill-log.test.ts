import { describe, expect, it } from '@jest/globals';
import { askedOf, ENTRIES_A_LOOP, fillLog } from '../../../../bench/log/fill-log.ts';
import { percentiles } from '../../../../bench/log/timed.ts';
import { unfitWords } from '../../../../src/core/audit/detail-words.ts';
import { freshStores } from '../../../contract/store/place.ts';
import { sqlitePlaces } from '../../../contract/store/sqlite-place.ts';

describe('the log that is measured', () => {
  const fresh = freshStores(sqlitePlaces(false));

  it('has so many entries a loop, fit to be written, and is found by what is asked', async () => {
    const { store } = await fresh();
    await fillLog(store, 3, () => {});
    const { entries } = await store.searchLog({ limit: 1_000 });

    expect(entries).toHaveLength(3 * ENTRIES_A_LOOP);
    expect(entries.flatMap(({ actor, detail }) => unfitWords(actor, detail))).toEqual([]);
    const { patient, reference, since, until } = askedOf(1);
    expect(await store.logSubjects({ patient })).toMatchObject({ referrals: ['r-000000001'] });
    expect(await store.logSubjects({ reference })).toMatchObject({ referrals: ['r-000000001'] });
    expect((await store.searchLog({ since, until, limit: 9 })).entries.length).toBe(9);
  });
});

describe('percentiles', () => {
  it('are the smallest values that so many do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, place) => 100 - place);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95 });
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7 });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventKind } from '../../../../src/core/loop/event.ts';
import { stageOf } from '../../../../src/core/outcomes/funnel.ts';
import type { Measurement } from '../../../../src/core/outcomes/measurement.ts';
import { countOutcomes, outcomeFigures } from '../../../../src/core/outcomes/outcome-figures.ts';
import type { ReferralFacts } from '../../../../src/core/outcomes/outcome-measures.ts';
import { USUAL_WINDOW } from '../../../../src/core/outcomes/pairs.ts';
import { instrumentOf } from '../../../fixtures/instruments/shipped.ts';

const instrument = instrumentOf('wemwbs');
const [score] = instrument.scores;
if (score === undefined) throw new Error('a score');
const KEY = `wemwbs/${score.id}`;
const asked = { window: USUAL_WINDOW, under: 5 };

type Taken = readonly [day: string, value: number, stage?: 'follow-up'];
let number = 0;
function referral(more: Partial<ReferralFacts> & { readonly taken?: readonly Taken[] } = {}): ReferralFacts {
  number += 1;
  const { taken = [], ...others } = more;
  const measurements = taken.map(
    ([day, value, stage]): Measurement => ({ instrument, score: score as never, day, value, ...(stage && { stage }) }),
  );
  return {
    referral: `r${number}`,
    openedAt: '2026-05-01T09:00:00.000Z',
    open: true,
    state: 'in-progress',
    held: false,
    person: `p${number}`,
    measurements,
    referrer: 'elm-tree',
    platforms: ['casework'],
    stage: 'started',
    outcome: false,
    reasons: [],
    ...others,
  };
}
const many = (count: number, more: Parameters<typeof referral>[0] = {}) =>
  Array.from({ length: count }, () => referral(more));

describe('how far a referral has come', () => {
  it.each([
    ['nobody has it', { platforms: [], state: 'requested' }, 'referred'],
    ['a platform has it', { state: 'requested' }, 'sent'],
    ['it was declined before anybody said yes', { state: 'declined', said: ['declined'] }, 'sent'],
    ['it was accepted', { state: 'accepted', said: ['accepted'] }, 'accepted'],
    ['it waits, which nobody does without a yes', { state: 'waiting', said: ['waiting'] }, 'accepted'],
    ['help has begun', { state: 'declined', said: ['in-progress', 'declined'] }, 'started'],
    ['help was given', { state: 'completed', said: ['completed'] }, 'helped'],
    ['and the GP’s record has it', { state: 'completed', said: ['completed'], status: 'closed' }, 'told'],
  ] as const)('%s', (_, one, stage) => {
    const said = new Set<EventKind>('said' in one ? one.said : []);
    expect(stageOf({ platforms: ['casework'], status: 'open', ...one, said })).toBe(stage);
  });
});

describe('figures of a period', () => {
  it('count referrals by how far they came, why they were made and how they stand, for everybody and each partner', async () => {
    const figures = await outcomeFigures(
      [
        ...many(6, { reasons: ['s|housing'], stage: 'told', state: 'completed', open: false, outcome: true }),
        ...many(7, { referrer: 'riverside', stage: 'sent', state: 'declined', open: false, reasons: ['s|debt'] }),
        ...many(8, { referrer: 'riverside', platforms: ['casework', 'garden'], reasons: ['s|housing', 's|debt'] }),
        referral({ state: 'entered-in-error', open: false }),
      ],
      asked,
    );
    expect(figures.scopes).toEqual([
      ...['all', 'practice:elm-tree', 'practice:riverside'],
      ...['platform:casework', 'platform:garden'],
    ]);
    const of = (scope: (typeof figures.scopes)[number], ...measures: string[]) =>
      measures.map((measure) => figures.count(scope, measure));
    expect(of('all', 'referrals', 'reached:sent', 'reached:started', 'reached:told', 'stopped:started')).toEqual([
      ...[21, 21, 14, 6, 8],
    ]);
    expect(of('practice:riverside', 'referrals', 'reached:started', 'stands:open', 'stands:declined')).toEqual([
      ...[15, 8, 8, 7],
    ]);
    expect(of('platform:garden', 'referrals', 'reason:s|housing')).toEqual([8, 8]);
    expect(figures.reasons).toEqual(['s|debt', 's|housing']);
    expect(figures.behind('practice:elm-tree', 'reached:told')).toHaveLength(6);
  });

  it('hide no more than what gives a small number away: everybody is printed where one practice is small', async () => {
    const figures = await outcomeFigures(
      [
        ...many(10, { stage: 'sent' }),
        ...many(10, { stage: 'accepted' }),
        ...many(10),
        ...many(4, { stage: 'sent', referrer: 'riverside' }),
        ...many(3, { stage: 'accepted', referrer: 'riverside' }),
        ...many(3, { referrer: 'riverside' }),
      ],
      asked,
    );
    const reached = ['referred', 'sent', 'accepted', 'started'].map((stage) => `reached:${stage}`);
    expect(reached.map((measure) => figures.count('all', measure))).toEqual([40, 40, 26, 13]);
    expect(reached.map((measure) => figures.count('practice:riverside', measure))).toEqual([10, 10, null, null]);
    expect(reached.map((measure) => figures.count('practice:elm-tree', measure))).toEqual([30, 30, null, null]);
    expect(figures.count('practice:riverside', 'stands:open')).toBe(10);
  });

  it('pair persons with themselves, say who is missing and why, and average pairs alone', async () => {
    const figures = await outcomeFigures(
      [
        ...many(5, {
          taken: [
            ['2026-05-02', 30],
            ['2026-08-02', 42],
          ],
        }),
        ...many(6, { taken: [['2026-05-02', 20]] }),
        ...many(7, { open: false, state: 'declined' }),
      ],
      asked,
    );
    expect(figures.scores.map(({ key }) => key)).toEqual([KEY]);
    expect(figures.means('all', KEY)).toEqual({ before: 30, after: 42, change: 12 });
    expect(figures.meanOfUnpaired('all', KEY)).toBe(20);
    const counts = ['pair', 'better', 'only-before', 'neither', 'why-declined', 'why-no-follow-up-yet'];
    expect(counts.map((name) => figures.count('all', `${KEY}:${name}`))).toEqual([5, 5, 6, 7, 7, 6]);
  });

  it('print no mean of too few, nor one from which theirs follows', async () => {
    const pair: Taken[] = [
      ['2026-05-02', 30],
      ['2026-08-02', 42],
    ];
    const figures = await outcomeFigures(
      [
        ...many(2, { taken: pair }),
        ...many(9, { referrer: 'riverside', taken: pair }),
        ...many(20, { referrer: 'ash', taken: pair }),
      ],
      asked,
    );
    expect(figures.means('practice:elm-tree', KEY)).toBeNull();
    expect(figures.means('practice:riverside', KEY)).toBeNull();
    expect(figures.means('practice:ash', KEY)).toMatchObject({ before: 30 });
    expect(figures.behind('practice:elm-tree', `${KEY}:pair`)).toBeUndefined();
    expect(figures.behind('practice:riverside', `${KEY}:pair`)).toBeUndefined();
  });
});

/* ------------------------------------------------------------------ nothing adds up behind our back */

const anything = fc.record({
  referrer: fc.constantFrom('elm-tree', 'riverside'),
  platforms: fc.constantFrom([], ['casework'], ['casework', 'garden']),
  reasons: fc.constantFrom([], ['s|debt'], ['s|debt', 's|housing']),
  outcome: fc.boolean(),
  said: fc.constantFrom(...(['requested', 'accepted', 'in-progress', 'completed', 'declined'] as const)),
  closed: fc.boolean(),
  person: fc.option(fc.constantFrom('p1', 'p2', 'p3'), { nil: undefined, freq: 3 }),
  taken: fc.constantFrom<Taken[]>(
    [],
    [['2026-05-02', 30]],
    [
      ['2026-05-02', 30],
      ['2026-08-02', 32],
    ],
    [
      ['2026-05-02', 30],
      ['2026-08-02', 20],
    ],
    [
      ['2026-05-02', 30],
      ['2026-08-02', 50],
    ],
    [
      ['2026-05-02', 30],
      ['2026-08-02', 30],
    ],
    [['2025-05-02', 30]],
    [['2026-08-02', 50, 'follow-up']],
    [
      ['2026-05-02', 30],
      ['2028-05-02', 20],
    ],
  ),
});
const facts = fc.array(anything, { minLength: 1, maxLength: 30 }).map((all) =>
  all.map(({ said, closed, person, ...one }) => {
    const open = said !== 'completed' && said !== 'declined';
    const status = closed && !open ? 'closed' : 'open';
    return referral({
      ...one,
      ...(person && { person }),
      state: said,
      open,
      stage: stageOf({ ...one, status, state: said, said: new Set([said]) }),
    });
  }),
);

describe('what figures tell of each other', () => {
  it('is what their sums say', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const { counts, publications } = countOutcomes(all, USUAL_WINDOW);
        const sums = publications.flatMap((one) => one.sums);
        const of = (id: string) => counts.get(id) ?? 0;
        const wrong = sums.filter(({ whole, parts }) => of(whole) !== parts.reduce((sum, id) => sum + of(id), 0));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('and nothing else: no other sum of theirs holds in every period', () => {
    const periods = fc.sample(
      fc.array(facts, { minLength: 20, maxLength: 20 }).map((some) => some.flat()),
      { numRuns: 360, seed: 7 },
    );
    const each = periods.map((all) => {
      const { counts, publications } = countOutcomes(all, USUAL_WINDOW);
      return { counts, sums: publications.flatMap(({ sums }) => sums) };
    });
    // Where a word occurs in one period and not in another they have other sums: those that have all words are compared.
    const nameOf = (one: (typeof each)[number]) =>
      JSON.stringify(one.sums.map(({ whole, parts }) => `${whole}=${[...parts].sort().join('+')}`).sort());
    const richest = each.reduce((most, one) => (one.sums.length > most.sums.length ? one : most));
    const counted = each.filter((one) => nameOf(one) === nameOf(richest));
    const ids = [...new Set(counted.flatMap(({ counts }) => [...counts.keys()]))];
    const position = new Map(ids.map((id, at) => [id, at]));
    const sums = new Map(counted.flatMap((one) => one.sums).map((sum) => [JSON.stringify(sum), sum]));
    const declared = [...sums.values()].map(({ whole, parts }) => {
      const row = new Array<number>(ids.length).fill(0);
      const add = (id: string, times: number) => {
        const at = position.get(id);
        if (at !== undefined) row[at] = (row[at] ?? 0) + times;
      };
      add(whole, 1);
      for (const part of parts) add(part, -1);
      return row;
    });
    const data = counted.map(({ counts }) => ids.map((id) => counts.get(id) ?? 0));
    expect(rankOf(data) + rankOf(declared)).toBe(ids.length);
  });
});

/** Rank of a matrix of small whole numbers, in a field whose prime none of them reaches. */
function rankOf(matrix: readonly (readonly number[])[]): number {
  const PRIME = 1_000_003;
  const modulo = (value: number) => ((value % PRIME) + PRIME) % PRIME;
  const power = (base: number, exponent: number): number => {
    if (exponent === 0) return 1;
    const half = power(base, Math.floor(exponent / 2));
    return modulo(modulo(half * half) * (exponent % 2 === 1 ? base : 1));
  };
  const rows: number[][] = [];
  for (const given of matrix) {
    let row = given.map(modulo);
    for (const known of rows) {
      const pivot = known.findIndex((value) => value !== 0);
      const times = row[pivot] ?? 0;
      if (times !== 0) row = row.map((value, at) => modulo(value - times * (known[at] ?? 0)));
    }
    const pivot = row.findIndex((value) => value !== 0);
    if (pivot < 0) continue;
    const by = power(row[pivot] ?? 1, PRIME - 2);
    rows.push(row.map((value) => modulo(value * by)));
  }
  return rows.length;
}

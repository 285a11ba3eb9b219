import { describe, expect, it } from '@jest/globals';
import type { Measurement } from '../../../../src/core/outcomes/measurement.ts';
import { type PersonOutcomes, pairOf, USUAL_WINDOW } from '../../../../src/core/outcomes/pairs.ts';
import { summarisePairs } from '../../../../src/core/outcomes/summarise-pairs.ts';
import { suppressed } from '../../../../src/core/outcomes/suppress.ts';
import { instrumentOf } from '../../../fixtures/instruments/shipped.ts';

const instrument = instrumentOf('wemwbs');
const [score] = instrument.scores;
if (score === undefined) throw new Error('a score');

type Taken = readonly [day: string, value: number, stage?: 'baseline' | 'follow-up'];
const measured = (taken: readonly Taken[]): Measurement[] =>
  taken.map(([day, value, stage]) => ({ instrument, score, day, value, ...(stage && { stage }) }));
const person = (taken: readonly Taken[], more: Partial<PersonOutcomes> = {}): PersonOutcomes => ({
  person: JSON.stringify([taken, more]),
  measurements: measured(taken),
  referredOn: '2026-01-10',
  state: 'in-progress',
  open: true,
  held: false,
  ...more,
});
const paired = (one: PersonOutcomes, window = USUAL_WINDOW) => pairOf(one, one.measurements, window);

describe('one person', () => {
  it('is paired with the first score and the last', () => {
    const one = person([
      ['2026-07-10', 44],
      ['2026-01-12', 32],
      ['2026-04-01', 38],
    ]);
    expect(paired(one)).toMatchObject({
      kind: 'pair',
      pair: {
        before: { value: 32 },
        after: { value: 44 },
        change: { by: 12, way: 'better', meaningful: { is: true } },
      },
    });
  });

  it('is paired on one day only by what the platform called the scores', () => {
    expect(
      paired(
        person([
          ['2026-01-12', 44, 'follow-up'],
          ['2026-01-12', 32, 'baseline'],
        ]),
      ),
    ).toMatchObject({ pair: { before: { value: 32 }, after: { value: 44 } } });
    expect(
      paired(
        person([
          ['2026-01-12', 32],
          ['2026-01-12', 44],
        ]),
      ),
    ).toMatchObject({ kind: 'only-before' });
  });

  it.each([
    [
      'has a baseline that was taken six months before the referral',
      person([['2025-07-01', 32]]),
      'only-after',
      'baseline-too-old',
    ],
    ['was only asked afterwards', person([['2026-07-01', 44, 'follow-up']]), 'only-after', 'no-baseline'],
    ['is still being seen', person([['2026-01-12', 32]]), 'only-before', 'no-follow-up-yet'],
    [
      'was followed up too late',
      person([
        ['2026-01-12', 32],
        ['2027-12-01', 44],
      ]),
      'only-before',
      'follow-up-outside-window',
    ],
    ['declined', person([], { open: false, state: 'declined' }), 'neither', 'declined'],
    [
      'could not be reached',
      person([['2026-01-12', 32]], { open: false, state: 'could-not-contact' }),
      'only-before',
      'lost',
    ],
    ['was not accepted', person([], { open: false, state: 'rejected' }), 'neither', 'not-accepted'],
    [
      'ended and was not asked again',
      person([['2026-01-12', 32]], { open: false, state: 'completed' }),
      'only-before',
      'ended-without-follow-up',
    ],
    [
      'has a report that waits for a person',
      person([['2026-01-12', 32]], { held: true }),
      'only-before',
      'report-held',
    ],
  ])('%s', (_what, one, kind, why) => expect(paired(one)).toMatchObject({ kind, why }));

  it('has a follow-up within the days that were asked for', () => {
    const one = person([
      ['2026-01-12', 32],
      ['2026-02-01', 36],
      ['2026-07-12', 44],
    ]);
    expect(paired(one, { ...USUAL_WINDOW, from: 14, to: 60 })).toMatchObject({ pair: { after: { value: 36 } } });
    expect(paired(one, { ...USUAL_WINDOW, from: 200 })).toMatchObject({
      kind: 'only-before',
      why: 'follow-up-outside-window',
    });
  });
});

describe('a summary', () => {
  const people = [
    person([
      ['2026-01-12', 30],
      ['2026-07-12', 40],
    ]),
    person([
      ['2026-01-12', 34],
      ['2026-07-12', 48],
    ]),
    // Whoever did not come back began lower: a mean of everybody before would hide that.
    person([['2026-01-12', 20]], { open: false, state: 'could-not-contact' }),
    person([['2026-07-12', 60, 'follow-up']]),
    person([
      ['2026-01-12', 50],
      ['2026-07-12', 41],
    ]),
    person([], { open: false, state: 'declined' }),
  ];
  const [summary] = summarisePairs(people, { window: USUAL_WINDOW });

  it('counts persons and averages pairs alone', () => {
    expect(summary).toMatchObject({
      ...{ instrument: 'wemwbs', score: 'total', base: 6, paired: 3, onlyBefore: 1, onlyAfter: 1, neither: 1 },
      ...{ before: 38, after: 43, change: 5, beforeOfUnpaired: 20 },
      ...{ better: 2, worse: 1, same: 0, meaningfullyBetter: 2, deteriorated: 1 },
      missing: { declined: 1, lost: 1, 'no-baseline': 1 },
      meaningful: { change: 3, source: expect.stringContaining('Bexley') },
    });
  });

  it('names nobody', () => expect(JSON.stringify(summary)).not.toContain(people[0]?.person.slice(0, 12)));

  it('does not print what is too small, nor what would give it away', () => {
    const [hidden] = summarisePairs(people, { window: USUAL_WINDOW, suppressUnder: 5 });
    expect(hidden).toMatchObject({
      base: 6,
      paired: null,
      onlyBefore: null,
      neither: null,
      before: null,
      after: null,
      change: null,
      better: null,
      deteriorated: null,
    });
    expect(suppressed({ a: 3, b: 9, c: 40, d: 0 }, 5)).toEqual({ a: null, b: null, c: 40, d: 0 });
    expect(suppressed({ a: 3, b: 4, c: 40 }, 5)).toEqual({ a: null, b: null, c: 40 });
  });

  it('never pools an instrument with its variant', () => {
    const of = (id: string, value: number): Measurement => {
      const star = instrumentOf(id);
      const [mean] = star.scores;
      if (mean === undefined) throw new Error('a score');
      return { instrument: star, score: mean, day: '2026-01-12', value };
    };
    const both = { ...person([]), measurements: [of('wellbeing-star', 2.5), of('wellbeing-star-merton', 2.5)] };
    expect(
      summarisePairs([both], { window: USUAL_WINDOW }).map((one) => [one.instrument, one.variant, one.onlyBefore]),
    ).toEqual([
      ['wellbeing-star', undefined, 1],
      ['wellbeing-star-merton', 'Merton, printed 0 to 5', 1],
    ]);
  });
});

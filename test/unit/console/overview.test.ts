import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayLines } from '../../../src/console/charts/day-lines.ts';
import { stackedBars } from '../../../src/console/charts/stacked-bars.ts';
import { keptFor } from '../../../src/console/overview/kept-for.ts';
import { viewOverview } from '../../../src/console/overview/view-overview.ts';
import { LOOP_AGES, type Overview } from '../../../src/ports-console.ts';

const NOW = '2026-11-26T08:00:00.000Z';
const PARTNERS = [
  { id: 'riverside', name: 'Riverside Surgery', kind: 'gp-system' },
  { id: 'casework', name: 'Casework', kind: 'vcse-platform' },
] as const;
const NOTHING: Overview = { open: [], late: [], longestLate: [], opened: [], closed: [], heard: [] };
const viewed = (overview: Partial<Overview>) =>
  viewOverview({
    overview: { ...NOTHING, ...overview },
    standing: {
      work: [
        { kind: 'settle', status: 'ready', partner: 'casework', count: 3, since: '2026-11-26T07:00:00.000Z' },
        { kind: 'settle', status: 'claimed', partner: 'casework', count: 1, since: '2026-11-26T07:59:00.000Z' },
        { kind: 'settle', status: 'held', partner: 'casework', count: 2, since: '2026-11-20T07:00:00.000Z' },
        { kind: 'onward', status: 'ready', count: 9, since: NOW },
      ],
      holds: [],
      late: [],
    },
    partners: PARTNERS,
    now: NOW,
  });

describe('the overview', () => {
  it('has a row for each state with all ages, the largest first', () => {
    const { open, states } = viewed({
      open: [
        { state: 'accepted', age: 'day', count: 2 },
        { state: 'in-progress', age: 'older', count: 5 },
        { state: 'accepted', age: 'month', count: 1 },
      ],
    });
    expect(open).toBe(8);
    expect(states.rows).toEqual([
      { state: 'in progress', counts: [0, 0, 0, 0, 5], total: 5 },
      { state: 'accepted', counts: [2, 0, 1, 0, 0], total: 3 },
    ]);
  });

  it('has a row for every one of the last 14 days, also for those on which nothing was done', () => {
    const { days } = viewed({
      opened: [
        { day: '2026-11-13', count: 4 },
        { day: '2026-11-26', count: 1 },
      ],
      closed: [{ day: '2026-11-25', count: 2 }],
    });
    expect(days.rows).toHaveLength(14);
    expect([days.rows[0], days.rows[12], days.rows[13]]).toEqual([
      { day: '2026-11-13', opened: 4, closed: 0 },
      { day: '2026-11-25', opened: 0, closed: 2 },
      { day: '2026-11-26', opened: 1, closed: 0 },
    ]);
    expect([days.opened, days.closed]).toEqual([5, 2]);
  });

  it('names who owes what, us too, and nobody whom the user does not see', () => {
    const late = (owedBy: string, count: number) => ({ owedBy, count, since: '2026-11-25T08:00:00.000Z' });
    const { debtors, longest } = viewed({
      late: [late('hearback', 1), late('casework', 7), late('springboard', 2)],
      longestLate: [{ referral: 'r1', kind: 'decide', owedBy: 'casework', dueAt: '2026-11-24T08:00:00.000Z' }],
    });
    expect(debtors.map(({ name, count }) => [name, count])).toEqual([
      ['Casework', 7],
      ['another partner', 2],
      ['Hearback', 1],
    ]);
    expect(longest).toEqual([
      {
        referral: 'r1',
        href: '/console/loops/r1',
        name: 'Casework',
        owes: 'to say yes or no',
        dueAt: '2026-11-24T08:00:00.000Z',
        span: 2 * 24 * 60 * 60 * 1_000,
      },
    ]);
  });

  it('says of each partner when it was heard of, what waits for it, what is held and what it owes', () => {
    const { partners } = viewed({
      heard: [{ partner: 'casework', at: '2026-11-26T07:30:00.000Z' }],
      late: [{ owedBy: 'casework', count: 7, since: NOW }],
    });
    expect(partners).toEqual([
      { id: 'riverside', name: 'Riverside Surgery', what: 'GP system', waiting: 0, held: 0, late: 0 },
      {
        ...{ id: 'casework', name: 'Casework', what: 'platform', heardAt: '2026-11-26T07:30:00.000Z' },
        ...{ waiting: 4, waitingSpan: 3_600_000, held: 2, late: 7 },
      },
    ]);
  });
});

describe('bars', () => {
  const rows = fc.array(
    fc.record({ label: fc.string(), counts: fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 }) }),
    { maxLength: 20 },
  );

  it('are as long as their numbers, one piece beside the other, inside the picture', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const { bars, width, height } = stackedBars({ rows: given, series: [...LOOP_AGES] });
        const most = Math.max(1, ...given.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)));
        for (const [at, bar] of bars.entries()) {
          expect(bar.y + bar.height).toBeLessThanOrEqual(height);
          let end = 150;
          for (const piece of bar.pieces) {
            const count = given[at]?.counts[piece.series - 1] ?? 0;
            expect(piece.x).toBeCloseTo(end, 0);
            expect(Math.abs(piece.width - (count / most) * 430)).toBeLessThan(0.11);
            end = piece.x + piece.width;
          }
          expect(end).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

describe('lines', () => {
  it('go through every day and stay inside the picture', () => {
    const day = fc.record({ label: fc.string(), counts: fc.array(fc.nat(100_000), { minLength: 2, maxLength: 2 }) });
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 40 }), (days) => {
        const { lines, width, height } = dayLines({ days, series: ['opened', 'closed'] });
        for (const { path } of lines) {
          const points = [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
          expect(points).toHaveLength(days.length);
          for (const [x = -1, y = -1] of points) {
            expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
          }
        }
      }),
    );
  });
});

describe('what is read once for all who ask', () => {
  it('is read again when its time is over, for another key, and after a failure', async () => {
    let now = Date.parse(NOW);
    const asked: string[] = [];
    const read = keptFor(1_000, { now: () => new Date(now) }, async (query: string) => {
      asked.push(query);
      if (query === 'fails') throw new Error('it fails');
      return asked.length;
    });
    expect(await Promise.all([read('a', 'a'), read('a', 'a'), read('b', 'b')])).toEqual([1, 1, 2]);
    now += 1_000;
    expect(await read('a', 'a')).toBe(3);
    await expect(read('c', 'fails')).rejects.toThrow('it fails');
    await expect(read('c', 'fails')).rejects.toThrow('it fails');
    // A clock that was set back must not keep it for ever.
    now -= 3_600_000;
    expect(await read('a', 'a')).toBe(6);
    expect(asked).toEqual(['a', 'b', 'a', 'fails', 'fails', 'a']);
  });
});

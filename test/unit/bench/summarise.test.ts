import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { median, summarise } from '../../../bench/summarise.ts';

describe('median', () => {
  it('is the middle of an odd number of values, whatever their order', () => expect(median([9, 1, 10])).toBe(9));

  it('is the mean of the two in the middle of an even number', () => expect(median([10, 1, 3, 2])).toBe(2.5));

  it('is not a number when there is nothing', () => expect(median([])).toBeNaN());

  it('has as many values below as above it, and leaves the list as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const before = [...values];
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
        expect(values).toEqual(before);
      }),
    );
  });
});

describe('summarise', () => {
  it('gives median, smallest and largest figure of each contender', () => {
    const [one] = summarise([{ name: 'a', rounds: [30, 10, 20] }]);
    expect(one).toMatchObject({ name: 'a', median: 20, min: 10, max: 30, ratio: 1 });
  });

  it('takes ratios within a round, so that a slow round of all does not count', () => {
    const rounds = [100, 10, 100];
    const [, other] = summarise([
      { name: 'a', rounds },
      { name: 'b', rounds: rounds.map((figure) => figure * 3) },
    ]);
    expect(other?.ratio).toBe(3);
  });

  it('shows the middle one of the ratios', () => {
    const [, other] = summarise([
      { name: 'a', rounds: [10, 20, 40] },
      { name: 'b', rounds: [20, 100, 40] },
    ]);
    expect(other).toMatchObject({ ratio: 2, median: 40 });
  });
});

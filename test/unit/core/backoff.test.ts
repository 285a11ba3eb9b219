import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { delayMs } from '../../../src/core/backoff.ts';

const options = { baseMs: 1_000, capMs: 60_000 };
const almostOne = () => 0.999_999;

describe('the wait before the next attempt', () => {
  it('doubles its upper bound with every failure until the cap', () => {
    const bounds = [1, 2, 3, 4, 7, 50].map((attempt) => delayMs(attempt, options, almostOne));
    expect(bounds).toEqual([999, 1_999, 3_999, 7_999, 59_999, 59_999]);
  });

  it('is spread down to nothing, so that what failed together does not return together', () => {
    expect(delayMs(5, options, () => 0)).toBe(0);
    expect(delayMs(5, options, () => 0.5)).toBe(8_000);
  });

  it('is what the receiver asked for when that is longer, and not when it is shorter', () => {
    expect(delayMs(1, options, () => 0.5, 30_000)).toBe(30_000);
    expect(delayMs(5, options, () => 0.5, 10)).toBe(8_000);
  });

  it('is a whole number between nothing and the cap, whatever the attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.record({ baseMs: fc.nat(1e6), capMs: fc.nat(1e8), factor: fc.double({ min: 1, max: 1e9, noNaN: true }) }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (attempt, given, random) => {
          const wait = delayMs(attempt, given, () => random);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(given.capMs);
        },
      ),
    );
  });
});

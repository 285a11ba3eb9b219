import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aimLine, figureOf } from '../../../../bench/loop/compete.ts';
import { percentile } from '../../../../bench/loop/latency.ts';

describe('the figures of the loop benchmark', () => {
  it('say of an aim whether it is reached', () => {
    expect(aimLine('it', 0.5, 0.5)).toBe('aim reached: it at 0.50 (at least 0.5)');
    expect(aimLine('it', 0.499, 0.5)).toContain('missed');
    expect(aimLine('it', Number.NaN, 0.5)).toContain('missed');
  });

  it('are null where nothing was measured', () => {
    expect(figureOf(undefined)).toBeNull();
    expect(figureOf({ name: 'a', rounds: [], median: 12.34, min: 1, max: 20, ratio: 1 })).toBe(12.3);
  });
});

describe('percentile', () => {
  it('is one of the values, and so large a part of them is no larger', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, part) => {
          const found = percentile(values, part);
          expect(values).toContain(found);
          expect(values.filter((value) => value <= found).length / values.length).toBeGreaterThanOrEqual(part - 1e-9);
          const below = values.filter((value) => value < found).length / values.length;
          expect(below).toBeLessThan(part + 1e-9);
        },
      ),
    );
  });

  it('is not a number when there is nothing', () => expect(percentile([], 0.5)).toBeNaN());
});

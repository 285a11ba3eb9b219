import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionsIn } from '../../../../src/core/json/text-position.ts';

describe('positionsIn', () => {
  it('counts lines and columns from one', () => {
    const position = positionsIn('ab\n\ncd');
    expect([0, 1, 2, 3, 4, 5, 6].map((offset) => position(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 3, column: 3 },
    ]);
  });

  it('gives the same answers in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n')), fc.array(fc.nat(30)), (chars, offsets) => {
        const text = chars.join('');
        const shared = positionsIn(text);
        for (const offset of offsets.map((n) => n % (text.length + 1))) {
          const before = text.slice(0, offset).split('\n');
          expect(shared(offset)).toEqual({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
        }
      }),
    );
  });
});

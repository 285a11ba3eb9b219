import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patternOf, topicsOverlap } from '../../../../src/core/amqp/topic-overlap.ts';

/** Whether a pattern takes a key: by a regular expression, a way of its own. */
function takes(pattern: string, key: string): boolean {
  const words = pattern
    .split('.')
    .map((word) => (word === '#' ? '(?:\\.[^.]+)*' : word === '*' ? '\\.[^.]+' : `\\.${word}`));
  return new RegExp(`^${words.join('')}$`).test(key === '' ? '' : `.${key}`);
}

const word = fc.constantFrom('a', 'b');
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom('*', '#')), { minLength: 1, maxLength: 4 })
  .map((w) => w.join('.'));
/** All keys of up to five words. */
const KEYS = Array.from({ length: 6 }, (_, length) =>
  Array.from({ length: 2 ** length }, (_, n) =>
    [...n.toString(2).padStart(length, '0')]
      .slice(0, length)
      .map((b) => (b === '0' ? 'a' : 'b'))
      .join('.'),
  ),
).flat();

describe('two topic patterns', () => {
  it.each([
    ['#', 'casework.person', true],
    ['casework.#', 'casework', true],
    ['casework.*', 'casework', false],
    ['casework.#', 'springboard.#', false],
    ['*.given', 'person.*', true],
    ['#.given', 'person.#', true],
    ['a.b', 'a', false],
  ])('%s and %s', (one, other, overlap) => {
    expect(topicsOverlap(one, other)).toBe(overlap);
    expect(topicsOverlap(other, one)).toBe(overlap);
  });

  it('overlap exactly when some key is taken by both', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const isShared = KEYS.some((key) => takes(one, key) && takes(other, key));
        // A shared key needs no more words than the two patterns have together, less one: five keys may be too short for it.
        if (isShared) expect(topicsOverlap(one, other)).toBe(true);
        else if (one.split('.').length + other.split('.').length <= 5) expect(topicsOverlap(one, other)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a routing key with a place for the type', () => {
  it('may become any words there, since a type has dots of its own', () => {
    expect(patternOf('casework.{type}')).toBe('casework.#');
    expect(patternOf('to-{type}.now')).toBe('#.now');
    expect(patternOf('casework')).toBe('casework');
  });
});

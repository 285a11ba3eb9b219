import { describe, expect, it } from '@jest/globals';
import { numberCodes } from '../../../../src/core/terminology/codes-in-json.ts';

const places = (content: unknown) => numberCodes(content).map(({ place }) => place.expression);

describe('codes that came as numbers', () => {
  it('are found wherever they stand, each with its JSON Pointer', () => {
    const coded = { system: 'http://example.org/s', code: 1 };
    expect(places({ reason: coded, list: [{ system: 'http://example.org/s', code: 'x' }, { deep: coded }] })).toEqual([
      '/reason/code',
      '/list/1/deep/code',
    ]);
    expect(places(coded)).toEqual(['/code']);
  });

  it('have names escaped as RFC 6901 says', () => {
    expect(places({ 'a/b': { 'c~d': { system: 's', code: 2 } } })).toEqual(['/a~1b/c~0d/code']);
  });

  it('inside of one that is a number are found too', () => {
    expect(places({ system: 's', code: 1, part: { system: 's', code: 2 } })).toEqual(['/code', '/part/code']);
  });

  it.each([
    ['text codes', { system: 's', code: '0012' }],
    ['a number without a system', { code: 12 }],
    ['a system that is no text', { system: 1, code: 12 }],
    ['nothing', null],
    ['a text', 'code'],
  ])('are not seen in %s', (_, content) => {
    expect(numberCodes(content)).toEqual([]);
  });

  it('are not looked for without end', () => {
    let nested: unknown = { system: 's', code: 1 };
    for (let depth = 0; depth < 50_000; depth += 1) nested = { nested };
    expect(numberCodes(nested)).toEqual([]);
  });
});

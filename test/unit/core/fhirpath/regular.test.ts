import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePath } from '../../../../src/core/fhirpath/compile-path.ts';
import { regularExpressionFlaw } from '../../../../src/core/fhirpath/regular.ts';

function ask(expression: string, text: string): readonly unknown[] {
  return compilePath(expression).run({ text, pattern: '^a+$' }, {});
}

describe('regular expressions', () => {
  it.each([
    ["text.matches('b')", 'abc', [true]],
    ["text.matches('^b')", 'abc', [false]],
    ["text.matches('a.c')", 'a\nc', [true]],
    ["text.matches('ABC', 'i')", 'abc', [true]],
    ["text.matches('^b$')", 'a\nb', [false]],
    ["text.matches('^b$', 'm')", 'a\nb', [true]],
    ["text.matches('\\\\d{3}')", 'x123', [true]],
    ["text.matches('^\\\\s$')", '\u00a0', [true]],
    ["text.matches('^[\\\\s]$')", '\u2003', [true]],
    ["text.matches('^\\\\S$')", '\u00a0', [false]],
    ["text.matches('\\\\u0041')", 'A', [true]],
    ['text.matches(pattern)', 'aaa', [true]],
    ["text.matchesFull('b')", 'abc', [false]],
    ["text.matchesFull('a|abc')", 'abc', [true]],
    ["text.replaceMatches('[aeiou]', '*')", 'education', ['*d*c*t**n']],
    ["text.replaceMatches('(\\\\d+)-(\\\\d+)', '$2/$1')", '12-34', ['34/12']],
    ["text.replaceMatches('b', '[$&$$]')", 'abc', ['a[b$]c']],
    ["text.replaceMatches('x*', '-')", 'ab', ['-a-b-']],
    ["nothing.matches('a')", '', []],
    ['text.matches({})', 'a', []],
  ])('%s of %j gives %j', (expression, text, expected) => expect(ask(expression, text)).toEqual(expected));

  it('are refused with other flags than i and m', () => expect(() => ask("text.matches('a', 'g')", 'a')).toThrow());

  it('cannot be made to take exponential time by a text', () => {
    const text = `${'a'.repeat(20_000)}!`;
    expect(ask("text.matches('^(a+)+$')", text)).toEqual([false]);
    expect(ask("text.replaceMatches('(a|aa)+$', 'b')", text)).toEqual([text]);
  });

  it('are refused before they run when they are not linear', () => {
    expect(regularExpressionFlaw('^(a+)+$')).toBeUndefined();
    for (const pattern of ['(?=a)', '(?<!a)b', '(a)\\1', '(', 'a{1,100000}']) {
      expect(regularExpressionFlaw(pattern)).toMatch(/RE2/);
    }
  });

  it('find the same as those of JavaScript in simple patterns', () => {
    const pattern = fc.stringMatching(/^[ab]{0,3}(\[ab\]|\(a\|b\)|a\?|b\*|a\+|\.)?[ab]{0,2}\$?$/);
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab\n]{0,8}$/), (written, text) => {
        expect(ask(`text.matches('${written}')`, text)).toEqual([new RegExp(written, 'us').test(text)]);
        expect(ask(`text.replaceMatches('${written}', 'x')`, text)).toEqual([
          text.replace(new RegExp(written, 'gu'), 'x'),
        ]);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readConfig } from '../../../src/config/read.ts';
import { hasErrors } from '../../../src/core/finding.ts';
import { FILE, SOUND, surroundings } from './sound-config.ts';

/** Reading answers with a configuration or with an error, and every finding points into the file. */
function judged(text: string): void {
  const { config, findings } = readConfig(FILE, surroundings(text));
  expect(config === undefined).toBe(hasErrors(findings));
  const lines = text.split(/\r\n|\r|\n/);
  for (const { place } of findings) {
    expect(place.line).toBeGreaterThanOrEqual(1);
    expect(place.line).toBeLessThanOrEqual(Math.max(lines.length, 1));
    expect(place.column).toBeGreaterThanOrEqual(1);
  }
}

const KEYS = [
  'engine',
  'partners',
  'routes',
  'listen',
  'host',
  'id',
  'inlets',
  'outlets',
  'type',
  'secrets',
  'tokens',
  'to',
  'when',
  '__proto__',
  'constructor',
  'x',
];

describe('no text brings the reader down', () => {
  it('any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), judged), { numRuns: 200 });
  });

  it('any mixture of the signs that mean something in YAML', () => {
    const sign = fc.constantFrom(
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '\n',
      '  ',
      '&a ',
      '*a',
      '!',
      '|',
      '>',
      '"',
      "'",
      '#',
      '? ',
      'engine',
      'partners',
      '---',
      '%',
      '<<',
      '\t',
    );
    const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(''));
    fc.assert(fc.property(text, judged), { numRuns: 400 });
  });

  it('any data under the keys that are known', () => {
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.constantFrom('fhir', 'webhook', 'gp-system', 'casework', ''),
      ),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      section: fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 4 }),
      tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie('leaf'), tie('list'), tie('section')),
    }));
    fc.assert(
      fc.property(tree, (data) => judged(stringify(data))),
      { numRuns: 300 },
    );
  });

  it('the sound configuration with any piece cut out', () => {
    const piece = fc.tuple(fc.nat(SOUND.length), fc.nat(40));
    fc.assert(
      fc.property(piece, ([from, length]) => judged(SOUND.slice(0, from) + SOUND.slice(from + length))),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { codeKey, shownCode } from '../../../../src/flow/translation/shown-code.ts';

const SNOMED = 'http://snomed.info/sct';
const WORDS = 'urn:words';

describe('a code in a hold', () => {
  it.each([
    [SNOMED, '267076002'],
    [SNOMED, '871731000000106'],
    [WORDS, 'PHQ-9'],
    [WORDS, 'closedCompleted'],
    [WORDS, 'closed-completed'],
    [WORDS, 'R7'],
  ])('is shown when it looks like one: %s %s', (system, code) => {
    expect(shownCode(system, code)).toContain(code);
    expect(codeKey(system, code)).toBe(code);
  });

  it.each([
    [SNOMED, '267076003'],
    [SNOMED, 'Feeling lonely'],
    [WORDS, '9990000018'],
    [WORDS, '01632 960777'],
    [WORDS, 'Lonely'],
    [WORDS, 'rang Ada lonely'],
    [WORDS, 'Lonely-Okafor'],
    [WORDS, 'mrs lonely'],
    [WORDS, "O'Lonely"],
    [WORDS, 'a'.repeat(41)],
    [WORDS, 'She says that she would rather not be seen by anybody.'],
    [WORDS, ''],
  ])('is not repeated when somebody may have written about a person there: %s %s', (system, code) => {
    expect(shownCode(system, code)).toMatch(/^a code that is not shown here \(sha256 [0-9a-f]{12}…\)$/);
    expect(codeKey(system, code)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('keeps two that are not shown apart', () => {
    expect(codeKey(WORDS, '9990000018')).not.toBe(codeKey(WORDS, '9990000026'));
  });
});

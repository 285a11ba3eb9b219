import { describe, expect, it } from '@jest/globals';
import { judgeCode } from '../../../../src/core/terminology/judge-code.ts';
import { readSnomedIdentifier, withCheckDigit } from '../../../../src/core/terminology/snomed-identifier.ts';
import { zeroed } from '../../../../src/core/terminology/spreadsheet-damage.ts';
import { shippedTerminology } from '../../../fixtures/terminology/shipped.ts';

const SNOMED = 'http://snomed.info/sct';
const READ = 'http://read.info/readv2';
const { codes } = shippedTerminology();
const judge = (code: unknown, display?: string, system = SNOMED) => judgeCode(system, code, display, codes);

describe('a code at a door', () => {
  it('is sound when every check passes, and any text is in a system without a form of its own', () => {
    expect(judge('871731000000106')).toEqual({ verdict: 'sound' });
    expect(judge('871691000000100')).toEqual({ verdict: 'sound' });
    expect(judge('anything at all', undefined, 'urn:words')).toEqual({ verdict: 'sound' });
  });

  it('is refused as a number, with the reason', () => {
    expect(judge(JSON.parse('123456781000000106'))).toMatchObject({ verdict: 'not-text' });
    expect(judge(5, undefined, 'urn:words')).toMatchObject({ verdict: 'not-text' });
  });

  it('that is damaged comes with what it may have been; a display of that decides only where it agrees', () => {
    const damaged = judge('1364141000000100');
    expect(damaged).toMatchObject({ verdict: 'damaged', damage: 'digits-zeroed', unique: true });
    expect(damaged).toMatchObject({ candidates: ['1364141000000107'] });
    expect(damaged).not.toHaveProperty('agreed');
    expect(judge('1364141000000100', 'Unpaid caregiver')).toMatchObject({ agreed: '1364141000000107' });
    expect(judge('1364141000000100', 'UNPAID  caregiver (person)')).toMatchObject({ agreed: '1364141000000107' });
    expect(judge('1364141000000100', 'Lonely')).not.toHaveProperty('agreed');
  });

  it('is not repaired where a digit was lost elsewhere', () => {
    expect(judge('104586100000100')).toMatchObject({ verdict: 'invalid' });
    expect(judge('871731000000110')).toEqual({ verdict: 'invalid', why: 'It names a description, not a concept.' });
    expect(judge('Feeling lonely')).toMatchObject({ verdict: 'invalid' });
  });

  it('that passes by chance is only suspected', () => {
    const harmed = Array.from({ length: 100 }, (_, item) => zeroed(withCheckDigit(`${10_000_000 + item}100000010`)));
    const passing = harmed.filter((code) => readSnomedIdentifier(code).kind === 'valid');
    expect(passing.length).toBeGreaterThan(3);
    for (const code of passing) expect(judge(code)).toMatchObject({ verdict: 'suspect' });
  });

  it('of Read is five characters, case and dots included', () => {
    for (const code of ['918A.', '918a.', '8T09.', '8T09.00', 'XaaEC']) {
      expect([code, judge(code, undefined, READ)]).toEqual([code, { verdict: 'sound' }]);
    }
    expect(judge('1371', undefined, READ)).toMatchObject({ verdict: 'damaged', candidates: ['01371', '1371.'] });
    expect(judge('918A', undefined, READ)).toMatchObject({ verdict: 'invalid' });
  });
});

describe('every long identifier of the starter set, in the cell of a CSV row as a spreadsheet saved it', () => {
  const long = codes.concepts.filter((code) => zeroed(code) !== code);
  const row = (code: string) => ['R-1', zeroed(code), codes.displays(SNOMED, code)[0] ?? ''];

  it.each(long)('%s is caught, proposed and taken only with its display', (code) => {
    const [, cell, display] = row(code);
    expect(judge(cell)).toMatchObject({ verdict: 'damaged', candidates: [code], unique: true });
    if (display) expect(judge(cell, display)).toMatchObject({ agreed: code });
  });
});

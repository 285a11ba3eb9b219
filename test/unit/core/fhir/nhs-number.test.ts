import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNhsNumberSystem, nhsNumberCheckDigit, nhsNumberFault } from '../../../../src/core/fhir/nhs-number.ts';

describe('the NHS number', () => {
  it.each(['9990000018', '9990000026', '9990000034', '9990000042'])('%s has a right check digit', (number) => {
    expect(nhsNumberFault(number)).toBeUndefined();
  });

  it('takes 0 as the check digit when the sum leaves nothing', () => {
    expect(nhsNumberCheckDigit('000000000')).toBe(0);
  });

  it('has no check digit when the sum leaves 10', () => {
    const lost = Array.from({ length: 50 }, (_, i) => `9990000${String(i).padStart(2, '0')}`).filter(
      (nine) => nhsNumberCheckDigit(nine) === undefined,
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const nine of lost)
      for (let digit = 0; digit < 10; digit++) expect(nhsNumberFault(`${nine}${digit}`)).toBe('check-digit');
  });

  it.each(['999 000 0018', '999-000-0018', '999000001', '99900000180', '999000001x', '', ' 9990000018', '٩٩٩٠٠٠٠٠١٨'])(
    '%j is not even ten digits',
    (text) => expect(nhsNumberFault(text)).toBe('format'),
  );

  it('finds every single wrong digit', () => {
    const change = fc.record({ at: fc.nat(9), by: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), change, (body, { at, by }) => {
        const nine = String(body).padStart(9, '0');
        const digit = nhsNumberCheckDigit(nine);
        fc.pre(digit !== undefined);
        const right = `${nine}${digit}`;
        const wrong = `${right.slice(0, at)}${(Number(right[at]) + by) % 10}${right.slice(at + 1)}`;
        return nhsNumberFault(right) === undefined && nhsNumberFault(wrong) === 'check-digit';
      }),
    );
  });

  it('is known by its system whichever way /Id/ is written, and by no other', () => {
    expect(isNhsNumberSystem('https://fhir.nhs.uk/Id/nhs-number')).toBe(true);
    expect(isNhsNumberSystem('https://fhir.nhs.uk/id/nhs-number')).toBe(true);
    expect(isNhsNumberSystem('https://fhir.nhs.uk/Id/nhs-number-old')).toBe(false);
    expect(isNhsNumberSystem(undefined)).toBe(false);
  });
});

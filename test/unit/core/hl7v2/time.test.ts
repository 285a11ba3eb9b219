import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hl7Date, hl7Time, isHl7Time, toHl7Time } from '../../../../src/core/hl7v2/time.ts';

describe('times', () => {
  it.each([
    ['1999', '1999'],
    ['199905', '1999-05'],
    ['19990521', '1999-05-21'],
    ['2019082214', '2019-08-22T14:00:00+01:00'],
    ['201908221405', '2019-08-22T14:05:00+01:00'],
    ['20190122140527', '2019-01-22T14:05:27+00:00'],
    ['20190822140527.1234', '2019-08-22T14:05:27+01:00'],
    ['20190822140527-0530', '2019-08-22T14:05:27-05:30'],
    ['201908221405+0200', '2019-08-22T14:05:00+02:00'],
    [' 19990521 ', '1999-05-21'],
  ])('%s is %s', (written, meant) => {
    expect(hl7Time(written, 'Europe/London')).toBe(meant);
    expect(hl7Date(written)).toBe(meant.slice(0, 10));
  });

  it.each([
    '',
    '19',
    '196513121515',
    '20190230',
    '1999-05-21',
    '2019082224',
    '201908221460',
    '20190822+1',
    'today',
    '20190822140527+9900',
  ])('%j is none', (written) => {
    expect(isHl7Time(written)).toBe(false);
    expect(hl7Time(written, 'Europe/London')).toBeUndefined();
    expect(hl7Date(written)).toBeUndefined();
  });

  it('are written as they are read', () => {
    expect(toHl7Time('2026-07-21T13:30:00.000Z')).toBe('20260721133000+0000');
    expect(toHl7Time('2026-07-21')).toBe('20260721');
    expect(toHl7Time('2026')).toBe('2026');
    expect(toHl7Time('21/07/2026')).toBeUndefined();
    const minutes = fc.integer({ min: 0, max: 50 * 365 * 24 * 60 });
    fc.assert(
      fc.property(minutes, (minute) => {
        const instant = new Date(minute * 60_000).toISOString().replace('.000Z', '+00:00');
        expect(hl7Time(toHl7Time(instant) ?? '', 'Europe/London')).toBe(instant);
      }),
    );
  });
});

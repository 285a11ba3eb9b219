import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_MS, parseDuration } from '../../../src/config/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['P14D', 1_209_600_000],
    ['P12W', 7_257_600_000],
    ['PT1H', 3_600_000],
    ['P1DT12H30M5S', 131_405_000],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
    ['250ms', 250],
  ])('reads %s as %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    'P1M',
    'P1Y',
    'PT1D',
    'P1DT',
    'p1d',
    '1',
    '1w',
    '-P1D',
    'P1.5D',
    ' 5m',
    '5m ',
    '0s',
    'PT0S',
    '9999999d',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('adds the parts of any duration', () => {
    const part = fc.nat(99);
    fc.assert(
      fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
        fc.pre(days + hours + minutes + seconds > 0);
        const expected = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
        expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(expected);
      }),
    );
  });

  it('gives a length that can be used, or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[PTWDHMSsmhd0-9]{0,12}$/), (text) => {
        const read = parseDuration(text);
        expect(read === undefined || (Number.isSafeInteger(read) && read > 0 && read <= LONGEST_MS)).toBe(true);
      }),
    );
  });
});

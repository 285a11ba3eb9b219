import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoDate, isZone, toInstant, ukDate } from '../../../../src/core/mapping/local-time.ts';
import { made } from './small-mapping.ts';

const LONDON = 'Europe/London';

describe('UK dates', () => {
  it('are written day first', () => {
    expect(ukDate('1941-05-09')).toBe('09/05/1941');
    expect(ukDate('2026-11-21T10:00:00Z')).toBe('21/11/2026');
  });

  it('do not exist for a year or month alone', () => {
    expect([ukDate('1941'), ukDate('1941-05'), ukDate('')]).toEqual([undefined, undefined, undefined]);
  });

  it('are read with or without leading zeros', () => {
    expect(isoDate('09/05/1941')).toBe('1941-05-09');
    expect(isoDate(' 9/5/1941 ')).toBe('1941-05-09');
  });

  it.each(['31/02/2026', '29/02/2025', '13/13/2026', '0/1/2026', '1941-05-09', '09/05/41', 'soon', ''])(
    'are not read from %j',
    (text) => {
      expect(isoDate(text)).toBeUndefined();
    },
  );

  it('go there and back unchanged', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          expect(isoDate(ukDate(day) ?? '')).toBe(day);
        },
      ),
    );
  });
});

describe('toInstant', () => {
  it.each([
    ['2026-11-21T14:30', '2026-11-21T14:30:00+00:00'],
    ['2026-07-21T14:30:05', '2026-07-21T14:30:05+01:00'],
    ['2026-03-29T00:59:59', '2026-03-29T00:59:59+00:00'],
    // The clocks go forward at 01:00: this hour does not exist.
    ['2026-03-29T01:30', '2026-03-29T02:30:00+01:00'],
    ['2026-03-29T02:00', '2026-03-29T02:00:00+01:00'],
    // They go back at 02:00: this hour comes twice, and the first is taken.
    ['2026-10-25T01:30', '2026-10-25T01:30:00+01:00'],
    ['2026-10-25T02:00', '2026-10-25T02:00:00+00:00'],
    ['1941-05-09T12:00', '1941-05-09T12:00:00+02:00'],
  ])('%s in London is %s', (text, instant) => expect(toInstant(text, LONDON)).toBe(instant));

  it('keeps offsets of half an hour and west of Greenwich', () => {
    expect(toInstant('2026-01-01T12:00', 'Asia/Kolkata')).toBe('2026-01-01T12:00:00+05:30');
    expect(toInstant('2026-01-01T12:00', 'America/St_Johns')).toBe('2026-01-01T12:00:00-03:30');
  });

  it.each([
    '2026-02-30T10:00',
    '2026-11-21T24:00',
    '2026-11-21T10:60',
    '2026-11-21',
    '2026-11-21T',
    '2026-11-21T9:00',
    'T10:00',
    '',
  ])('is nothing for %j', (text) => expect(toInstant(text, LONDON)).toBeUndefined());

  it('shows the same wall clock as was written, except in the hour that does not exist', () => {
    const minute = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(minute, (date) => {
        const local = date.toISOString().slice(0, 16);
        const [, day, hour] = /-03-(\d\d)T(\d\d)/.exec(local) ?? [];
        fc.pre(!(hour === '01' && Number(day) >= 25));
        expect(toInstant(local, LONDON)?.slice(0, 16)).toBe(local);
      }),
      { numRuns: 300 },
    );
  });

  it('knows which zones exist', () => {
    expect([isZone(LONDON), isZone('Europe/Londn'), isZone('')]).toEqual([true, false, false]);
  });

  it('is called by name, like the other functions', () => {
    const text =
      'd: "{{ d.isoDate() }}"\nu: "{{ d.isoDate().ukDate() }}"\ni: "{{ (d.isoDate() & \'T\' & t).toInstant(\'Europe/London\') }}"';
    expect(made(text, { d: '21/07/2026', t: '14:30' })).toEqual({
      d: '2026-07-21',
      u: '21/07/2026',
      i: '2026-07-21T14:30:00+01:00',
    });
    expect(made(`${text}\nn: 1`, { d: 'soon' })).toEqual({ n: 1 });
  });
});

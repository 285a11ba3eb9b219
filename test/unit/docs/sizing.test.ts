import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/sizing.md'), 'utf8');

/** The cells of the row that begins with this, as they stand. */
function row(begins: string): string[] {
  const line = PAGE.split('\n').find((one) => one.startsWith(`| ${begins}`));
  if (line === undefined) throw new Error(`no row "${begins}"`);
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

/** Its numbers; those of both databases where there are two. */
function numbers(begins: string): number[] {
  return row(begins).map((cell) => Number.parseFloat(cell.replaceAll(',', '')));
}

describe('the sums of the sizing page', () => {
  const [referrals = 0] = numbers('referrals of England a year');
  const [hours = 0] = numbers('hours a year');
  const [busiest = 0] = numbers('busiest hour');
  const [people = 0] = numbers('people in England');

  it.each([0, 1])('follow from its figures (column %i)', (column) => {
    const of = (begins: string) => numbers(begins)[column] ?? Number.NaN;
    const loops = (referrals / hours) * busiest;
    const seconds = (loops * of("engine's processor time")) / 1_000;
    expect(of('messages a year')).toBeCloseTo(referrals * of('messages of a loop'), 0);
    expect(of('loops in an average hour')).toBe(Math.round(referrals / hours));
    expect(Math.abs(of('loops in the busiest hour') - loops)).toBeLessThanOrEqual(busiest / 2);
    expect(of('processor time in the busiest hour')).toBe(Math.round(seconds));
    expect(of('part of one processor')).toBeCloseTo((seconds / 3_600) * 100, 1);
    expect(of('record of a year, GB')).toBe(Math.round((referrals * of('record a loop, kB')) / 1_000_000));
  });

  it.each(['a surgery', 'a borough', 'a region', 'England'])('follow for %s', (place) => {
    const [residents = 0, loops = 0, gigabytes = 0] = numbers(place);
    const [kilobytes = 0] = numbers('record a loop, kB');
    const exact = (residents * referrals) / people;
    expect(loops).toBe(Math.round(exact));
    expect(Math.abs(gigabytes - (exact * kilobytes) / 1_000_000)).toBeLessThan(0.06);
  });

  it('say in words what they say in the tables', () => {
    expect(PAGE).toContain(`for ${row('part of one processor')[0]} of the time`);
  });
});

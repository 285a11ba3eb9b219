import { describe, expect, it } from '@jest/globals';
import { ENGINES, KINDS, planRuns } from '../../faults/plan.ts';

const PLATFORMS = ['casework', 'springboard', 'piecemeal'] as const;
const plan = (seed: number, runs = 12) => planRuns({ seed, runs, kinds: KINDS, platforms: PLATFORMS });

describe('the plan of fault runs', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(8)).not.toEqual(plan(7));
  });

  it('begins with the same runs, however many there are', () => {
    expect(plan(7, 24).slice(0, 12)).toEqual(plan(7));
  });

  it('takes the kinds in turns, and each run has a blow of its own kind', () => {
    expect(plan(7).map(({ kind }) => kind)).toEqual([...KINDS, ...KINDS]);
    for (const { kind, strikes } of plan(7)) {
      expect(strikes.length).toBeGreaterThan(0);
      expect(new Set(strikes.map((one) => one.kind))).toEqual(new Set([kind]));
    }
  });

  it('strikes every engine and every line some time, and while messages come', () => {
    const strikes = plan(7, 300).flatMap((run) => run.strikes);
    const struck = (of: (one: (typeof strikes)[number]) => unknown) =>
      new Set(strikes.map(of).filter((one) => one !== undefined)).size;
    expect(struck((one) => (one.kind === 'kill' ? one.engine : undefined))).toBe(ENGINES);
    expect(struck((one) => (one.kind === 'cut' ? `${one.line} ${one.how}` : undefined))).toBe(28);
    expect(Math.max(...strikes.map(({ afterMs }) => afterMs))).toBeLessThan(2_000);
  });

  it('has in every run a referral that is cancelled over FHIR, and among six some at each platform that can', () => {
    const runs = plan(7, 6).map(({ people }) => people.filter(({ by, cancelled }) => by === 'riverside' && cancelled));
    for (const cancelled of runs) expect(cancelled).not.toEqual([]);
    expect(new Set(runs.flat().map(({ platform }) => platform))).toEqual(new Set(['casework', 'piecemeal']));
  });

  it('refers nobody twice, in all runs together', () => {
    const numbers = plan(7).flatMap(({ people }) => people.map(({ nhsNumber }) => nhsNumber));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

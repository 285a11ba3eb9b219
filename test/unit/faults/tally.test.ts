import { describe, expect, it } from '@jest/globals';
import { addRun, isClean, newTally } from '../../faults/tally.ts';

const CLEAN = { messages: 78, lost: [], doubled: [], outOfOrder: [], stuck: [], logFaults: [] };

describe('the counts of fault runs', () => {
  it('are those of all runs together', () => {
    const tally = [CLEAN, CLEAN].reduce(addRun, newTally({}));
    const none = { lost: 0, doubled: 0, outOfOrder: 0, stuck: 0 };
    expect(tally).toEqual({ runs: 2, messages: 156, ...none, logVerified: true });
    expect(isClean(tally)).toBe(true);
  });

  it.each(['lost', 'doubled', 'outOfOrder', 'stuck'] as const)('are not clean with anything %s', (name) => {
    const tally = addRun(newTally({}), { ...CLEAN, [name]: ['one', 'two'] });
    expect(tally[name]).toBe(2);
    expect(isClean(tally)).toBe(false);
  });

  it('are not clean when the log does not verify, even once', () => {
    const tally = [{ ...CLEAN, logFaults: ['an entry is missing'] }, CLEAN].reduce(addRun, newTally({}));
    expect([tally.logVerified, isClean(tally)]).toEqual([false, false]);
  });

  it('count no run that was left out, and nothing at all is not clean', () => {
    const tally = newTally({ disk: 'there is no mount on this machine' });
    expect([tally.runs, isClean(tally), tally.skipped]).toEqual([
      0,
      false,
      { disk: 'there is no mount on this machine' },
    ]);
  });
});

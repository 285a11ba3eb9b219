import { describe, expect, it } from '@jest/globals';
import { differences } from '../../faults/judge.ts';
import type { Fated } from '../../fixtures/crash/crowd.ts';

const WANTED = ['requested', 'accepted', 'in-progress', 'outcome-recorded', 'completed'] as const;
const person = { nhsNumber: '9990000018', events: WANTED } as unknown as Fated;

/** What is found wrong with a loop that has these events. */
function foundIn(...kinds: readonly string[]): string[] {
  const loop = {
    nhsNumber: person.nhsNumber,
    referral: { id: 'r' },
    events: kinds.map((kind) => ({ kind })),
  } as unknown as Parameters<typeof differences>[0];
  return differences(loop, [person]).map(({ kind }) => kind);
}

describe('the events of a loop beside what was to happen', () => {
  it('are right when they are the same in the same order', () => {
    expect(foundIn(...WANTED)).toEqual([]);
  });

  it('are lost, doubled or disordered otherwise, and it is said which', () => {
    expect(foundIn('requested', 'accepted', 'in-progress', 'outcome-recorded')).toEqual(['lost']);
    expect(foundIn(...WANTED, 'completed')).toEqual(['doubled']);
    expect(foundIn('requested', 'in-progress', 'accepted', 'outcome-recorded', 'completed')).toEqual(['outOfOrder']);
    expect(foundIn('requested', 'accepted', 'accepted', 'outcome-recorded', 'completed')).toEqual(['lost', 'doubled']);
  });
});

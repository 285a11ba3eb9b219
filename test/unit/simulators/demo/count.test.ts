import { describe, expect, it } from '@jest/globals';
import { count, isSound } from '../../../../docker/simulators/demo/count.ts';
import type { Evidence } from '../../../../docker/simulators/demo/evidence.ts';
import type { OpenPromise } from '../../../../src/core/loop/promises/closure.ts';
import {
  completed,
  described,
  fateNamed,
  loop,
  oneCase,
  person,
  result,
  sound,
  withCasework,
  withFiled,
  withLoop,
} from './evidence-of-one.ts';

const OPEN = { ...described, status: 'open' } as const;
const OWES: OpenPromise = {
  id: 'promise-1',
  kind: 'decide',
  task: 'child-1',
  owedBy: 'casework',
  owedTo: 'riverside',
  since: '2026-11-21T09:00:00.000Z',
  due: '2026-11-21T09:00:04.000Z',
  late: true,
  words: 'casework owes a decision.',
};

describe('evidence in which everything is in its place', () => {
  it('counts as one loop, closed, with nothing lost and nothing doubled', () => {
    expect(count(sound)).toMatchObject({ loops: 1, closed: 1, explained: 0, lost: 0, doubled: 0, faults: [] });
    expect(isSound(count(sound))).toBe(true);
  });
});

describe('lost', () => {
  it.each<[string, Evidence]>([
    ['a referral that was acknowledged and has no loop', { ...sound, loops: [] }],
    [
      'a loop whose Task is not the one that the sender was told of',
      withLoop({ referral: { ...loop.referral, parentTask: 'other' } }),
    ],
    ['a loop of which its platform knows nothing', withCasework({ cases: [] })],
    ['a case that is about somebody else', withCasework({ cases: [{ ...oneCase, nhsNumber: '9990000026' }] })],
    ['a narrative that was changed on its way', withCasework({ cases: [{ ...oneCase, narrative: 'Would like 2.' }] })],
    ['a report that was accepted and is no event', withCasework({ answered: [{ id: 'msg_2', status: 202 }] })],
    ['a write-back that was acknowledged and never filed', withFiled({ transactions: new Set() })],
    ['an event that the GP never heard of', withFiled({ names: new Set() })],
    ['a result that the GP never got', withLoop({ results: [result, { ...result, id: 'result-2' }] })],
    ['a final state that the GP never got', withFiled({ resources: [result] })],
    ['a change that a polling GP has not seen', withLoop({ referral: { ...loop.referral, referrer: 'hillview' } })],
  ])('is %s', (_, evidence) => {
    const tally = count(evidence);
    expect(tally.lost).toBeGreaterThan(0);
    expect(isSound(tally)).toBe(false);
  });

  it('is not a report that was refused', () => {
    const answered = [
      { id: 'msg_1', status: 202 },
      { id: 'msg_2', status: 422 },
    ];
    expect(count(withCasework({ answered })).lost).toBe(0);
  });
});

describe('doubled', () => {
  it.each<[string, Evidence]>([
    ['a second loop for one referral', { ...sound, loops: [loop, loop] }],
    [
      'a second case for one referral at one platform',
      withCasework({ cases: [oneCase, { ...oneCase, number: 'CW-1002' }] }),
    ],
    ['a message that said the same twice', withLoop({ events: [completed, { ...completed, id: 'event-2' }] })],
    ['an entry that was filed twice', withFiled({ resources: [...sound.filed.resources, result] })],
    [
      'an entry that was filed twice under two names',
      withFiled({ resources: [...sound.filed.resources, { ...result, identifier: [] }] }),
    ],
  ])('is %s', (_, evidence) => {
    const tally = count(evidence);
    expect(tally.doubled).toBeGreaterThan(0);
    expect(isSound(tally)).toBe(false);
  });
});

describe('a loop that is open', () => {
  const silent = { ...person, fate: fateNamed('silent platform') };
  const requested = {
    ...OPEN,
    state: { ...described.state, kind: 'requested', terminal: false },
    owes: [OWES],
    late: [OWES],
  } as const;
  const noAnswer = { ...completed, kind: 'no-answer', by: 'hearback' } as const;
  const evidence = (changes: Partial<typeof loop>, who = silent): Evidence => ({ ...withLoop(changes), people: [who] });

  it('is explained when the fate leaves it open, somebody owes something, and silence was told', () => {
    expect(count(evidence({ described: requested, events: [noAnswer] })).explained).toBe(1);
  });

  it('is not explained before the silence was noticed', () => {
    expect(count(evidence({ described: { ...requested, late: [] }, events: [] })).explained).toBe(0);
  });

  it('is not explained when nobody owes anything', () => {
    expect(count(evidence({ described: { ...requested, owes: [] }, events: [noAnswer] })).explained).toBe(0);
  });

  it('is not explained when it should have closed', () => {
    const tally = count(withLoop({ described: { ...OPEN, owes: [OWES] } }));
    expect([tally.closed, tally.explained, isSound(tally)]).toEqual([0, 0, false]);
  });

  it('is not closed under another word than its end', () => {
    const cancelled = { ...described, state: { ...described.state, kind: 'cancelled' } } as const;
    expect(count(withLoop({ described: cancelled })).closed).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { EventKind } from '../../../../src/core/loop/event.ts';
import { isEventKind, STATES, stateRow, taskStatus } from '../../../../src/core/loop/states.ts';

/** word, Task.status once accepted, before acceptance, ends, GP hears, SNOMED CT code */
const EXPECTED: readonly (readonly [EventKind, string, string, boolean, boolean, string | undefined])[] = [
  ['requested', 'requested', 'requested', false, false, '871731000000106'],
  ['received', 'requested', 'requested', false, false, undefined],
  ['accepted', 'accepted', 'accepted', false, true, undefined],
  ['waiting', 'on-hold', 'on-hold', false, true, undefined],
  ['scheduled', 'in-progress', 'in-progress', false, false, undefined],
  ['did-not-attend', 'in-progress', 'in-progress', false, true, '281399006'],
  ['onward-referred', 'in-progress', 'in-progress', false, true, undefined],
  ['in-progress', 'in-progress', 'in-progress', false, false, undefined],
  ['outcome-recorded', 'in-progress', 'in-progress', false, true, undefined],
  ['escalated', 'in-progress', 'in-progress', false, true, undefined],
  ['cancel-requested', 'in-progress', 'in-progress', false, false, undefined],
  ['cancel-refused', 'in-progress', 'in-progress', false, true, undefined],
  ['no-answer', 'requested', 'requested', false, true, undefined],
  ['completed', 'completed', 'completed', true, true, undefined],
  ['signposted', 'completed', 'completed', true, true, undefined],
  ['unmet-need', 'failed', 'rejected', true, true, undefined],
  ['could-not-contact', 'failed', 'failed', true, true, undefined],
  ['declined', 'cancelled', 'rejected', true, true, '871711000000103'],
  ['cancelled', 'cancelled', 'cancelled', true, true, undefined],
  ['rejected', 'failed', 'rejected', true, true, undefined],
  ['entered-in-error', 'entered-in-error', 'entered-in-error', true, true, undefined],
];

describe('the table of states', () => {
  it('has exactly the canonical words, in the order of rank', () => {
    expect(STATES.map((row) => row.kind)).toEqual(EXPECTED.map(([kind]) => kind));
    expect(STATES.map((row) => row.rank)).toEqual(EXPECTED.map((_, rank) => rank));
  });

  it.each(EXPECTED)('%s is %s once accepted and %s before', (kind, accepted, before, ends, told, code) => {
    const row = stateRow(kind);
    expect([taskStatus(kind, true), taskStatus(kind, false)]).toEqual([accepted, before]);
    expect({ ends: row.terminal, told: row.tellsGp, code: row.code?.code }).toEqual({ ends, told, code });
  });

  it('gives the code for a decline to the person alone, never to the service', () => {
    const declined = STATES.filter((row) => row.code?.code === '871711000000103').map((row) => row.kind);
    expect(declined).toEqual(['declined']);
  });

  it('calls an answer what says whether there is help at all, and nothing that the help came to', () => {
    expect(STATES.filter((row) => row.answersRequest).map((row) => row.kind)).toEqual([
      'accepted',
      'waiting',
      'cancel-refused',
      'no-answer',
      'unmet-need',
      'declined',
      'cancelled',
      'rejected',
      'entered-in-error',
    ]);
    for (const row of STATES) if (row.answersRequest) expect(row.tellsGp).toBe(true);
  });

  it('wants a reason wherever Gravity does: rejected, cancelled, on-hold, failed', () => {
    const gravity = new Set(['rejected', 'cancelled', 'on-hold', 'failed']);
    const wanting = STATES.filter((row) => gravity.has(row.status) || gravity.has(row.statusUnaccepted));
    expect(wanting.map((row) => row.kind)).toEqual(STATES.filter((row) => row.needsReason).map((row) => row.kind));
  });

  it('lets no platform ask, withdraw the referral, or be silent on its own behalf', () => {
    const theirs = STATES.filter((row) => row.saidBy.includes('platform')).map((row) => row.kind);
    for (const kind of ['requested', 'cancel-requested', 'no-answer', 'entered-in-error'])
      expect(theirs).not.toContain(kind);
  });

  it('knows words that are not canonical, and those every object has', () => {
    expect(isEventKind('completed')).toBe(true);
    expect(isEventKind('done')).toBe(false);
    expect(isEventKind('toString')).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { restOfSet, setsOf } from '../../../../../src/core/loop/promises/leg-sets.ts';
import { keptByLeg } from '../../../../../src/core/loop/promises/need.ts';
import type { Leg, LegStatus } from '../../../../../src/core/message.ts';
import { leg } from '../../../../contract/store/samples.ts';

const part = (number: number, status: LegStatus = 'queued', of = 3): Leg =>
  leg(`l${number}`, {
    status,
    part: { set: 'l1', number, of, key: `kind.${number}` },
    ...(status === 'acknowledged' && { ack: 'transport', settledAt: `2026-11-02T09:0${number}:00.000Z` }),
  });

describe('legs that one translation made', () => {
  it('are one set in their order; every other leg is alone', () => {
    const sets = setsOf([part(2), leg('x'), part(1), leg('y'), part(3)]);
    expect(sets.map((set) => set.map(({ id }) => id))).toEqual([['l1', 'l2', 'l3'], ['x'], ['y']]);
  });

  it('go on after one of them', () => {
    const legs = [part(1), part(2), part(3), leg('x')];
    expect(restOfSet(part(2), legs).map(({ id }) => id)).toEqual(['l3']);
    expect(restOfSet(leg('x'), legs)).toEqual([]);
  });

  it('keep a promise when the last is acknowledged, and not before', () => {
    const done = 'acknowledged';
    expect(keptByLeg([part(1, done), part(2, done), part(3)], 'transport')).toBeUndefined();
    expect(keptByLeg([part(1, done), part(2, done)], 'transport')).toBeUndefined();
    expect(keptByLeg([part(1, 'abandoned'), part(2, done), part(3, done)], 'transport')).toBeUndefined();
    expect(keptByLeg([part(1, done), part(2, done), part(3, done)], 'transport')).toEqual({
      is: 'kept',
      at: '2026-11-02T09:03:00.000Z',
      as: 'transport',
      by: 'l3',
    });
    expect(keptByLeg([part(1, done), part(2, done), part(3, done)], 'technical')).toBeUndefined();
  });
});

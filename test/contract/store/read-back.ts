import { describe, expect, it } from '@jest/globals';
import type { EntryReading } from '../../../src/core/loop/read-back/reading.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { AT, at, changes, claim, leg, lostCode, newReferral, reading, sent, work } from './samples.ts';

const ENTRY: EntryReading = {
  entry: 'e1',
  type: 'Observation',
  is: 'lost',
  elements: [{ element: 'code', is: 'lost', why: 'it is filed as text' }],
  lostCodes: [{ system: 'http://snomed.info/sct', code: '281399006' }],
  keptCodes: [],
};

/** What records hold of what was written, and which codes they do not keep. */
export function readBackContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);
  const withLeg = (store: Store) =>
    store.apply(changes({ referral: newReferral('r1'), messages: [sent('l1-message')], legs: [leg('l1')] }));

  describe('a look at a record', () => {
    it('is kept as it was, in order, with what it found', async () => {
      const { store, reopened } = await fresh();
      await withLeg(store);
      const first = reading('one', { is: 'not-found', at: at(1) });
      const second = reading('two', { is: 'lost', at: at(2), messages: ['m1', 'm2'], entries: [ENTRY] });
      await store.apply(changes({ readings: [first] }));
      await store.apply(changes({ readings: [second] }));
      expect(await (await reopened()).readings('r1')).toEqual([first, second]);
    });

    it('cannot be written twice, nor changed', async () => {
      const { store } = await fresh();
      await withLeg(store);
      await store.apply(changes({ readings: [reading('one', { is: 'lost' })] }));
      await expect(store.apply(changes({ readings: [reading('one', { is: 'kept' })] }))).rejects.toBeDefined();
      expect(await store.readings('r1')).toMatchObject([{ is: 'lost' }]);
    });

    it('says when a partner was last asked, and of nobody else', async () => {
      const { store } = await fresh();
      await withLeg(store);
      expect(await store.lastReadingAt('elm-tree')).toBeUndefined();
      await store.apply(changes({ readings: [reading('one', { at: at(3) }), reading('two', { at: at(2) })] }));
      expect(await store.lastReadingAt('elm-tree')).toBe(at(3));
      expect(await store.lastReadingAt('oak-road')).toBeUndefined();
    });

    it('is counted by what it found', async () => {
      const { store } = await fresh();
      await withLeg(store);
      await store.apply(changes({ readings: [reading('one'), reading('two'), reading('three', { is: 'lost' })] }));
      expect(await store.counts()).toMatchObject({ 'reading.kept': 2, 'reading.lost': 1 });
    });

    it('is claimed as work of its own kind', async () => {
      const { store } = await fresh();
      await store.apply(changes({ work: [work('read/elm-tree', 'l1', { kind: 'read-back' })] }));
      expect(await store.claim(claim({ kinds: ['settle'] }))).toEqual([]);
      expect(await store.claim(claim({ kinds: ['read-back'] }))).toMatchObject([{ kind: 'read-back', subject: 'l1' }]);
    });
  });

  describe('a code that a record did not keep', () => {
    it('is remembered for that partner, and what is said of it later stands in its place', async () => {
      const { store, reopened } = await fresh();
      const [one, other] = [lostCode('281399006'), lostCode('281399006', { partner: 'oak-road' })];
      const again = { ...one, lastSeen: at(5), lastLeg: 'l2', times: 2 };
      await store.apply(changes({ lostCodes: [one, other] }));
      await store.apply(changes({ lostCodes: [again] }));
      expect(await (await reopened()).lostCodes()).toEqual([again, other]);
    });

    it('is given by partner, and says when it is kept after all', async () => {
      const { store } = await fresh();
      const kept = lostCode('281399006', { keptSince: at(9) });
      await store.apply(changes({ lostCodes: [kept, lostCode('1', { partner: 'oak-road' })] }));
      expect(await store.lostCodes('elm-tree')).toEqual([kept]);
      expect(await store.lostCodes('nobody')).toEqual([]);
    });
  });

  describe('a leg that was read back', () => {
    it('says how it stands, what was flagged, and which events it tells', async () => {
      const { store } = await fresh();
      const flags = [{ severity: 'warning', rule: 'code/lost-here', place: {}, message: 'm', remedy: 'r' }] as const;
      const told = leg('l1', {
        purpose: 'write-back',
        ack: 'read-back',
        settledAt: AT,
        readBack: { reading: 'one', at: AT, is: 'lost', accepted: 'rule' },
        flags,
        tells: ['e1', 'e2'],
        urgent: true,
        person: 'same',
      });
      await store.apply(changes({ referral: newReferral('r1'), messages: [sent('l1-message')], legs: [leg('l1')] }));
      await store.apply(changes({ legs: [told] }));
      expect(await store.leg('l1')).toEqual(told);
    });
  });
}

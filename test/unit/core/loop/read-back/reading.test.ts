import { describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { avoidLostCodes } from '../../../../../src/core/loop/read-back/avoid-lost-codes.ts';
import { knownLost, remember } from '../../../../../src/core/loop/read-back/lost-code.ts';
import {
  type ElementReading,
  type EntryReading,
  mayClose,
  notKept,
  worst,
} from '../../../../../src/core/loop/read-back/reading.ts';
import { sentEntries } from '../../../../../src/core/loop/read-back/sent-entries.ts';
import { closureLabel } from '../../../../../src/core/loop/shown/closure-label.ts';
import { ENTRY_ID_SYSTEM, REFERRAL_ID_SYSTEM, SNOMED_SYSTEM } from '../../../../../src/core/referral.ts';
import { acknowledged, at, GP, referral } from '../a-loop.ts';

const DNA = { system: SNOMED_SYSTEM, code: '281399006' };

function entry(...elements: readonly ElementReading[]): EntryReading {
  const is = worst(elements.map((one) => one.is));
  return { entry: 'e1', type: 'Observation', is, elements, lostCodes: [], keptCodes: [] };
}

describe('whether a loop may close on what the record holds', () => {
  it.each<[ElementReading['element'], boolean, boolean]>([
    // element lost, may close with hold, may close with accept
    ['code', false, true],
    ['value', false, false],
    ['unit', false, false],
    ['date', false, false],
    ['text', false, false],
    ['patient', false, false],
    ['entry', false, false],
    ['author', true, true],
  ])('%s lost', (element, whenHold, whenAccept) => {
    const entries = [entry({ element, is: 'lost' })];
    expect([mayClose(entries, 'hold'), mayClose(entries, 'accept')]).toEqual([whenHold, whenAccept]);
  });

  it('degraded closes, not found never does', () => {
    expect(mayClose([entry({ element: 'date', is: 'degraded' })], 'hold')).toBe(true);
    expect(mayClose([{ ...entry(), is: 'not-found' }], 'accept')).toBe(false);
  });

  it('names every element that is not as it was sent', () => {
    const entries = [
      entry({ element: 'code', is: 'lost', why: 'it is filed as text' }, { element: 'date', is: 'kept' }),
      { ...entry(), is: 'not-found' as const },
    ];
    expect(notKept(entries)).toEqual(['Observation e1: code lost (it is filed as text)', 'Observation e1: not found']);
  });
});

describe('the memory of lost codes', () => {
  const lost = { ...entry({ element: 'code', is: 'lost' }), lostCodes: [DNA] };
  const kept = { ...entry({ element: 'code', is: 'kept' }), keptCodes: [DNA] };
  const seen = (entries: readonly EntryReading[], minute: number) => ({
    partner: GP,
    leg: `leg-${minute}`,
    at: at(minute),
    entries,
  });

  it('keeps when and by which leg, first and last', () => {
    const first = remember([], seen([lost], 1));
    expect(remember(first, seen([lost, lost], 2))).toEqual([
      { partner: GP, ...DNA, firstSeen: at(1), firstLeg: 'leg-1', lastSeen: at(2), lastLeg: 'leg-2', times: 3 },
    ]);
  });

  it('forgets when the record keeps the code after all, and remembers again', () => {
    const first = remember([], seen([lost], 1));
    const mended = remember(first, seen([kept], 2));
    expect(mended).toMatchObject([{ keptSince: at(2), times: 1 }]);
    expect(knownLost([DNA], mended)).toEqual([]);
    const again = remember(mended, seen([lost], 3));
    expect(again).toMatchObject([{ lastSeen: at(3), times: 2 }]);
    expect(again[0]).not.toHaveProperty('keptSince');
    expect(knownLost([DNA], again)).toEqual(again);
  });

  it('has nothing to say of codes that were never lost, nor of another partner', () => {
    expect(remember([], seen([kept], 1))).toEqual([]);
    const elsewhere = remember([], { ...seen([lost], 1), partner: 'elsewhere' });
    expect(remember(elsewhere, seen([kept], 2))).toEqual([]);
  });
});

describe('avoiding what a record is known to lose', () => {
  const known = remember([], { partner: GP, leg: 'leg-1', at: at(1), entries: [{ ...entry(), lostCodes: [DNA] }] });
  const bundle: Bundle<FhirResource> = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ ...DNA, display: 'Did not attend (finding)' }], text: 'Did not attend' },
        },
      },
    ],
  };
  const codeIn = (one: Bundle<FhirResource>) => {
    const resource = one.entry?.[0]?.resource;
    return resource?.resourceType === 'Observation' ? resource.code : undefined;
  };

  it('sends it all the same unless told otherwise, and says so', () => {
    const { bundle: same, avoided } = avoidLostCodes(bundle, known, { knownLost: 'send', instead: [] });
    expect(same).toBe(bundle);
    expect(avoided).toMatchObject([{ how: 'sent', lost: DNA }]);
  });

  it('leaves it out, or puts in its place what the practice chose; the words stay', () => {
    const text = avoidLostCodes(bundle, known, { knownLost: 'text', instead: [] });
    expect(codeIn(text.bundle)).toEqual({ text: 'Did not attend' });
    const use = { system: 'urn:local', code: 'DNA' };
    const other = avoidLostCodes(bundle, known, { knownLost: 'text', instead: [{ lost: DNA, use }] });
    expect(codeIn(other.bundle)).toEqual({ coding: [use], text: 'Did not attend' });
    expect(codeIn(bundle)).toMatchObject({ coding: [DNA] });
  });

  it('has nothing to do where nothing is known', () => {
    expect(avoidLostCodes(bundle, [], { knownLost: 'text', instead: [] })).toEqual({ bundle, avoided: [] });
  });
});

describe('what to look for in the record', () => {
  const task: FhirResource = {
    resourceType: 'Task',
    identifier: [{ system: REFERRAL_ID_SYSTEM, value: referral.id }],
    status: 'completed',
    intent: 'order',
  };
  const observation: FhirResource = {
    resourceType: 'Observation',
    identifier: [{ system: ENTRY_ID_SYSTEM, value: 'e1' }],
    status: 'final',
    code: {},
  };
  const transaction = (...resources: FhirResource[]) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({ resource })),
  });

  it('is every entry by its identifier; the Task where there is none', () => {
    expect(sentEntries(transaction(task, observation)).map(({ value }) => value)).toEqual(['e1']);
    expect(sentEntries(transaction(task)).map(({ value }) => value)).toEqual([referral.id]);
    expect(sentEntries('nothing of ours')).toEqual([]);
  });
});

describe('what a closed loop may claim', () => {
  const told = (keptAs: 'technical' | 'read-back', minute: number) => ({
    id: `p${minute}`,
    referral: referral.id,
    kind: 'tell-gp' as const,
    task: 'task-parent',
    owedBy: 'hearback',
    owedTo: GP,
    madeAt: at(1),
    dueAt: at(9),
    level: 'technical' as const,
    keptAt: at(minute),
    keptAs,
  });

  it('is as much as the weakest of what told the GP', () => {
    const label = closureLabel({ promises: [told('read-back', 2), told('technical', 3)], legs: [], readings: [] });
    expect(label).toEqual({ level: 'technical', labels: [expect.stringMatching(/^only technical/)] });
    expect(closureLabel({ promises: [told('read-back', 2)], legs: [], readings: [] })).toEqual({
      level: 'read-back',
      labels: [],
    });
    expect(closureLabel({ promises: [], legs: [], readings: [] })).toEqual({ labels: [] });
  });

  it('names what is not in the record as it was sent, and who took it so', () => {
    const entries = [entry({ element: 'code', is: 'lost', why: 'it is filed as text' })];
    const leg = acknowledged('write-back', {
      readBack: { reading: 'r1', at: at(3), is: 'lost', accepted: 'person' },
    });
    const reading = {
      id: 'r1',
      leg: leg.id,
      referral: referral.id,
      partner: GP,
      at: at(3),
      messages: [],
      entries,
      is: 'lost' as const,
    };
    expect(closureLabel({ promises: [], legs: [leg], readings: [reading] }).labels).toEqual([
      `write-back ${leg.id}: taken by a person as it is: Observation e1: code lost (it is filed as text)`,
    ]);
  });
});

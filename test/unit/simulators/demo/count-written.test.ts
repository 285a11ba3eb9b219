import { describe, expect, it } from '@jest/globals';
import { countWritten, notAsSent } from '../../../../docker/simulators/demo/count-written.ts';
import type { ElementReading, EntryReading, Reading } from '../../../../src/core/loop/read-back/reading.ts';
import { loop } from './evidence-of-one.ts';

const AT = '2026-11-21T09:00:00.000Z';

function entry(id: string, is: EntryReading['is'], elements: readonly ElementReading[] = []): EntryReading {
  return { entry: id, type: 'Observation', is, elements, lostCodes: [], keptCodes: [] };
}

function looks(...readings: readonly (readonly [leg: string, ...entries: EntryReading[]])[]) {
  const all = readings.map(
    ([leg, ...entries], place): Reading => ({
      ...{ id: `reading-${place}`, leg, referral: 'referral-1', partner: 'riverside', at: AT, messages: [] },
      ...{ entries, is: 'kept' },
    }),
  );
  return [{ ...loop, described: { ...loop.described, readings: all } }];
}

describe('what stands in the record', () => {
  it('is counted by entry, from the last look at each write-back', () => {
    const loops = looks(
      ['leg-1', entry('e1', 'not-found')],
      ['leg-1', entry('e1', 'kept')],
      ['leg-2', entry('e2', 'degraded'), entry('e3', 'lost'), entry('e4', 'not-found')],
    );
    expect(countWritten(loops)).toEqual({ entries: 4, kept: 1, degraded: 1, lost: 2 });
  });

  it('does not count the patient, who is no entry', () => {
    expect(countWritten(looks(['leg-1', { ...entry('p', 'kept'), type: 'Patient' }]))).toMatchObject({ entries: 0 });
  });

  it('is named with its reason where it is not as it was sent', () => {
    const code: ElementReading = { element: 'code', is: 'lost', why: 'it is filed as text' };
    expect(notAsSent(looks(['leg-1', entry('e1', 'lost', [code]), entry('e2', 'kept')]))).toEqual([
      'riverside-0001: Observation e1: code lost (it is filed as text)',
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Task } from 'fhir/r4.js';
import { readTaskUpdate } from '../../../../src/core/fhir/read-task-update.ts';
import { coordinationTask } from '../../../fixtures/fhir/referral-bundle.ts';

const stored = (changes: Partial<Task> = {}): Task =>
  coordinationTask({
    id: 't1',
    meta: { versionId: '4' },
    owner: { display: 'Invented Link Workers' },
    note: [{ text: 'called once', time: '2026-11-18T10:00:00Z' }],
    ...changes,
  });

const asked = (sent: Partial<Task>, before: Partial<Task> = {}) => {
  const { ask, findings } = readTaskUpdate(stored(before), { ...stored(before), ...sent });
  return [ask, ...findings.map(({ severity, rule, place }) => `${severity} ${rule} ${place.expression}`)];
};
const STATUSES: readonly Task['status'][] = [
  'draft',
  'requested',
  'received',
  'accepted',
  'rejected',
  'ready',
  'cancelled',
  'in-progress',
  'on-hold',
  'failed',
  'completed',
  'entered-in-error',
];
const WHY = { text: 'moved away' };

describe('a requester’s PUT of its Task', () => {
  it('that changes nothing asks for nothing, whatever the order of keys', () => {
    const { status, ...rest } = stored();
    expect(readTaskUpdate(stored(), { ...rest, status })).toEqual({
      ask: 'none',
      notes: [],
      changes: {},
      findings: [],
    });
  });

  it.each(['draft', 'requested', 'received', 'accepted', 'ready'] as const)('may cancel while %s', (status) => {
    expect(asked({ status: 'cancelled', statusReason: WHY }, { status })).toEqual(['cancel']);
  });

  it('is warned when it cancels without a reason', () => {
    expect(asked({ status: 'cancelled' })).toEqual(['cancel', 'warning task/reason Task.statusReason']);
  });

  it.each(['in-progress', 'on-hold'] as const)('asks the performer to cancel while %s', (status) => {
    expect(asked({ status: 'cancelled', statusReason: WHY }, { status })).toEqual([
      'cancel',
      'information task/under-way Task.status',
    ]);
  });

  it.each(['rejected', 'completed', 'failed'] as const)('cannot cancel what is %s', (status) => {
    expect(asked({ status: 'cancelled', statusReason: WHY }, { status })).toEqual([
      'none',
      'error task/ended Task.status',
    ]);
  });

  it('may declare an error from any status, and nothing follows that', () => {
    for (const status of STATUSES.filter((one) => one !== 'entered-in-error')) {
      expect(asked({ status: 'entered-in-error' }, { status })).toEqual(['entered-in-error']);
    }
    expect(asked({ status: 'cancelled' }, { status: 'entered-in-error' })).toEqual([
      'none',
      'error task/status Task.status',
    ]);
  });

  it('sets no other status', () => {
    const others = STATUSES.filter((one) => one !== 'cancelled' && one !== 'entered-in-error');
    fc.assert(
      fc.property(fc.constantFrom(...STATUSES), fc.constantFrom(...others), (before, after) => {
        fc.pre(before !== after);
        expect(asked({ status: after }, { status: before })).toEqual(['none', 'error task/status Task.status']);
      }),
    );
  });

  it.each([
    ['owner', { owner: { display: 'somebody else' } }],
    ['focus', { focus: { reference: 'ServiceRequest/other' } }],
    ['for', { for: { reference: 'Patient/other' } }],
    ['requester', { requester: { display: 'x' } }],
    ['output', { output: [{ type: { text: 'x' }, valueString: 'x' }] }],
    ['businessStatus', { businessStatus: { text: 'done' } }],
    ['partOf', { partOf: [{ reference: 'Task/x' }] }],
    ['identifier', { identifier: [] }],
    ['code', { code: { text: 'x' } }],
    ['authoredOn', { authoredOn: '2020-01-01' }],
  ] as [string, Partial<Task>][])('leaves %s alone', (element, change) => {
    expect(asked(change)).toEqual(['none', `error task/not-yours Task.${element}`]);
  });

  it('keeps what the sender left out, and can cancel all the same', () => {
    const { owner: _, note: __, ...sparse } = stored();
    const { ask, findings } = readTaskUpdate(stored(), { ...sparse, status: 'cancelled', statusReason: WHY });
    expect(ask).toBe('cancel');
    expect(findings.map(({ severity, rule, place }) => `${severity} ${rule} ${place.expression}`)).toEqual([
      'information task/kept Task.owner',
      'information task/kept Task.note',
    ]);
  });

  it('adds notes and says more precisely what it wants', () => {
    const old = stored().note ?? [];
    const update = readTaskUpdate(
      stored(),
      stored({ note: [...old, { text: 'prefers mornings' }], priority: 'urgent' }),
    );
    expect(update).toEqual({
      ask: 'note',
      notes: [{ text: 'prefers mornings' }],
      changes: { priority: 'urgent' },
      findings: [],
    });
  });

  it('does not rewrite a note', () => {
    expect(asked({ note: [{ text: 'never called', time: '2026-11-18T10:00:00Z' }] })).toEqual([
      'none',
      'error task/note-changed Task.note[0]',
    ]);
  });

  it('gives the reason of a cancellation', () => {
    expect(readTaskUpdate(stored(), stored({ status: 'cancelled', statusReason: WHY })).reason).toEqual(WHY);
    expect(
      readTaskUpdate(stored({ statusReason: WHY }), stored({ status: 'cancelled', statusReason: WHY })).reason,
    ).toEqual(WHY);
  });

  it('is for the Task it was sent to', () => {
    expect(asked({ id: 'other' })).toEqual(['none', 'error task/id Task.id']);
  });

  it('says everything at once and changes neither Task', () => {
    const [before, after] = [stored(), stored({ status: 'completed', owner: { display: 'x' }, id: 'y' })];
    const texts = JSON.stringify([before, after]);
    expect(readTaskUpdate(before, after).findings).toHaveLength(3);
    expect(JSON.stringify([before, after])).toBe(texts);
  });
});

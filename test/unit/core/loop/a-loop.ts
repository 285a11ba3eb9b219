import fc from 'fast-check';
import type { EventKind, LoopEvent } from '../../../../src/core/loop/event.ts';
import { STATES } from '../../../../src/core/loop/states.ts';
import type { LoopTasks } from '../../../../src/core/loop/tasks/fold.ts';
import type { Leg } from '../../../../src/core/message.ts';
import type { Dossier, Referral } from '../../../../src/core/referral.ts';
import { NHS_NUMBER_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../../src/core/referral.ts';

/** An invented referral: Elm Road Surgery asks, Riverside Casework and Open Door answer. */
export const PARENT = 'task-parent';
export const CHILD = 'task-riverside';
export const OTHER = 'task-opendoor';
export const GP = 'elm-road';
export const RIVERSIDE = 'riverside';
export const OPENDOOR = 'opendoor';

export const oneChild: LoopTasks = { parent: PARENT, children: [{ task: CHILD, partner: RIVERSIDE }] };
export const twoChildren: LoopTasks = {
  parent: PARENT,
  children: [
    { task: CHILD, partner: RIVERSIDE },
    { task: OTHER, partner: OPENDOOR },
  ],
};

export const referral: Referral = {
  id: 'referral-1',
  version: 3,
  referrer: GP,
  platforms: [RIVERSIDE],
  parentTask: PARENT,
  status: 'open',
  openedAt: at(0),
};

/** A minute of the day on which all of it happens. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 10, 2, 9, minute)).toISOString();
}

/** Something that happened at a minute, said by Riverside of its part unless told otherwise. */
export function happened(kind: EventKind, minute: number, more: Partial<LoopEvent> = {}): LoopEvent {
  return {
    id: `${kind}-${minute}-${more.task ?? CHILD}`,
    referral: referral.id,
    kind,
    task: CHILD,
    at: at(minute),
    recordedAt: at(minute),
    by: RIVERSIDE,
    message: `message-${kind}-${minute}`,
    ...more,
  };
}

export const byGp = { by: GP, task: PARENT } as const;

export function leg(purpose: Leg['purpose'], more: Partial<Leg> = {}): Leg {
  return {
    id: `leg-${purpose}`,
    referral: referral.id,
    task: CHILD,
    partner: purpose === 'write-back' ? GP : RIVERSIDE,
    channel: purpose === 'write-back' ? 'fhir' : 'webhook',
    purpose,
    message: `sent-${purpose}`,
    status: 'queued',
    attempts: 0,
    queuedAt: at(1),
    ...more,
  };
}

export function acknowledged(purpose: Leg['purpose'], more: Partial<Leg> = {}): Leg {
  return leg(purpose, { status: 'acknowledged', attempts: 1, settledAt: at(2), ack: 'technical', ...more });
}

export function dossier(): Dossier {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Patient',
          id: 'patient-1',
          identifier: [{ system: NHS_NUMBER_SYSTEM, value: '9990000018' }],
          name: [{ family: 'Testperson', given: ['Ada'] }],
        },
      },
      {
        resource: {
          resourceType: 'ServiceRequest',
          id: 'request-1',
          identifier: [{ system: REFERRAL_ID_SYSTEM, value: referral.id }],
          status: 'active',
          intent: 'order',
          subject: { reference: 'Patient/patient-1' },
        },
      },
      {
        resource: {
          resourceType: 'Task',
          id: PARENT,
          meta: { versionId: '1', lastUpdated: at(0) },
          identifier: [{ system: REFERRAL_ID_SYSTEM, value: referral.id }],
          status: 'requested',
          intent: 'order',
          description: 'A story that only the practice needs.',
          focus: { reference: 'ServiceRequest/request-1' },
          for: { reference: 'Patient/patient-1' },
          note: [{ text: 'Prefers mornings.' }],
        },
      },
      {
        resource: {
          resourceType: 'Task',
          id: CHILD,
          meta: { versionId: '1', lastUpdated: at(1) },
          partOf: [{ reference: `Task/${PARENT}` }],
          status: 'requested',
          intent: 'order',
          owner: { type: 'Organization', display: 'Riverside Casework' },
        },
      },
    ],
  };
}

const speakers = { referrer: GP, platform: RIVERSIDE, hearback: 'hearback' } as const;

/** Any event that somebody may say about this referral: every word, by those who may say it, of a part or of the whole. */
export const anyEvent: fc.Arbitrary<LoopEvent> = fc
  .record({
    row: fc.constantFrom(...STATES),
    speaker: fc.nat(),
    minute: fc.integer({ min: 0, max: 12 }),
    delay: fc.integer({ min: 0, max: 5 }),
    where: fc.constantFrom(CHILD, OTHER, PARENT),
    id: fc.uuid(),
  })
  .map(({ row, speaker, minute, delay, where, id }) => {
    const said = row.saidBy[speaker % row.saidBy.length] ?? 'hearback';
    const by = said === 'platform' && where === OTHER ? OPENDOOR : speakers[said];
    const task = said === 'referrer' ? PARENT : where;
    return happened(row.kind, minute, { id, by, task, recordedAt: at(minute + delay), message: `message-${id}` });
  });

export const anyEvents: fc.Arbitrary<LoopEvent[]> = fc.array(anyEvent, { maxLength: 14 });

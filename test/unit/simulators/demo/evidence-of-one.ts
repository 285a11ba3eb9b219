import type { Observation } from 'fhir/r4.js';
import type { Evidence } from '../../../../docker/simulators/demo/evidence.ts';
import { FATES, type Fate } from '../../../../docker/simulators/demo/fates.ts';
import type { Person } from '../../../../docker/simulators/demo/people.ts';
import type { Loop } from '../../../../docker/simulators/demo/read-loops.ts';
import type { Case } from '../../../../docker/simulators/platform/dialect.ts';
import type { LoopEvent } from '../../../../src/core/loop/event.ts';
import type { LoopDescription } from '../../../../src/core/loop/shown/describe-loop.ts';
import { provenanceId } from '../../../../src/core/loop/write-back/provenance.ts';
import type { Leg, Message } from '../../../../src/core/message.ts';
import { ENTRY_ID_SYSTEM, LOOP_STATE_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../../src/core/referral.ts';

const AT = '2026-11-21T09:00:00.000Z';

/** One person at Riverside whose referral was completed by casework, and everything in its place. */
export const person: Person = {
  number: 1,
  nhsNumber: '9990000018',
  given: 'Ada',
  family: 'Testwell',
  birthDate: '1951-03-07',
  postcode: 'SE15 4AB',
  practice: 'riverside',
  form: 'transaction',
  fate: fateNamed('completed with scores'),
  note: 'Would like company.',
};

export const completed: LoopEvent = {
  id: 'event-1',
  referral: 'referral-1',
  kind: 'completed',
  task: 'child-1',
  at: AT,
  recordedAt: AT,
  by: 'casework',
  message: 'report-1',
};

export const result: Observation = {
  resourceType: 'Observation',
  id: 'result-1',
  identifier: [{ system: ENTRY_ID_SYSTEM, value: 'result-1' }],
  status: 'final',
  code: { text: 'SWEMWBS' },
  valueInteger: 26,
};

export const oneCase: Case = {
  kind: 'referral',
  reference: 'referral-1',
  taskReference: 'child-1',
  nhsNumber: person.nhsNumber,
  narrative: person.note,
  number: 'CW-1001',
  delivery: 'leg-1',
  received: {},
};

export const described: LoopDescription = {
  id: 'referral-1',
  status: 'closed',
  referrer: 'riverside',
  closure: { labels: [] },
  state: { task: 'parent-1', kind: 'completed', status: 'completed', terminal: true, cancel: 'none' },
  children: [
    { task: 'child-1', partner: 'casework', kind: 'completed', status: 'completed', terminal: true, cancel: 'none' },
  ],
  promised: [],
  sent: [],
  acknowledged: [],
  readings: [],
  late: [],
  owes: [],
  holds: [],
  timeline: [],
};

export const loop: Loop = {
  referral: {
    id: 'referral-1',
    version: 4,
    referrer: 'riverside',
    platforms: ['casework'],
    parentTask: 'parent-1',
    status: 'closed',
    openedAt: AT,
  },
  described,
  number: 'riverside-0001',
  nhsNumber: person.nhsNumber,
  events: [completed],
  forGp: [completed],
  results: [result],
  legs: [leg('leg-1', 'referral'), leg('leg-2', 'write-back')],
  messages: [report('report-1', 'msg_1')],
  taskVersion: 3,
};

export const sound: Evidence = {
  people: [person],
  sent: [{ person, status: 200, task: 'parent-1', surprises: [] }],
  loops: [loop],
  platforms: [
    { partner: 'casework', cases: [oneCase], answered: [{ id: 'msg_1', status: 202 }] },
    { partner: 'springboard', cases: [], answered: [] },
  ],
  filed: {
    resources: [
      {
        resourceType: 'Task',
        identifier: [{ system: REFERRAL_ID_SYSTEM, value: 'referral-1' }],
        status: 'completed',
        intent: 'order',
        businessStatus: { coding: [{ system: LOOP_STATE_SYSTEM, code: 'completed' }] },
      },
      result,
    ],
    names: new Set([`Provenance/${provenanceId(completed)}`]),
    transactions: new Set(['leg-2']),
  },
  polled: { tasks: new Map(), results: new Set() },
};

/** The same with this in the place of what the one loop says. */
export function withLoop(changes: Partial<Loop>): Evidence {
  return { ...sound, loops: [{ ...loop, ...changes }] };
}

/** The same with this in the place of what casework holds. */
export function withCasework(changes: Partial<Evidence['platforms'][number]>): Evidence {
  const [casework, ...others] = sound.platforms;
  if (casework === undefined) throw new Error('casework is the first platform');
  return { ...sound, platforms: [{ ...casework, ...changes }, ...others] };
}

export function withFiled(changes: Partial<Evidence['filed']>): Evidence {
  return { ...sound, filed: { ...sound.filed, ...changes } };
}

export function fateNamed(name: string): Fate {
  const fate = FATES.find((one) => one.name === name);
  if (fate === undefined) throw new Error(`no fate "${name}"`);
  return fate;
}

function leg(id: string, purpose: Leg['purpose']): Leg {
  const partner = purpose === 'referral' ? 'casework' : 'riverside';
  const task = purpose === 'referral' ? 'child-1' : 'parent-1';
  return {
    ...{ id, referral: 'referral-1', task, partner, channel: 'webhook', purpose, message: `sent-${id}` },
    ...{ status: 'acknowledged', attempts: 1, queuedAt: AT },
  };
}

function report(id: string, identity: string): Message {
  return {
    ...{ id, direction: 'in', partner: 'casework', channel: 'webhook', identity, digest: '', at: AT },
    ...{ contentType: 'application/json', headers: {}, body: new Uint8Array(), verdict: 'accepted', findings: [] },
  };
}

import { describe, expect, it } from '@jest/globals';
import type { Task } from 'fhir/r4.js';
import type { LoopEvent } from '../../../../../src/core/loop/event.ts';
import { attachResults } from '../../../../../src/core/loop/report/attach-results.ts';
import { foldLoop } from '../../../../../src/core/loop/tasks/fold.ts';
import { newChildTask } from '../../../../../src/core/loop/tasks/new-child-task.ts';
import { tasksAfter } from '../../../../../src/core/loop/tasks/onto-tasks.ts';
import {
  type Dossier,
  ENTRY_ID_SYSTEM,
  LOOP_STATE_SYSTEM,
  ODS_SYSTEM,
  REFERRAL_ID_SYSTEM,
} from '../../../../../src/core/referral.ts';
import { at, byGp, CHILD, dossier, happened, oneChild, PARENT, referral } from '../a-loop.ts';

const requested = happened('requested', 0, byGp);

function tasksOf(events: readonly LoopEvent[], from: Dossier = dossier()): Task[] {
  const all = [requested, ...events];
  return tasksAfter({ dossier: from, state: foldLoop(oneChild, all), events: all, now: at(30) });
}

function replaced(from: Dossier, tasks: readonly Task[]): Dossier {
  const entry = from.entry?.map((one) => ({
    resource: tasks.find((task) => task.id === one.resource?.id) ?? one.resource,
  }));
  return { ...from, entry: entry?.flatMap(({ resource }) => (resource ? [{ resource }] : [])) ?? [] };
}

const find = (tasks: readonly Task[], id: string) => tasks.find((task) => task.id === id);

describe('the Tasks of a dossier', () => {
  it('say the state: status, word, reason, note, and a next version', () => {
    const waiting = happened('waiting', 5, { actor: 'Sam Okoro', reason: { text: 'Six weeks' }, note: 'On the list.' });
    expect(find(tasksOf([waiting]), CHILD)).toMatchObject({
      status: 'on-hold',
      businessStatus: {
        coding: [{ system: LOOP_STATE_SYSTEM, code: 'waiting', display: 'On a waiting list' }],
        text: 'On a waiting list',
      },
      statusReason: { text: 'Six weeks' },
      note: [{ authorString: 'Sam Okoro, Riverside Casework', time: at(5), text: 'On a waiting list: On the list.' }],
      meta: { versionId: '2', lastUpdated: at(30) },
      lastModified: at(30),
      owner: { display: 'Riverside Casework' },
    });
    expect(find(tasksOf([waiting]), PARENT)).toMatchObject({
      status: 'on-hold',
      statusReason: { text: 'Six weeks' },
      description: expect.any(String),
    });
  });

  it('keep the notes that stood there and add each event once', () => {
    const events = [happened('accepted', 3), happened('did-not-attend', 5)];
    const first = tasksOf(events.slice(0, 1));
    const second = tasksOf(events, replaced(dossier(), first));
    expect(find(second, PARENT)?.note?.map((note) => note.text)).toEqual([
      'Prefers mornings.',
      'Accepted by the service.',
      'Did not attend.',
    ]);
  });

  it('that would not change are not given', () => {
    const events = [happened('accepted', 3)];
    expect(tasksOf(events, replaced(dossier(), tasksOf(events)))).toEqual([]);
  });

  it('of the parent change for everything that the GP must hear, also where the state stays', () => {
    const stood = replaced(dossier(), tasksOf([]));
    const silence = happened('no-answer', 20, { by: 'hearback', note: 'Nobody said yes or no by 2026-11-16.' });
    expect(find(tasksOf([silence], stood), PARENT)?.note?.at(-1)).toMatchObject({
      authorString: 'Hearback',
      text: 'No answer from the service: Nobody said yes or no by 2026-11-16.',
    });
  });

  it('say a reason where one should be, also when none was given, and drop it when it is over', () => {
    const waiting = tasksOf([happened('waiting', 5)]);
    expect(find(waiting, CHILD)?.statusReason).toEqual({ text: 'On a waiting list' });
    const on = tasksOf([happened('waiting', 5), happened('in-progress', 6)], replaced(dossier(), waiting));
    expect(find(on, CHILD)).not.toHaveProperty('statusReason');
  });

  it('give a coded reason the text that Gravity wants', () => {
    const reason = { coding: [{ system: 'urn:example', code: 'full', display: 'No capacity' }] };
    expect(find(tasksOf([happened('rejected', 5, { reason })]), CHILD)?.statusReason).toEqual({
      ...reason,
      text: 'No capacity',
    });
  });

  it('leave out what does not count', () => {
    const task = find(tasksOf([happened('completed', 5), happened('declined', 6)]), PARENT);
    expect(task).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(task)).not.toContain('Declined');
  });

  it('tell both sides when a request to cancel came to nothing', () => {
    const tasks = tasksOf([
      happened('in-progress', 2),
      happened('cancel-requested', 3, byGp),
      happened('completed', 4),
    ]);
    for (const id of [PARENT, CHILD]) {
      expect(find(tasks, id)?.note?.at(-1)?.text).toBe(
        'The request to cancel came to nothing: it had ended already (Completed).',
      );
    }
  });

  it('point at the results, each once', () => {
    const event = happened('outcome-recorded', 9);
    const results = [{ resource: { resourceType: 'Observation', status: 'final', code: { text: 'Score' } } as const }];
    const stored = dossier();
    const [observation] = attachResults({ report: { results }, dossier: stored, event });
    if (observation === undefined) throw new Error('no result');
    stored.entry?.push({ resource: observation });
    const tasks = tasksOf([event], stored);
    const output = [{ type: { text: 'Outcome' }, valueReference: { reference: `Observation/${observation.id}` } }];
    expect(tasks.map((task) => task.output)).toEqual([output, output]);
    expect(tasksOf([event], replaced(stored, tasks))).toEqual([]);
  });

  it('point at each result once, also when one report made two events', () => {
    const [moved, recorded] = [happened('in-progress', 9), happened('outcome-recorded', 9)];
    const events = [moved, { ...recorded, ...(moved.message && { message: moved.message }), id: 'recorded-9' }];
    const results = [{ resource: { resourceType: 'Observation', status: 'final', code: { text: 'Score' } } as const }];
    const stored = dossier();
    const [observation] = attachResults({ report: { results }, dossier: stored, event: moved });
    if (observation === undefined) throw new Error('no result');
    stored.entry?.push({ resource: observation });
    const reference = `Observation/${observation.id}`;
    for (const task of tasksOf(events, stored)) {
      expect(task.output?.map(({ valueReference }) => valueReference?.reference)).toEqual([reference]);
    }
  });

  it('are not changed themselves', () => {
    const from = dossier();
    tasksOf([happened('completed', 5)], from);
    expect(from).toEqual(dossier());
  });
});

describe('the Task of a platform', () => {
  const given = { dossier: dossier(), referral, id: 'task-new', now: at(1) };

  it('is part of the parent, for the platform, about the same request and patient', () => {
    expect(newChildTask({ ...given, partner: { organisation: { name: 'Open Door', ods: 'X9Y8Z' } } })).toEqual({
      resourceType: 'Task',
      id: 'task-new',
      meta: { versionId: '1', lastUpdated: at(1) },
      identifier: [{ system: ENTRY_ID_SYSTEM, value: 'task-new' }],
      groupIdentifier: { system: REFERRAL_ID_SYSTEM, value: referral.id },
      partOf: [{ reference: `Task/${PARENT}` }],
      status: 'requested',
      businessStatus: {
        coding: [{ system: LOOP_STATE_SYSTEM, code: 'requested', display: 'Requested' }],
        text: 'Requested',
      },
      intent: 'order',
      focus: { reference: 'ServiceRequest/request-1' },
      for: { reference: 'Patient/patient-1' },
      authoredOn: at(1),
      lastModified: at(1),
      owner: { type: 'Organization', identifier: { system: ODS_SYSTEM, value: 'X9Y8Z' }, display: 'Open Door' },
    });
  });

  it('needs no code for the organisation', () => {
    const { owner } = newChildTask({ ...given, partner: { organisation: { name: 'Open Door' } } });
    expect(owner).toEqual({ type: 'Organization', display: 'Open Door' });
  });

  it('changes nothing before anything was said of it', () => {
    const task = newChildTask({ ...given, id: CHILD, partner: { organisation: { name: 'Open Door' } } });
    const stood = replaced(dossier(), [task]);
    expect(find(tasksOf([], stood), CHILD)).toBeUndefined();
  });
});

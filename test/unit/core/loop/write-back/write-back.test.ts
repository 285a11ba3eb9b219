import { describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Observation, Provenance, Task } from 'fhir/r4.js';
import type { EventKind, LoopEvent } from '../../../../../src/core/loop/event.ts';
import { attachResults } from '../../../../../src/core/loop/report/attach-results.ts';
import type { ReportedResult } from '../../../../../src/core/loop/report/read-report.ts';
import { STATES } from '../../../../../src/core/loop/states.ts';
import { foldLoop } from '../../../../../src/core/loop/tasks/fold.ts';
import { tasksAfter } from '../../../../../src/core/loop/tasks/onto-tasks.ts';
import { buildWriteBack } from '../../../../../src/core/loop/write-back/write-back.ts';
import {
  type Dossier,
  ENTRY_ID_SYSTEM,
  NHS_NUMBER_SYSTEM,
  REFERRAL_ID_SYSTEM,
  SNOMED_SYSTEM,
} from '../../../../../src/core/referral.ts';
import { at, byGp, dossier, happened, oneChild, PARENT, referral } from '../a-loop.ts';

const requested = happened('requested', 0, byGp);
const answers: ReportedResult = {
  fullUrl: 'urn:uuid:a',
  resource: { resourceType: 'QuestionnaireResponse', status: 'completed' },
};
const score: ReportedResult = {
  resource: {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Score' },
    valueInteger: 23,
    derivedFrom: [{ reference: 'urn:uuid:a' }],
  },
};

/** The dossier as the road leaves it after these events, the last one with results. */
function afterwards(events: readonly LoopEvent[], results: readonly ReportedResult[] = []): Dossier {
  const stored = dossier();
  const last = events.at(-1);
  if (last !== undefined) {
    stored.entry?.push(
      ...attachResults({ report: { results }, dossier: stored, event: last }).map((resource) => ({ resource })),
    );
  }
  const all = [requested, ...events];
  const tasks = tasksAfter({ dossier: stored, state: foldLoop(oneChild, all), events: all, now: at(30) });
  for (const entry of stored.entry ?? []) {
    const task = tasks.find((one) => one.id === entry.resource?.id);
    if (task !== undefined) entry.resource = task;
  }
  return stored;
}

function written(event: LoopEvent, results: readonly ReportedResult[] = []): Bundle {
  const { bundle, findings } = buildWriteBack({ dossier: afterwards([event], results), referral, event });
  if (bundle === undefined) throw new Error(JSON.stringify(findings));
  return bundle;
}

function only<T extends FhirResource['resourceType']>(
  bundle: Bundle,
  type: T,
): Extract<FhirResource, { resourceType: T }> {
  const found = bundle.entry?.map((entry) => entry.resource).find((resource) => resource?.resourceType === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found as Extract<FhirResource, { resourceType: T }>;
}

const completed = happened('completed', 9, { actor: 'Sam Okoro', note: 'Joined the choir.' });

describe('a write-back', () => {
  it('is a transaction that changes nothing when it is sent again', () => {
    const requests = written(completed, [answers, score]).entry?.map(({ request }) => [
      request?.method,
      request?.url,
      request?.ifNoneExist,
    ]);
    const once = (type: string) => [
      'POST',
      type,
      expect.stringMatching(new RegExp(`^identifier=${ENTRY_ID_SYSTEM}\\|[0-9a-f-]{36}$`)),
    ];
    expect(requests).toEqual([
      ['PUT', `Task?identifier=${REFERRAL_ID_SYSTEM}|${referral.id}`, undefined],
      once('QuestionnaireResponse'),
      once('Observation'),
      once('Observation'),
      ['PUT', expect.stringMatching(/^Provenance\/[0-9a-f-]{36}$/), undefined],
    ]);
  });

  it('is the same bytes for the same event', () => {
    expect(JSON.stringify(written(completed, [answers, score]))).toBe(
      JSON.stringify(written(completed, [answers, score])),
    );
  });

  it('creates each thing under the identifier that it carries', () => {
    for (const { request, resource } of written(completed, [answers, score]).entry ?? []) {
      if (request?.ifNoneExist === undefined) continue;
      expect(JSON.stringify(resource)).toContain(request.ifNoneExist.split('|')[1] ?? 'nothing');
    }
  });

  it('names the patient by NHS number and by nothing else', () => {
    const bundle = written(completed, [answers, score]);
    const patient = { type: 'Patient', identifier: { system: NHS_NUMBER_SYSTEM, value: '9990000018' } };
    expect(only(bundle, 'Task').for).toEqual(patient);
    expect(only(bundle, 'Observation').subject).toEqual(patient);
    expect(only(bundle, 'QuestionnaireResponse').subject).toEqual(patient);
    expect(JSON.stringify(bundle)).not.toContain('Testperson');
  });

  it('refers to nothing that the GP system does not have or receive', () => {
    const bundle = written(completed, [answers, score]);
    const sent = new Set(bundle.entry?.map((entry) => entry.fullUrl));
    const pointers = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]*)"/g)].map((match) => match[1]);
    expect(pointers.length).toBeGreaterThan(4);
    for (const pointer of pointers) expect(sent).toContain(pointer);
  });

  it('carries the Task as it stands, without the story that the GP wrote', () => {
    const task: Task = only(written(completed, [score]), 'Task');
    expect(task).toMatchObject({
      identifier: [{ system: REFERRAL_ID_SYSTEM, value: referral.id }],
      status: 'completed',
      focus: { type: 'ServiceRequest', identifier: { system: REFERRAL_ID_SYSTEM, value: referral.id } },
      output: [{ type: { text: 'Outcome' }, valueReference: { reference: expect.stringMatching(/^urn:uuid:/) } }],
    });
    expect(Object.keys(task)).not.toContain('id');
    expect(Object.keys(task)).not.toContain('description');
  });

  it('names results of an earlier event by identifier', () => {
    const first = happened('outcome-recorded', 5);
    const stored = dossier();
    const [early] = attachResults({ report: { results: [score] }, dossier: stored, event: first });
    if (early === undefined) throw new Error('no result');
    stored.entry?.push({ resource: early });
    const all = [requested, first, completed];
    const [parent] = tasksAfter({ dossier: stored, state: foldLoop(oneChild, all), events: all, now: at(30) });
    const { bundle } = buildWriteBack({
      dossier: {
        ...stored,
        entry:
          stored.entry?.map((entry) => (entry.resource?.id === PARENT && parent ? { resource: parent } : entry)) ?? [],
      },
      referral,
      event: completed,
    });
    expect(bundle && only(bundle, 'Task').output).toEqual([
      {
        type: { text: 'Outcome' },
        valueReference: { type: 'Observation', identifier: { system: ENTRY_ID_SYSTEM, value: early.id } },
      },
    ]);
  });

  it('says that the worker wrote it for the platform, and that Hearback put it together', () => {
    const provenance: Provenance = only(written(completed, [score]), 'Provenance');
    expect(provenance).toMatchObject({
      occurredDateTime: at(9),
      recorded: at(9),
      agent: [
        {
          type: { coding: [{ code: 'author' }] },
          who: { display: 'Sam Okoro' },
          onBehalfOf: { display: 'Riverside Casework' },
        },
        { type: { coding: [{ code: 'assembler' }] }, who: { display: 'Hearback' } },
      ],
      entity: [{ role: 'source', what: { identifier: { value: 'urn:uuid:message-completed-9' } } }],
    });
    expect(provenance.target).toHaveLength(3);
    expect(JSON.stringify(provenance.agent[1])).not.toContain('Sam');
  });

  it('of what Hearback concluded by itself has Hearback for its author and no source', () => {
    const { message: _, ...silence } = happened('no-answer', 9, { by: 'hearback' });
    const bundle = written(silence);
    expect(only(bundle, 'Provenance')).toMatchObject({
      agent: [{ who: { display: 'Hearback' } }, { who: { display: 'Hearback' } }],
    });
    expect(only(bundle, 'Provenance')).not.toHaveProperty('entity');
    expect(only(bundle, 'Observation')).not.toHaveProperty('performer');
  });

  it('needs an identifier of the patient', () => {
    const stored = afterwards([completed]);
    const entry = stored.entry?.map(({ resource }) => ({
      resource: resource?.resourceType === 'Patient' ? { ...resource, identifier: [] } : resource,
    }));
    const without: Dossier = {
      ...stored,
      entry: entry?.flatMap(({ resource }) => (resource ? [{ resource }] : [])) ?? [],
    };
    expect(buildWriteBack({ dossier: without, referral, event: completed })).toMatchObject({
      findings: [{ severity: 'error', rule: 'write-back/patient', place: { expression: 'Patient.identifier' } }],
    });
  });
});

describe('the entry in the GP record', () => {
  const entryFor = (kind: EventKind, more: Partial<LoopEvent> = {}): Observation =>
    only(written(happened(kind, 9, more)), 'Observation');

  it('is coded for a decline by the person', () => {
    expect(entryFor('declined').code).toEqual({
      coding: [{ system: SNOMED_SYSTEM, code: '871711000000103', display: 'Social prescribing declined (situation)' }],
      text: 'Declined by the person',
    });
  });

  it('is coded for a missed appointment', () => {
    expect(entryFor('did-not-attend').code.coding).toMatchObject([{ code: '281399006' }]);
  });

  it.each(
    STATES.filter((row) => row.tellsGp && row.code === undefined && row.kind !== 'outcome-recorded').map(
      (row) => [row.kind, row.display] as const,
    ),
  )('is text alone for %s, because no code means exactly that', (kind, display) => {
    expect(entryFor(kind).code).toEqual({ text: display });
  });

  it('carries the author in its text, since record systems show the sender as author', () => {
    const entry = entryFor('declined', {
      actor: 'Sam Okoro',
      reason: { text: 'Too unwell' },
      note: 'Maybe in spring.',
    });
    expect(entry.note).toEqual([
      { text: 'Reason: Too unwell\nMaybe in spring.\nSaid by Sam Okoro, Riverside Casework.' },
    ]);
    expect(entry.performer).toEqual([
      { display: 'Sam Okoro' },
      { type: 'Organization', display: 'Riverside Casework' },
    ]);
  });

  it('is not made for an outcome: its results are the entries', () => {
    const bundle = written(happened('outcome-recorded', 9), [score]);
    expect(bundle.entry?.map((entry) => entry.resource?.resourceType)).toEqual(['Task', 'Observation', 'Provenance']);
  });

  it('keeps text as it was written', () => {
    const note = 'O"Neil","role":"admin and {{ 1+1 }}';
    expect(entryFor('completed', { note }).note?.[0]?.text.split('\n')[0]).toBe(note);
  });
});

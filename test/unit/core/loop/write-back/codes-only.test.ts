import { describe, expect, it } from '@jest/globals';
import type { Bundle, Consent, FhirResource, Task } from 'fhir/r4.js';
import type { LoopEvent } from '../../../../../src/core/loop/event.ts';
import { isLabelled } from '../../../../../src/core/loop/patient-view.ts';
import { attachResults } from '../../../../../src/core/loop/report/attach-results.ts';
import type { ReportedResult } from '../../../../../src/core/loop/report/read-report.ts';
import { foldLoop } from '../../../../../src/core/loop/tasks/fold.ts';
import { tasksAfter } from '../../../../../src/core/loop/tasks/onto-tasks.ts';
import { agreedToCodesOnly } from '../../../../../src/core/loop/write-back/codes-only.ts';
import { buildWriteBack, type WriteBackGiven } from '../../../../../src/core/loop/write-back/write-back.ts';
import { type Dossier, SNOMED_SYSTEM } from '../../../../../src/core/referral.ts';
import { at, byGp, dossier, happened, oneChild, PARENT, referral } from '../a-loop.ts';

const SCORE: ReportedResult = {
  resource: {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: SNOMED_SYSTEM, code: '718466001' }], text: 'SWEMWBS' },
    valueInteger: 23,
    note: [{ text: 'Cried a lot.' }],
  },
};
const WORDS: ReportedResult = {
  resource: {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'How it went' },
    valueString: 'Her son shouts.',
  },
};
const FORM: ReportedResult = {
  resource: {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    item: [{ linkId: '1', answer: [{ valueString: 'My son.' }] }],
  },
};

function written(
  event: LoopEvent,
  results: readonly ReportedResult[] = [],
  more: Partial<WriteBackGiven> = {},
): Bundle {
  const stored: Dossier = dossier();
  stored.entry?.push(
    ...attachResults({ report: { results }, dossier: stored, event }).map((resource) => ({ resource })),
  );
  const all = [happened('requested', 0, byGp), event];
  const tasks = tasksAfter({ dossier: stored, state: foldLoop(oneChild, all), events: all, now: at(30) });
  for (const entry of stored.entry ?? [])
    entry.resource = tasks.find(({ id }) => id === entry.resource?.id) ?? entry.resource ?? stored;
  const { bundle } = buildWriteBack({ dossier: stored, referral, event, ...more });
  if (bundle === undefined) throw new Error('no write-back');
  return bundle;
}

const types = (bundle: Bundle) => bundle.entry?.map(({ resource }) => resource?.resourceType);

describe('codes alone', () => {
  const missed = happened('did-not-attend', 9, {
    actor: 'Sam Okoro',
    note: 'Her son was ill.',
    reason: { text: 'No bus.' },
  });

  it('are all that leaves: no note, no reason, no answer, no name of a person', () => {
    const bundle = written(missed, [SCORE, WORDS, FORM], { codesOnly: true });
    const text = JSON.stringify(bundle);
    for (const word of ['Her son', 'No bus', 'Cried', 'Sam Okoro', 'SWEMWBS', 'mornings', 'My son', 'shouts'])
      expect(text).not.toContain(word);
    expect(text).toContain('718466001');
    expect(text).toContain('281399006');
    expect(text).toContain('23');
    expect(text).toContain('Riverside Casework');
    expect(types(bundle)).toEqual(['Task', 'Observation', 'Observation', 'Provenance']);
  });

  it('leave the state of the Task where nothing has a code', () => {
    const bundle = written(happened('completed', 9, { note: 'Joined the choir.' }), [], { codesOnly: true });
    expect(types(bundle)).toEqual(['Task', 'Provenance']);
    const task = bundle.entry?.[0]?.resource as Task;
    expect(task).toMatchObject({ status: 'completed', businessStatus: { coding: [{ code: 'completed' }] } });
    expect(JSON.stringify(bundle)).not.toContain('choir');
  });

  it('point at nothing that was left out', () => {
    const bundle = written(missed, [SCORE, WORDS, FORM], { codesOnly: true });
    const sent = new Set(bundle.entry?.map(({ fullUrl }) => fullUrl));
    for (const [, pointer] of JSON.stringify(bundle).matchAll(/"reference":"([^"]*)"/g))
      expect(sent).toContain(pointer);
  });

  const consent = (changes: Partial<Consent>): Dossier => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: { resourceType: 'Consent', status: 'active', scope: {}, category: [], ...changes } }],
  });
  const labels = {
    securityLabel: [{ system: 'https://hearback.example/fhir/CodeSystem/disclosure', code: 'codes-only' }],
  };

  it('can be what one person agreed to', () => {
    expect(agreedToCodesOnly(consent({ provision: labels }))).toBe(true);
    expect(agreedToCodesOnly(consent({ provision: labels, status: 'inactive' }))).toBe(false);
    expect(agreedToCodesOnly(consent({}))).toBe(false);
  });
});

describe('what the patient should not see by themselves', () => {
  const labelled = (bundle: Bundle) =>
    (bundle.entry ?? []).flatMap(({ resource }) =>
      resource !== undefined && isLabelled(resource as FhirResource) ? [resource.resourceType] : [],
    );

  it('is labelled when the platform says so, results and all', () => {
    const event = happened('completed', 9, { restricted: true });
    expect(labelled(written(event, [SCORE], { restrictsTask: true }))).toEqual(['Task', 'Observation', 'Observation']);
  });

  it('is labelled when it is an escalation', () => {
    expect(labelled(written(happened('escalated', 9)))).toEqual(['Observation']);
  });

  it('is labelled when the result came labelled, and nothing else is', () => {
    const [label] = [{ system: 'http://hl7.org/fhir/v3/ActCode', code: 'NOPAT' }];
    const own = { resource: { ...SCORE.resource, meta: { security: [label] } } } as ReportedResult;
    expect(labelled(written(happened('completed', 9), [own]))).toEqual(['Observation']);
    expect(labelled(written(happened('completed', 9), [SCORE]))).toEqual([]);
  });

  it('stands by itself in a summary of several', () => {
    const events = [
      happened('accepted', 1),
      happened('waiting', 2, { restricted: true, note: 'Because of his wife.' }),
      happened('completed', 9),
    ];
    const bundle = written(events[2] ?? happened('completed', 9), [], { digest: events });
    const notes = (bundle.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === 'Observation'
        ? [[isLabelled(resource as FhirResource), JSON.stringify(resource).includes('wife')]]
        : [],
    );
    expect(notes).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe('the national referral code', () => {
  const codes = (bundle: Bundle) => JSON.stringify(bundle).match(/871731000000106/g)?.length ?? 0;

  it('is never written unless it is ours to write, and then under one identifier for the episode', () => {
    const event = happened('accepted', 1);
    expect(codes(written(event))).toBe(0);
    const [one, other] = [event, happened('waiting', 5)].map((told) =>
      written(told, [], { episode: { referral: referral.id, at: at(1) } }),
    );
    const created = (bundle: Bundle | undefined) =>
      bundle?.entry?.find(({ resource }) => JSON.stringify(resource).includes('871731000000106'))?.request?.ifNoneExist;
    expect(created(one)).toMatch(/^identifier=/);
    expect(created(other)).toBe(created(one));
  });
});

describe('who wrote a score', () => {
  it('is named as performer, with the organisation, and in the text', () => {
    const bundle = written(happened('outcome-recorded', 9, { actor: 'Sam Okoro' }), [SCORE]);
    const score = bundle.entry?.map(({ resource }) => resource).find((one) => one?.resourceType === 'Observation');
    expect(score).toMatchObject({
      performer: [{ display: 'Sam Okoro' }, { display: 'Riverside Casework' }],
      note: [{ text: 'Cried a lot.' }, { text: 'Said by Sam Okoro, Riverside Casework.' }],
    });
  });
});

describe('a Task in a write-back that goes its own way', () => {
  it('is left out, so that what is older cannot set it back', () => {
    const bundle = written(happened('escalated', 9), [], { withTask: false });
    expect(types(bundle)).toEqual(['Observation', 'Provenance']);
    expect(JSON.stringify(bundle)).not.toContain(PARENT);
  });
});

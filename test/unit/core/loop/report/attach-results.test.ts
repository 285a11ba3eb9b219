import { describe, expect, it } from '@jest/globals';
import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import { attachResults, resultsOf } from '../../../../../src/core/loop/report/attach-results.ts';
import type { ReportedResult } from '../../../../../src/core/loop/report/read-report.ts';
import { ENTRY_ID_SYSTEM } from '../../../../../src/core/referral.ts';
import { at, dossier, happened } from '../a-loop.ts';

const event = happened('outcome-recorded', 9, { actor: 'Sam Okoro' });

const answers: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  id: 'theirs-1',
  status: 'completed',
  subject: { reference: 'Patient/theirs' },
  item: [{ linkId: '1', answer: [{ valueInteger: 3 }] }],
};

const score: Observation = {
  resourceType: 'Observation',
  status: 'final',
  identifier: [{ system: 'urn:theirs', value: 'score-9' }],
  code: { text: 'Wellbeing score' },
  subject: { reference: 'Patient/theirs', display: 'Somebody' },
  encounter: { reference: 'Encounter/5' },
  derivedFrom: [{ reference: 'urn:uuid:answers' }],
  valueInteger: 23,
};

const results: readonly ReportedResult[] = [{ fullUrl: 'urn:uuid:answers', resource: answers }, { resource: score }];
const attach = (list = results) => attachResults({ report: { results: list }, dossier: dossier(), event });

describe("a report's results", () => {
  it('become resources of the dossier, about its patient and based on its request', () => {
    const [response, observation] = attach();
    expect(response).toMatchObject({
      meta: { versionId: '1', lastUpdated: at(9) },
      identifier: { system: ENTRY_ID_SYSTEM, value: response?.id },
      subject: { reference: 'Patient/patient-1' },
      basedOn: [{ reference: 'ServiceRequest/request-1' }],
      authored: at(9),
      author: { display: 'Sam Okoro' },
      item: answers.item,
    });
    expect(observation).toMatchObject({
      subject: { reference: 'Patient/patient-1' },
      basedOn: [{ reference: 'ServiceRequest/request-1' }],
      effectiveDateTime: at(9),
      performer: [{ display: 'Sam Okoro' }],
      valueInteger: 23,
    });
    expect(observation?.subject).not.toHaveProperty('display');
  });

  it("keep the sender's identifiers beside ours", () => {
    const observation = attach()[1];
    expect(observation?.identifier).toEqual([
      { system: 'urn:theirs', value: 'score-9' },
      { system: ENTRY_ID_SYSTEM, value: observation?.id },
    ]);
  });

  it('point at each other as they did, and at nothing that is not there', () => {
    const [response, observation] = attach();
    expect(observation).toMatchObject({
      derivedFrom: [{ reference: `QuestionnaireResponse/${response?.id}` }],
      encounter: { display: 'not sent along' },
    });
    expect(JSON.stringify(attach())).not.toContain('theirs"}');
  });

  it('keep who did it and when, where the sender said so', () => {
    const said: Observation = { ...score, performer: [{ display: 'Jo Field' }], effectiveDateTime: '2026-10-01' };
    expect(attach([{ resource: said }])[0]).toMatchObject({
      performer: [{ display: 'Jo Field' }],
      effectiveDateTime: '2026-10-01',
    });
  });

  it('are the same resources when the same message comes again, and others when another does', () => {
    expect(attach()).toEqual(attach());
    const other = attachResults({
      report: { results },
      dossier: dossier(),
      event: { ...event, message: 'message-other' },
    });
    expect(other[0]?.id).not.toBe(attach()[0]?.id);
    expect(new Set(attach().map((one) => one.id)).size).toBe(2);
  });

  it('are not changed themselves', () => {
    const before = JSON.stringify(results);
    attach();
    expect(JSON.stringify(results)).toBe(before);
  });

  it('are found again in the dossier by the event that they came with', () => {
    const stored = dossier();
    stored.entry?.push(...attach().map((resource) => ({ resource })));
    expect(resultsOf(event, stored).map((one) => one.id)).toEqual(attach().map((one) => one.id));
    expect(resultsOf({ ...event, message: 'message-other' }, stored)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { FhirResource, Patient, ServiceRequest, Task } from 'fhir/r4.js';
import { namesOfChange, readReferralChange } from '../../../../src/core/fhir/read-referral-change.ts';
import type { Dossier } from '../../../../src/core/referral.ts';
import {
  coordinationTask,
  NHS_NUMBER,
  OTHER_NHS_NUMBER,
  patient,
  SNOMED,
  serviceRequest,
} from '../../../fixtures/fhir/referral-bundle.ts';

const of = (...resources: FhirResource[]): Dossier => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const stored: Task = coordinationTask({ id: 'task', note: [{ text: 'First.' }] });
const dossier = of(stored, serviceRequest({ note: [{ text: 'As sent.' }] }), patient());

/** What a message tells, against what is stored. */
function read(
  told: { request?: Partial<ServiceRequest>; task?: Partial<Task>; patient?: Patient },
  event: 'modified' | 'cancelled' = 'modified',
) {
  const bundle = of(serviceRequest(told.request), coordinationTask(told.task), told.patient ?? patient());
  return readReferralChange(bundle, { dossier, stored }, event);
}

describe('a referral that is told again', () => {
  it('as it was, is no change', () => {
    expect(read({})).toEqual({ sent: stored, findings: [] });
  });

  it('adds the notes that are new, wherever they stand, and keeps the old ones', () => {
    const { sent } = read({
      request: { note: [{ text: 'As sent.' }, { text: 'Second.' }] },
      task: { note: [{ text: 'First.' }, { text: 'Third.' }] },
    });
    expect(sent.note?.map(({ text }) => text)).toEqual(['First.', 'Second.', 'Third.']);
  });

  it.each<[string, Partial<ServiceRequest>, string]>([
    ['reasonCode', { reasonCode: [{ coding: [{ system: SNOMED, code: '160932005' }] }] }, 'The reason'],
    ['priority', { priority: 'urgent' }, 'The priority'],
    ['code', { code: { text: 'something else' } }, 'The service'],
  ])('cannot ask for something else by its %s', (element, request, what) => {
    const { findings } = read({ request });
    expect(findings).toMatchObject([
      { rule: 'referral/no-update', severity: 'error', place: { expression: `ServiceRequest.${element}` } },
    ]);
    expect(findings[0]?.message).toContain(what);
  });

  it('is not another patient’s, and may be of one whose number is not told', () => {
    const numbered = (value: string) =>
      patient({ identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value }] });
    expect(read({ patient: numbered(OTHER_NHS_NUMBER) }).findings).toMatchObject([{ rule: 'referral/other-patient' }]);
    expect(read({ patient: numbered(NHS_NUMBER) }).findings).toEqual([]);
    expect(read({ patient: patient({ identifier: [] }) }, 'cancelled').findings).toEqual([]);
  });

  it('is not another patient’s by the practice’s own number either, where the NHS number is not told', () => {
    const nhs = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: NHS_NUMBER };
    const own = (value: string, authority = 'GP') => ({ system: `urn:hearback:patient:elm:${authority}`, value });
    const known = of(
      stored,
      serviceRequest({ note: [{ text: 'As sent.' }] }),
      patient({ identifier: [nhs, own('100'), { use: 'old', ...own('99') }] }),
    );
    const rulesOf = (...identifier: NonNullable<Patient['identifier']>) =>
      readReferralChange(
        of(serviceRequest(), patient({ identifier })),
        { dossier: known, stored },
        'cancelled',
      ).findings.map(({ rule }) => rule);
    expect(rulesOf(own('555'))).toEqual(['referral/other-patient']);
    expect(rulesOf(own('100'))).toEqual([]);
    // Merged since: still the same patient.
    expect(rulesOf(own('99'))).toEqual([]);
    // Of an authority that the referral named no number of: nothing to compare.
    expect(rulesOf(own('555', 'HOSPITAL'))).toEqual([]);
    // The NHS number decides where both have one.
    expect(rulesOf(nhs, own('555'))).toEqual([]);
  });
});

describe('a referral that is cancelled', () => {
  it('by the event alone, by the Task or by the request', () => {
    expect(read({}, 'cancelled').sent.status).toBe('cancelled');
    expect(read({ task: { status: 'cancelled' } }).sent.status).toBe('cancelled');
    expect(read({ request: { status: 'revoked' } }).sent.status).toBe('cancelled');
    expect(read({ request: { status: 'entered-in-error' } }, 'cancelled').sent.status).toBe('entered-in-error');
  });

  it('says why in the Task, or where the request gave its reasons', () => {
    const why = { text: 'Moves away.' };
    expect(read({ task: { statusReason: why } }, 'cancelled').sent.statusReason).toEqual(why);
    const { sent, findings } = read(
      { request: { reasonCode: [...(serviceRequest().reasonCode ?? []), why] } },
      'cancelled',
    );
    expect(sent.statusReason).toEqual(why);
    expect(findings).toEqual([]);
    expect(read({}, 'cancelled').sent.statusReason).toBeUndefined();
  });
});

it('a referral is named by the identifiers of its request and its task', () => {
  expect(namesOfChange(of(patient(), serviceRequest(), coordinationTask()))).toEqual([
    'https://gp.example/referral-number|SP-0001',
    'https://gp.example/task-number|T-0001',
  ]);
});

import { describe, expect, it } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import { type DossierLookup, indexOf, isIndexed, searchParametersOf } from '../../../../src/core/fhir/search-index.ts';
import * as sent from '../../../fixtures/fhir/referral-bundle.ts';

const DOSSIER: Record<string, FhirResource> = {
  'Patient/p': sent.patient({ id: 'p' }),
  'Organization/o': { ...sent.practice(), id: 'o' } as FhirResource,
};
const lookup: DossierLookup = (reference) => DOSSIER[reference];
const found = (resource: FhirResource, look: DossierLookup = lookup): string[] =>
  indexOf(resource, look).map(({ param, value }) => `${param}=${value}`);
const NUMBER = `https://fhir.nhs.uk/Id/nhs-number|${sent.NHS_NUMBER}`;

describe('the search values', () => {
  it('of a Task are those that R4 names, with Task.for as patient', () => {
    const task = sent.coordinationTask({
      id: 't',
      meta: { lastUpdated: '2026-11-18T09:31:00.500+01:00' },
      focus: { reference: 'ServiceRequest/r' },
      for: { reference: 'Patient/p' },
      requester: { reference: 'Organization/o' },
      owner: { identifier: { system: 'https://fhir.nhs.uk/id/ods-organization-code', value: 'Z99002' } },
      partOf: [{ reference: 'Task/parent' }],
      lastModified: '2026-11-18T09:31:00+00:00',
      businessStatus: {
        coding: [{ system: 'https://hearback.example/fhir/CodeSystem/loop-state', code: 'requested' }],
      },
    });
    expect(found(task).sort()).toEqual(
      [
        '_id=t',
        '_lastUpdated=2026-11-18T08:31:00.500Z',
        'authored-on=2026-11-18T09:30:00.000Z',
        'business-status=https://hearback.example/fhir/CodeSystem/loop-state|requested',
        'code=http://hl7.org/fhir/CodeSystem/task-code|fulfill',
        'focus=ServiceRequest/r',
        'identifier=https://gp.example/task-number|T-0001',
        'intent=order',
        'modified=2026-11-18T09:31:00.000Z',
        'owner=https://fhir.nhs.uk/Id/ods-organization-code|Z99002',
        'part-of=Task/parent',
        `patient.identifier=${NUMBER}`,
        'patient=Patient/p',
        'requester=Organization/o',
        'requester=https://fhir.nhs.uk/Id/ods-organization-code|Z99001',
        'status=requested',
        `subject=${NUMBER}`,
        'subject=Patient/p',
      ].sort(),
    );
  });

  it('of a ServiceRequest name its codes by system and code, also where there is no system', () => {
    const request = sent.serviceRequest({
      code: {
        text: 'help',
        coding: [{ system: sent.SNOMED, code: sent.SOCIAL_PRESCRIBING }, { code: 'SP' }, { display: 'x' }],
      },
    });
    expect(found(request).filter((line) => line.startsWith('code='))).toEqual([
      `code=${sent.SNOMED}|${sent.SOCIAL_PRESCRIBING}`,
      'code=|SP',
    ]);
  });

  it('of a patient named by identifier only chain all the same', () => {
    const identifier = { system: 'https://fhir.nhs.uk/id/nhs-number', value: sent.NHS_NUMBER };
    expect(found(sent.serviceRequest({ subject: { identifier } }))).toContain(`patient.identifier=${NUMBER}`);
  });

  it('of a subject that is no patient are no patient’s', () => {
    const about: FhirResource = {
      resourceType: 'Observation',
      status: 'final',
      code: {},
      subject: { reference: 'Location/l' },
      basedOn: [{ reference: 'ServiceRequest/r' }],
    };
    expect(found(about)).toEqual(['based-on=ServiceRequest/r', 'status=final', 'subject=Location/l']);
  });

  it('of a Provenance are its targets, and patient only where a target is one', () => {
    const provenance: FhirResource = {
      resourceType: 'Provenance',
      recorded: '2026-11-18T10:00:00Z',
      agent: [],
      target: [{ reference: 'Observation/o1' }, { reference: 'Patient/p' }],
    };
    expect(found(provenance).sort()).toEqual(
      [
        `patient.identifier=${NUMBER}`,
        'patient=Patient/p',
        'recorded=2026-11-18T10:00:00.000Z',
        'target=Observation/o1',
        'target=Patient/p',
        `target=${NUMBER}`,
      ].sort(),
    );
  });

  it('of a QuestionnaireResponse include its one identifier and its form', () => {
    const response: FhirResource = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      identifier: { system: 's', value: '1' },
      questionnaire: 'https://q.example/wellbeing',
      basedOn: [{ reference: 'ServiceRequest/r' }],
    };
    expect(found(response)).toEqual([
      'based-on=ServiceRequest/r',
      'identifier=s|1',
      'questionnaire=https://q.example/wellbeing',
      'status=completed',
    ]);
  });

  it('of a date are the first moment it may mean', () => {
    expect(found(sent.patient({ birthDate: '1951-03' }))).toContain('birthdate=1951-03-01T00:00:00.000Z');
    expect(found(sent.patient({ birthDate: 'nonsense' })).some((line) => line.startsWith('birthdate'))).toBe(false);
  });

  it('of any other type are its id and last update', () => {
    expect(
      found({ resourceType: 'Flag', id: 'f', status: 'active', code: {}, subject: { reference: 'Patient/p' } }),
    ).toEqual(['_id=f']);
    expect(isIndexed('Flag')).toBe(false);
    expect(isIndexed('constructor')).toBe(false);
  });

  it('come sorted and once each', () => {
    const twice = sent.serviceRequest({
      category: [
        { coding: [{ system: 's', code: 'b' }] },
        {
          coding: [
            { system: 's', code: 'b' },
            { system: 's', code: 'a' },
          ],
        },
      ],
    });
    expect(found(twice).filter((line) => line.startsWith('category'))).toEqual(['category=s|a', 'category=s|b']);
  });

  it('are of the parameters that the type is searched by', () => {
    const task = sent.coordinationTask({ id: 't', for: { reference: 'Patient/p' } });
    const offered = new Set(searchParametersOf('Task'));
    expect(offered).toContain('patient.identifier');
    for (const { param } of indexOf(task, lookup)) expect(offered).toContain(param);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Condition, Consent, FhirResource, Observation, ServiceRequest } from 'fhir/r4.js';
import { checkConsent } from '../../../../src/core/fhir/consent.ts';
import * as sent from '../../../fixtures/fhir/referral-bundle.ts';

const ABSENT = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-asked' };
const SHARING = { coding: [{ system: sent.SNOMED, code: '425691002' }] };

function stated(resources: FhirResource[], request: Partial<ServiceRequest> = {}): string[] {
  const located = resources.map((resource) => ({ resource, at: resource.resourceType }));
  const found = checkConsent({ resource: sent.serviceRequest(request), at: 'ServiceRequest' }, located, 'Bundle');
  return found.map(({ severity, rule, place }) => `${severity} ${rule} ${place.expression}`);
}

const observed = (changes: Partial<Observation> = {}): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: SHARING,
  ...changes,
});
const condition = (changes: Partial<Condition> = {}): Condition => ({
  resourceType: 'Condition',
  code: SHARING,
  subject: {},
  ...changes,
});
const MISSING = ['error referral/consent Bundle'];
const REFUSED = ['error referral/consent-refused Consent'];
const STATED_ABSENT = ['warning referral/consent-absent Consent'];

describe('consent to share', () => {
  it('is given by an active Consent, or by the coded finding', () => {
    expect(stated([sent.consent()])).toEqual([]);
    expect(stated([observed()])).toEqual([]);
    expect(stated([observed({ code: { text: 'consent' }, valueCodeableConcept: SHARING })])).toEqual([]);
    expect(stated([condition()])).toEqual([]);
  });

  it('is never assumed from silence', () => {
    expect(stated([])).toEqual(MISSING);
    expect(stated([sent.patient()])).toEqual(MISSING);
  });

  it('is not given by what was withdrawn, refuted, or codes something else', () => {
    expect(stated([observed({ status: 'entered-in-error' })])).toEqual(MISSING);
    expect(stated([condition({ verificationStatus: { coding: [{ code: 'refuted' }] } })])).toEqual(MISSING);
    expect(stated([observed({ code: { coding: [{ system: 'https://local.example', code: '425691002' }] } })])).toEqual(
      MISSING,
    );
    expect(stated([sent.consent({ status: 'entered-in-error' })])).toEqual(MISSING);
  });

  it('is not given by a Consent about research or an advance directive', () => {
    for (const code of ['research', 'adr'])
      expect(stated([sent.consent({ scope: { coding: [{ code }] } })])).toEqual(MISSING);
  });

  it.each([{ status: 'rejected' }, { status: 'inactive' }, { provision: { type: 'deny' } }] as Partial<Consent>[])(
    'is refused by %j',
    (changes) => {
      expect(stated([sent.consent(changes)])).toEqual(REFUSED);
    },
  );

  it('is refused by the coded question answered no', () => {
    expect(stated([observed({ valueBoolean: false })])).toEqual(['error referral/consent-refused Observation']);
  });

  it('is refused also when another Consent gives it', () => {
    expect(stated([sent.consent(), sent.consent({ status: 'rejected' })])).toEqual(REFUSED);
  });

  it.each([
    { extension: [ABSENT] },
    { _status: { extension: [ABSENT] } },
    { _dateTime: { extension: [ABSENT] } },
    { provision: { extension: [ABSENT] } },
  ] as Partial<Consent>[])('may be stated absent in a proposed Consent (%#)', (changes) => {
    expect(stated([sent.consent({ status: 'proposed', ...changes })])).toEqual(STATED_ABSENT);
  });

  it('is missing when a proposed Consent does not say why', () => {
    expect(stated([sent.consent({ status: 'proposed' })])).toEqual(MISSING);
    expect(stated([sent.consent({ status: 'draft', extension: [{ url: ABSENT.url }] })])).toEqual(MISSING);
  });

  it('may be stated absent where the Consent would have been referred to', () => {
    expect(stated([], { supportingInfo: [{ display: 'x' }, { type: 'Consent', extension: [ABSENT] }] })).toEqual([
      'warning referral/consent-absent ServiceRequest.supportingInfo[1]',
    ]);
    expect(stated([], { supportingInfo: [{ type: 'Observation', extension: [ABSENT] }] })).toEqual(MISSING);
  });
});

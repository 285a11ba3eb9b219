import { describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Patient } from 'fhir/r4.js';
import { readReferral } from '../../src/core/fhir/read-referral.ts';
import type { ReadingGiven } from '../../src/core/fhir/read-result.ts';
import { dossier, shipped, shippedMapping } from './shipped-library.ts';

const OUTWARD = { referral: 'ref-1', task: 'task-9', now: '2026-11-02T09:00:01.000Z', partner: 'p', message: 'm-1' };
const INWARD = { receivedAt: '2026-11-21T10:00:05.000Z', partner: 'p', message: 'm-2' };

/** What a Patient can hold of each category that a mapping may disclose, each with a mark that is looked for. */
const MARKED: Readonly<Record<string, Partial<Patient>>> = {
  name: { name: [{ family: 'MARK-name', given: ['MARK-name'] }] },
  nhsNumber: { identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: 'MARK-nhsNumber' }] },
  identifier: { identifier: [{ system: 'https://mockridge.example/Id/patient', value: 'MARK-identifier' }] },
  birthDate: { birthDate: '1907-07-07' },
  telecom: { telecom: [{ system: 'phone', value: 'MARK-telecom' }] },
  address: { address: [{ line: ['MARK-address'], postalCode: 'MARK-address' }] },
  contact: { contact: [{ name: { family: 'MARK-contact' }, telecom: [{ system: 'phone', value: 'MARK-contact' }] }] },
  photo: { photo: [{ title: 'MARK-photo' }] },
  maritalStatus: { maritalStatus: { text: 'MARK-maritalStatus' } },
  communication: { communication: [{ language: { text: 'MARK-communication' } }] },
  deceased: { deceasedDateTime: '1908-08-08' },
  text: { text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">MARK-text</div>' } },
  extension: { extension: [{ url: 'https://example.org/ethnic-category', valueString: 'MARK-extension' }] },
};
const MARKS: Readonly<Record<string, string>> = { birthDate: '1907-07-07', deceased: '1908-08-08' };

function withPatient(marked: Partial<Patient>): unknown {
  const bundle = structuredClone(dossier('full')) as Bundle<FhirResource>;
  for (const { resource } of bundle.entry ?? [])
    if (resource?.resourceType === 'Patient') Object.assign(resource, marked);
  return bundle;
}

const outward = shipped.filter(({ source }) => source.from === 'fhir/referral').map((one) => [one.name, one] as const);

describe('what leaves the house', () => {
  it.each(outward)('%s says nothing of the patient that it does not disclose', (_name, { source, mapping }) => {
    const allowed = source.discloses?.map(({ name }) => name) ?? [];
    for (const [category, marked] of Object.entries(MARKED)) {
      const text = JSON.stringify(mapping.run(withPatient(marked), OUTWARD).result);
      const mark = MARKS[category] ?? `MARK-${category}`;
      if (!allowed.includes(category))
        expect({ category, leaks: text.includes(mark) }).toEqual({ category, leaks: false });
    }
  });

  it('and the marks are such that a leak would be seen', () => {
    const casework = shipped.find(({ name }) => name === 'casework/referral');
    const seen = (category: string) =>
      JSON.stringify(casework?.mapping.run(withPatient(MARKED[category] ?? {}), OUTWARD).result);
    for (const category of ['name', 'nhsNumber', 'telecom', 'address'])
      expect(seen(category)).toContain(`MARK-${category}`);
  });

  it.each(outward)('%s says nothing that no longer holds', (_name, { mapping }) => {
    const text = JSON.stringify(mapping.run(dossier('full'), OUTWARD).result);
    for (const old of ['9990000026', 'Formerly', 'SE1 1AA', '0999', 'another platform'])
      expect(text).not.toContain(old);
  });
});

function run(name: string, input: unknown, variables: Readonly<Record<string, unknown>>): Bundle<FhirResource> {
  const { result, findings } = shippedMapping(name).mapping.run(input, variables);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return result as Bundle<FhirResource>;
}

function only<T extends FhirResource['resourceType']>(bundle: Bundle<FhirResource>, type: T, code = '') {
  const found = (bundle.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === type ? [resource] : []));
  return found.find((one) => JSON.stringify(one).includes(code)) as Extract<FhirResource, { resourceType: T }>;
}

const full = dossier('full') as Bundle<FhirResource>;

describe('a dossier that goes out and comes in again', () => {
  it.each(['bars', 'gravity'])('keeps service, reasons, problems, people and consent (%s)', (shape) => {
    const back = run(`${shape}/dossier`, run(`${shape}/referral`, full, OUTWARD), INWARD);
    const [before, after] = [full, back].map((bundle) => only(bundle, 'ServiceRequest'));
    expect(after?.code).toEqual(before?.code);
    expect(after?.reasonCode).toEqual(before?.reasonCode);
    expect(after?.priority).toBe(before?.priority);
    expect(after?.requester).toEqual(before?.requester);
    expect(after?.reasonReference).toEqual(before?.reasonReference);
    expect(only(back, 'Condition').code).toEqual(only(full, 'Condition').code);
    expect(only(back, 'Practitioner').name).toEqual(only(full, 'Practitioner').name);
    expect(only(back, 'Consent').dateTime).toBe(only(full, 'Consent').dateTime);
    expect(only(back, 'Task', 'fulfill').focus).toEqual({ reference: 'ServiceRequest/s1' });
  });

  it.each(['bars', 'gravity'])('is understood by a platform of another shape afterwards (%s)', (shape) => {
    const back = run(`${shape}/dossier`, run(`${shape}/referral`, full, OUTWARD), INWARD);
    const told = shippedMapping('casework/referral').mapping.run(back, OUTWARD).result;
    expect(told).toMatchObject({
      case: {
        client: { nhsNumber: '9990000018', name: { first: 'Ada Mary', last: 'Testwell', title: 'Mrs' } },
        needs: [{ code: 'loneliness' }, { label: 'Lives alone (finding)' }, {}, { code: 'money' }],
        consent: { toShare: true, recordedOn: '2026-11-01' },
        referrer: { organisation: 'Mockridge Surgery', odsCode: 'X99901', person: 'Dr Grace Sampleby' },
      },
    });
  });
});

describe('a message that a mapping makes for a BaRS receiver', () => {
  const given: ReadingGiven = {
    now: OUTWARD.now,
    newId: () => 'new-id',
    referralId: 'referral-1',
    policy: { nhsNumberCheck: 'refuse', serviceCodes: () => 'yes' },
    known: () => undefined,
  };

  it.each([
    ['bars/referral', 'new'],
    ['bars/update', 'update'],
    ['bars/cancel', 'cancel'],
  ])('is one that the inlet of this engine takes (%s)', (name, intent) => {
    let count = 0;
    const { reading, findings } = readReferral(
      run(name, full, OUTWARD),
      { kind: 'fhir-message' },
      { ...given, newId: () => `id-${++count}` },
    );
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(reading?.intent).toBe(intent);
  });
});

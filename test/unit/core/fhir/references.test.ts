import { describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import {
  canonicalSystem,
  copyWithPointers,
  identifierKeys,
  isResource,
  parseReference,
  referencesIn,
  restfulUrl,
} from '../../../../src/core/fhir/references.ts';
import { coordinationTask, patient } from '../../../fixtures/fhir/referral-bundle.ts';

describe('a literal reference', () => {
  it.each([
    ['#patient', { kind: 'contained', id: 'patient' }],
    ['#', { kind: 'contained', id: '' }],
    ['Patient/1', { kind: 'relative', typeId: 'Patient/1' }],
    ['Patient/1/_history/7', { kind: 'relative', typeId: 'Patient/1' }],
    ['https://gp.example/fhir/Patient/1/_history/7', { kind: 'absolute', url: 'https://gp.example/fhir/Patient/1' }],
    ['urn:uuid:0a', { kind: 'absolute', url: 'urn:uuid:0a' }],
    [
      'Patient?identifier=https://s.example|1',
      { kind: 'conditional', type: 'Patient', identifier: 'https://s.example|1' },
    ],
    ['Patient?name=x', { kind: 'conditional', type: 'Patient', identifier: undefined }],
  ])('%s is taken apart', (text, parts) => expect(parseReference(text)).toEqual(parts));

  it('has a base when it is the url of a resource on a server', () => {
    expect(restfulUrl('https://gp.example/fhir/Patient/1')).toEqual({
      base: 'https://gp.example/fhir/',
      typeId: 'Patient/1',
    });
    expect(restfulUrl('urn:uuid:0a')).toBeUndefined();
    expect(restfulUrl(undefined)).toBeUndefined();
  });
});

describe('identifier systems', () => {
  it('are compared with /Id/ for the NHS and untouched for everybody else', () => {
    expect(canonicalSystem('https://fhir.nhs.uk/id/ods-organization-code')).toBe(
      'https://fhir.nhs.uk/Id/ods-organization-code',
    );
    expect(canonicalSystem('https://gp.example/id/x')).toBe('https://gp.example/id/x');
  });

  it('give keys also where a type has one identifier instead of a list', () => {
    const response = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      identifier: { system: 's', value: '1' },
    } as const;
    expect(identifierKeys(response)).toEqual(['s|1']);
    expect(identifierKeys({ resourceType: 'Patient', identifier: [{ system: 's' }, { value: '2' }] })).toEqual(['|2']);
  });
});

describe('copying a resource', () => {
  it('visits every reference with its FHIRPath, logical ones too', () => {
    const task = coordinationTask({
      owner: { identifier: { system: 's', value: 'o' } },
      basedOn: [{ reference: 'CarePlan/1' }],
    });
    expect(
      referencesIn(task, 'Task')
        .map(({ at }) => at)
        .sort(),
    ).toEqual(['Task.basedOn[0]', 'Task.focus', 'Task.for', 'Task.owner', 'Task.requester']);
  });

  it('does not take an identifier of the resource itself for a reference', () => {
    expect(
      referencesIn({ resourceType: 'QuestionnaireResponse', status: 'completed', identifier: { value: '1' } }, 'Q'),
    ).toEqual([]);
    expect(referencesIn(patient(), 'Patient').map(({ at }) => at)).toEqual(['Patient.managingOrganization']);
  });

  it('leaves the original untouched and keeps a key named __proto__ as data', () => {
    const text =
      '{"resourceType":"Patient","managingOrganization":{"reference":"a"},"extension":[{"url":"u","__proto__":{"x":1}}]}';
    const original = JSON.parse(text);
    expect(isResource(original)).toBe(true);
    const copy = copyWithPointers(original, 'Patient', { reference: () => ({ reference: 'b' }) }) as Patient;
    expect(JSON.stringify(original)).toBe(text);
    expect(JSON.stringify(copy)).toBe(text.replace('"a"', '"b"'));
    expect('x' in (copy.extension?.[0] ?? {})).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import * as synthetic from './synthetic-resources.ts';

const model = loadR4Model();
const { altered, observation, patient, serviceRequest, task } = synthetic;

/** `rule at place` of everything found. */
const found = (resource: unknown) =>
  checkStructure(resource, model).map(({ rule, place }) => `${rule} at ${place.expression}`);

describe('checkStructure', () => {
  it.each(synthetic.all.map((resource) => [resource.resourceType, resource] as const))(
    'finds nothing wrong with a valid %s',
    (_, resource) => {
      expect(checkStructure(resource, model)).toEqual([]);
    },
  );

  it.each([[null], [undefined], ['text'], [1], [[]]])('refuses %j as a resource', (value) => {
    expect(found(value)).toEqual(['fhir/structure at Resource']);
  });

  it('refuses a resource without a type or of an unknown type, with a suggestion', () => {
    expect(checkStructure({ id: 'x' }, model)).toMatchObject([{ rule: 'fhir/resource-type', issue: 'required' }]);
    expect(checkStructure({ resourceType: 'Servicerequest' }, model)).toMatchObject([
      { rule: 'fhir/resource-type', remedy: 'Did you mean "ServiceRequest"?' },
    ]);
    for (const name of ['DomainResource', 'HumanName', 'constructor', 7, null])
      expect(found({ resourceType: name })).toEqual(['fhir/resource-type at Resource']);
  });

  it('finds an element that R4 does not have and suggests the one that was meant', () => {
    const damaged = altered(serviceRequest, { reasoncode: [], resourcetype: 'x', _subject: {} });
    expect(checkStructure(damaged, model)).toMatchObject([
      {
        rule: 'fhir/unknown-element',
        place: { expression: 'ServiceRequest.reasoncode' },
        remedy: 'Did you mean "reasonCode"?',
      },
      { rule: 'fhir/unknown-element', place: { expression: 'ServiceRequest.resourcetype' } },
      { rule: 'fhir/unknown-element', place: { expression: 'ServiceRequest._subject' } },
    ]);
  });

  it('explains that a choice needs its type in the name', () => {
    const damaged = altered(observation, { valueQuantity: undefined, value: 3 });
    expect(checkStructure(damaged, model)).toMatchObject([
      {
        rule: 'fhir/unknown-element',
        place: { expression: 'Observation.value' },
        remedy: 'Did you mean "valueQuantity"?',
      },
    ]);
  });

  it('writes a name from outside as a delimited and shortened step', () => {
    const damaged = altered(patient, { ['a`b"<c>'.padEnd(90, 'x')]: 1 });
    const [finding] = checkStructure(damaged, model);
    expect(finding?.place.expression).toBe(`Patient.\`${'a?b??c?'.padEnd(40, 'x')}\``);
  });

  it('gives the place with all indexes, from the root or from where it is told to start', () => {
    const coding = [{ code: 'a' }, { code: 1 }];
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: patient }, { resource: altered(serviceRequest, { reasonCode: [{ coding }] }) }],
    };
    expect(found(bundle)).toEqual(['fhir/code-is-number at Bundle.entry[1].resource.reasonCode[0].coding[1].code']);
    const damaged = altered(serviceRequest, { status: 1 });
    expect(checkStructure(damaged, model, 'Bundle.entry[7].resource')[0]?.place.expression).toBe(
      'Bundle.entry[7].resource.status',
    );
  });

  it('says of a code sent as a number what to do about it', () => {
    const damaged = altered(serviceRequest, {
      code: { coding: [{ system: 'http://snomed.info/sct', code: 871731000000106 }] },
    });
    const [finding, ...others] = checkStructure(damaged, model);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'error',
      rule: 'fhir/code-is-number',
      place: { expression: 'ServiceRequest.code.coding[0].code' },
      remedy: expect.stringContaining('as strings'),
    });
    expect(JSON.stringify(finding)).not.toContain('871731000000106');
  });

  it.each([
    [
      'a list where one value belongs',
      altered(serviceRequest, { subject: [{ reference: 'Patient/p1' }] }),
      'fhir/cardinality at ServiceRequest.subject',
    ],
    [
      'one value where a list belongs',
      altered(serviceRequest, { reasonCode: { text: 'x' } }),
      'fhir/cardinality at ServiceRequest.reasonCode',
    ],
    [
      'a list where one primitive belongs',
      altered(serviceRequest, { status: ['active'] }),
      'fhir/cardinality at ServiceRequest.status',
    ],
    [
      'one primitive where a list belongs',
      altered(patient, { name: [{ given: 'Ada' }] }),
      'fhir/cardinality at Patient.name[0].given',
    ],
    [
      'a primitive where an object belongs',
      altered(serviceRequest, { subject: 'Patient/p1' }),
      'fhir/structure at ServiceRequest.subject',
    ],
    [
      'an object where a primitive belongs',
      altered(serviceRequest, { authoredOn: {} }),
      'fhir/structure at ServiceRequest.authoredOn',
    ],
    [
      'null where an object belongs',
      altered(serviceRequest, { subject: null }),
      'fhir/structure at ServiceRequest.subject',
    ],
    [
      'null where a primitive belongs',
      altered(serviceRequest, { authoredOn: null }),
      'fhir/json-type at ServiceRequest.authoredOn',
    ],
    [
      'null in a list of objects',
      altered(serviceRequest, { note: [null] }),
      'fhir/structure at ServiceRequest.note[0]',
    ],
    ['a text where a boolean belongs', altered(patient, { active: 'true' }), 'fhir/json-type at Patient.active'],
    [
      'a number where a text belongs',
      altered(patient, { identifier: [{ value: 9990000018 }] }),
      'fhir/json-type at Patient.identifier[0].value',
    ],
    ['a date that does not exist', altered(patient, { birthDate: '2026-02-30' }), 'fhir/format at Patient.birthDate'],
    [
      'a moment without a time zone',
      altered(serviceRequest, { authoredOn: '2026-03-01T09:30:00' }),
      'fhir/format at ServiceRequest.authoredOn',
    ],
    ['an id that is none', altered(patient, { id: 'a b' }), 'fhir/format at Patient.id'],
    ['an empty text', altered(patient, { language: '' }), 'fhir/empty at Patient.language'],
    ['an empty list', altered(patient, { telecom: [] }), 'fhir/empty at Patient.telecom'],
    ['an empty list of primitives', altered(patient, { name: [{ given: [] }] }), 'fhir/empty at Patient.name[0].given'],
    ['an empty object', altered(patient, { maritalStatus: {} }), 'fhir/empty at Patient.maritalStatus'],
    ['a missing element', altered(serviceRequest, { subject: undefined }), 'fhir/required at ServiceRequest'],
    [
      'a missing element of a backbone',
      altered(patient, { communication: [{ preferred: true }] }),
      'fhir/required at Patient.communication[0]',
    ],
    ['a missing choice', altered(task, { input: [{ type: { text: 'x' } }] }), 'fhir/required at Task.input[0]'],
    [
      'a code outside its required value set',
      altered(serviceRequest, { status: 'sent' }),
      'fhir/required-binding at ServiceRequest.status',
    ],
    ['a code in the wrong case', altered(patient, { gender: 'Female' }), 'fhir/required-binding at Patient.gender'],
    ['a choice given twice', altered(observation, { valueString: 'x' }), 'fhir/choice at Observation.valueString'],
    [
      'a choice given twice, once by its extension',
      altered(observation, { _valueString: { id: 'x' } }),
      'fhir/choice at Observation.valueString',
    ],
    [
      'an extension without a url',
      altered(patient, { extension: [{ valueString: 'x' }] }),
      'fhir/required at Patient.extension[0]',
    ],
    [
      'an extension with nothing in it',
      altered(patient, { extension: [{ url: 'urn:x' }] }),
      'fhir/extension-content at Patient.extension[0]',
    ],
    [
      'an extension with value and extensions',
      altered(patient, {
        extension: [{ url: 'urn:x', valueString: 'x', extension: [{ url: 'urn:y', valueString: 'y' }] }],
      }),
      'fhir/extension-content at Patient.extension[0]',
    ],
    [
      'a contained resource without an id',
      altered(patient, { contained: [{ resourceType: 'Organization', name: 'x' }] }),
      'fhir/contained-id at Patient.contained[0]',
    ],
    [
      'a contained resource that contains',
      altered(patient, {
        contained: [
          { resourceType: 'Patient', id: 'a', contained: [{ resourceType: 'Patient', id: 'b', active: true }] },
        ],
      }),
      'fhir/contained-nested at Patient.contained[0].contained',
    ],
    [
      'a fault inside a contained resource',
      altered(patient, { contained: [{ resourceType: 'Organization', id: 'a', naem: 'x' }] }),
      'fhir/unknown-element at Patient.contained[0].naem',
    ],
    [
      'an empty reference',
      altered(serviceRequest, { subject: { type: 'Patient' } }),
      'fhir/reference-empty at ServiceRequest.subject',
    ],
    [
      'a reference to a type that may not stand there',
      altered(serviceRequest, { subject: { reference: 'Medication/1' } }),
      'fhir/reference-target at ServiceRequest.subject',
    ],
    [
      'an absolute reference of the wrong type',
      altered(serviceRequest, { subject: { reference: 'https://x.example/Task/1/_history/2' } }),
      'fhir/reference-target at ServiceRequest.subject',
    ],
    [
      'the wrong type beside an identifier',
      altered(serviceRequest, { subject: { type: 'Task', display: 'x' } }),
      'fhir/reference-target at ServiceRequest.subject',
    ],
    [
      'a value and a reason for having none',
      altered(observation, { dataAbsentReason: { text: 'x' } }),
      'fhir/obs-6 at Observation',
    ],
    [
      'a unit code without a system',
      altered(observation, { valueQuantity: { value: 1, code: 'kg' } }),
      'fhir/qty-3 at Observation.valueQuantity',
    ],
    [
      'a telephone that is not said to be one',
      altered(patient, { telecom: [{ value: '01632 960001' }] }),
      'fhir/cpt-2 at Patient.telecom[0]',
    ],
    [
      'a contact without a name',
      altered(patient, { contact: [{ gender: 'other' }] }),
      'fhir/pat-1 at Patient.contact[0]',
    ],
    [
      'a period that ends before it begins',
      altered(serviceRequest, {
        occurrencePeriod: { start: '2026-03-02T00:00:00+02:00', end: '2026-03-01T21:00:00Z' },
      }),
      'fhir/per-1 at ServiceRequest.occurrencePeriod',
    ],
    [
      'an order detail without a code',
      altered(serviceRequest, { code: undefined, orderDetail: [{ text: 'x' }] }),
      'fhir/prr-1 at ServiceRequest',
    ],
    [
      'an answer beside items',
      altered(synthetic.questionnaireResponse, {
        item: [{ linkId: '1', answer: [{ valueInteger: 1 }], item: [{ linkId: '2' }] }],
      }),
      'fhir/qrs-1 at QuestionnaireResponse.item[0]',
    ],
  ])('finds %s', (_, damaged, expected) => {
    expect(found(damaged)).toEqual([expected]);
  });

  it('makes a reference to the wrong type a warning and everything else an error', () => {
    const damaged = altered(serviceRequest, { subject: { reference: 'Medication/1' }, status: 'x' });
    expect(checkStructure(damaged, model).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['fhir/required-binding', 'error'],
      ['fhir/reference-target', 'warning'],
    ]);
  });

  it('does not ask a reference for what it cannot know', () => {
    for (const reference of [
      '#gp',
      'urn:uuid:0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e',
      'https://x.example/a/b',
      'Patient?identifier=x|1',
      'Patient/1/_history/2',
    ])
      expect(found(altered(serviceRequest, { subject: { reference } }))).toEqual([]);
  });

  it('wants one coding of a required value set in a concept, and takes a second from elsewhere', () => {
    const condition = (clinicalStatus: unknown) => ({
      resourceType: 'Condition',
      subject: { display: 'x' },
      clinicalStatus,
    });
    const active = { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' };
    expect(found(condition({ coding: [{ system: 'urn:local', code: '1' }, active] }))).toEqual([]);
    for (const concept of [{ coding: [{ ...active, system: 'urn:local' }] }, { text: 'active' }])
      expect(found(condition(concept))).toEqual(['fhir/required-binding at Condition.clinicalStatus']);
  });

  it('accepts any code where the members of the required value set are not known here', () => {
    expect(found({ resourceType: 'Binary', contentType: 'application/pdf' })).toEqual([]);
  });

  it('aligns the values of a list with their extensions', () => {
    const name = (given: unknown, extra: unknown) => found(altered(patient, { name: [{ given, _given: extra }] }));
    const extension = { extension: [{ url: 'urn:x', valueCode: 'y' }] };
    expect(name(['Ada', null], [null, extension])).toEqual([]);
    expect(name(['Ada'], [extension])).toEqual([]);
    expect(name(['Ada'], [null, extension])).toEqual([]);
    expect(name(['Ada', null], [extension])).toEqual(['fhir/null at Patient.name[0].given[1]']);
    expect(name(['Ada', null], [extension, null])).toEqual(['fhir/null at Patient.name[0].given[1]']);
    expect(name(['Ada'], extension)).toEqual(['fhir/cardinality at Patient.name[0]._given']);
    expect(name(['Ada'], ['x'])).toEqual(['fhir/structure at Patient.name[0]._given[0]']);
    expect(name(['Ada'], [{}])).toEqual(['fhir/empty at Patient.name[0].given[0]']);
  });

  it('takes an extension in place of a required value', () => {
    const absent = {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
    };
    expect(found(altered(serviceRequest, { status: undefined, _status: absent }))).toEqual([]);
  });

  it('finds an unknown choice in an extension, which then has no value', () => {
    const damaged = altered(patient, { extension: [{ url: 'urn:x', valueNarrative: {} }] });
    expect(found(damaged)).toEqual([
      'fhir/unknown-element at Patient.extension[0].valueNarrative',
      'fhir/extension-content at Patient.extension[0]',
    ]);
  });

  it('finds everything at once', () => {
    const damaged = {
      resourceType: 'ServiceRequest',
      statuss: 'active',
      intent: 'wish',
      subject: [],
      note: [{ time: 'now' }],
    };
    expect(found(damaged)).toEqual([
      'fhir/unknown-element at ServiceRequest.statuss',
      'fhir/required-binding at ServiceRequest.intent',
      'fhir/cardinality at ServiceRequest.subject',
      'fhir/empty at ServiceRequest.subject',
      'fhir/format at ServiceRequest.note[0].time',
      'fhir/required at ServiceRequest.note[0]',
      'fhir/required at ServiceRequest',
    ]);
  });

  it('lists 200 findings and counts the rest', () => {
    const damaged = Object.fromEntries([
      ['resourceType', 'Patient'],
      ...Array.from({ length: 1200 }, (_, i) => [`x${i}`, 1]),
    ]);
    const findings = checkStructure(damaged, model);
    expect(findings).toHaveLength(201);
    expect(findings.at(-1)).toMatchObject({
      rule: 'fhir/more-findings',
      severity: 'error',
      message: expect.stringContaining('1000 more errors and 0 more warnings'),
    });
  });

  it('does not count warnings beyond the limit as errors', () => {
    const basedOn = Array.from({ length: 300 }, () => ({ reference: 'Medication/1' }));
    expect(
      checkStructure(altered(serviceRequest, { basedOn }), model).some(({ severity }) => severity === 'error'),
    ).toBe(false);
  });

  it('stops at a depth that no resource has', () => {
    let extension: Record<string, unknown> = { url: 'urn:x', valueString: 'x' };
    for (let i = 0; i < 5000; i += 1) extension = { url: 'urn:x', extension: [extension] };
    const findings = checkStructure(altered(patient, { extension: [extension] }), model);
    expect(findings.map(({ rule }) => rule)).toEqual(['fhir/too-deep']);
  });

  it('is not fooled by members named like what every object inherits', () => {
    const damaged = JSON.parse(
      '{"resourceType":"Patient","constructor":1,"toString":2,"__proto__":{"active":"x"},"name":[{"constructor":1}]}',
    );
    expect(found(damaged)).toEqual([
      'fhir/unknown-element at Patient.constructor',
      'fhir/unknown-element at Patient.toString',
      'fhir/unknown-element at Patient.__proto__',
      'fhir/unknown-element at Patient.name[0].constructor',
    ]);
  });
});

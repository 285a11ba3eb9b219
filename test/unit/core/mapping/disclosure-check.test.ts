import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { beside, compiled, findingsOf, inward, outward } from './small-mapping.ts';

const elements = loadR4Model();
const PATIENT = 'Bundle.entry.resource.ofType(Patient)';

function mapping(expression: string, discloses = '', head = '') {
  return outward(`${discloses}${head}result:\n  a: "{{ ${expression} }}"\n`);
}

const read = (expression: string) => compiled(mapping(expression), { elements }).discloses;

function refused(text: string, find = beside({})) {
  return findingsOf(text, { elements }, find)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, place }) => `${rule} ${place.file?.split('/').at(-1)}:${place.line} ${message}`);
}

describe('what a mapping discloses', () => {
  it.each([
    [`${PATIENT}.name.family`, ['name']],
    [`${PATIENT}.select(birthDate)`, ['birthDate']],
    [`${PATIENT}.where(gender = 'female').exists()`, ['gender']],
    [`${PATIENT}.identifier.where(system = %nhsNumber).value`, ['nhsNumber']],
    [`${PATIENT}.identifier.where(use !~ 'old').where(system.lower() = %nhsNumber.lower()).value`, ['nhsNumber']],
    [`${PATIENT}.identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value`, ['nhsNumber']],
    [`${PATIENT}.identifier.where(system = %nhsNumber or system = %ods).value`, ['identifier']],
    [`${PATIENT}.identifier.value`, ['identifier']],
    [`${PATIENT}.extension('urn:x').value.ofType(string)`, ['extension']],
    [`${PATIENT}.telecom.value & ${PATIENT}.address.postalCode`, ['address', 'telecom']],
    [`${PATIENT}.id`, []],
    [`${PATIENT}.generalPractitioner.reference`, []],
    ['Bundle.entry.resource.ofType(Practitioner).name.family', []],
  ])('by %s', (expression, categories) => expect(read(expression)).toEqual(categories));

  it('is followed through variables, directives and fragments', () => {
    const part = { 'a.part.yaml': 'part: a\nparameters: [of]\nresult: { b: "{{ %of.birthDate }}" }\n' };
    const text = outward(
      `let:\n  who: "{{ ${PATIENT} }}"\nresult:\n  "{% if %who.gender.exists() %}": { x: 1 }\n  l: { "{% for n in %who.name %}": "{{ %n.family }}" }\n  "{% include 'a' %}": { of: "{{ %who }}" }\n`,
    );
    expect(compiled(text, { elements }, beside(part)).discloses).toEqual(['birthDate', 'gender', 'name']);
    expect(refused(text.replace('let:', 'discloses: [name, gender]\nlet:'), beside(part))).toEqual([
      "mapping/disclosure a.part.yaml:3 This reads the patient's birthDate, which discloses: does not name.",
    ]);
  });

  it('is nothing for an inward mapping, which may not say so either', () => {
    const text = inward('discloses: [name]\nresult: "{{ a.name }}"\n');
    expect(refused(text)).toEqual([expect.stringContaining('mapping/discloses small.map.yaml:6')]);
  });
});

describe('discloses', () => {
  it('lets what it names pass, and nothing else', () => {
    expect(refused(mapping(`${PATIENT}.name.family`, 'discloses: [name]\n'))).toEqual([]);
    expect(refused(mapping(`${PATIENT}.name.family`, 'discloses: [address]\n'))).toHaveLength(1);
    expect(refused(mapping(`${PATIENT}.name.family`, 'discloses: []\n'))).toHaveLength(1);
    expect(refused(mapping(`${PATIENT}.identifier.value`, 'discloses: [nhsNumber]\n'))).toHaveLength(1);
  });

  it('refuses a condition as well: whether something is sent tells it too', () => {
    const text = outward(`discloses: []\nresult:\n  "{% if ${PATIENT}.deceased.exists() %}": { a: 1 }\n`);
    expect(refused(text)).toEqual([expect.stringContaining('small.map.yaml:7')]);
  });

  it.each([
    ['the whole patient', PATIENT],
    ['the whole dossier', 'Bundle'],
    ['entries of it', 'Bundle.entry.where(fullUrl.exists())'],
    ['all that the patient holds', `${PATIENT}.children()`],
    ['all that anybody holds', 'Bundle.descendants()'],
  ])('refuses %s', (_what, expression) => {
    expect(refused(mapping(expression, 'discloses: [name]\n'))).toEqual([expect.stringContaining('whole resource')]);
  });

  it.each([
    ['Bundle.entry.resource.ofType(Patinet)', 'who'],
    ['Bundle.entry.resource.ofType(ServiceRequest).reasoncode', 'who'],
    ['Bundle.entry.resource.ofType(Patient)', 'whom'],
  ])('adds nothing to a wrong name in another line: %s, %%%s', (expression, name) => {
    const text = outward(
      `discloses: [name]\nlet:\n  who: "{{ ${expression} }}"\nresult:\n  a: "{{ %${name}.text }}"\n`,
    );
    expect(refused(text)).toEqual([expect.stringContaining('mapping/unknown-')]);
  });

  it('refuses an element of which it cannot be told whose it is', () => {
    const any = "Bundle.entry.resource.where(id = 'x').name";
    expect(refused(mapping(any, 'discloses: [name]\n'))).toEqual([expect.stringContaining('whose element')]);
    expect(refused(mapping(any))).toEqual([]);
  });

  it('is asked for when it is missing, with what to write', () => {
    const found = findingsOf(mapping(`${PATIENT}.name.family`), { elements });
    expect(found).toMatchObject([{ severity: 'information', remedy: expect.stringContaining('discloses: [name]') }]);
  });
});

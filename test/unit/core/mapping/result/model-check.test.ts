import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { findingsOf, inward } from '../small-mapping.ts';

const elements = loadR4Model();

/** What is wrong with an Observation of a report: `rule line:column`, and the remedy. Its keys begin on line 12, column 9. */
function wrongObservation(keys: string) {
  const body = `result:\n  resourceType: Bundle\n  type: collection\n  entry:\n    - resource:\n        resourceType: Observation\n${keys.replaceAll(/^/gm, '        ')}\n`;
  return wrong(inward(body));
}

function wrong(text: string) {
  return findingsOf(text, { elements })
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, place, remedy }) => ({ at: `${rule} ${place.line}:${place.column}`, remedy }));
}

const RIGHT = 'status: final\ncode: { text: "{{ t }}" }\n';

describe('a FHIR result', () => {
  it.each([
    ['a misspelt element', `${RIGHT}subjct: { reference: x }`, 'result-element 14:9', 'Did you mean "subject"?'],
    ['a misspelt choice', `${RIGHT}valueQuantiy: { value: 1 }`, 'result-element 14:9', 'Did you mean "valueQuantity"?'],
    ['a choice without its type', `${RIGHT}value: 3`, 'result-element 14:9', 'valueInteger'],
    ['one deep inside', `${RIGHT}valueQuantity: { valu: 3 }`, 'result-element 14:26', 'Did you mean "value"?'],
    ['a constant of another type', `${RIGHT}valueInteger: "3"`, 'choice-type 14:23', 'without quotes'],
    ['a text where a boolean is', `${RIGHT}valueBoolean: "is {{ t }}"`, 'choice-type 14:23', 'without quotes'],
    ['a number where a text is', `${RIGHT}valueString: 3`, 'choice-type 14:22', 'in quotes'],
    [
      'two variants of one choice',
      `${RIGHT}valueString: "{{ a }}"\nvalueInteger: "{{ b }}"`,
      'choice-type 15:9',
      '{% if %}',
    ],
    ['a code that is not allowed', 'status: finl\ncode: { text: x }', 'code 12:17', 'Did you mean "final"?'],
    ['a text where an object is', 'status: final\ncode: x', 'result-shape 13:15', 'CodeableConcept'],
    ['one value where a list is', `${RIGHT}note: { text: x }`, 'result-shape 14:15', '{% for %}'],
    ['a list where one value is', `${RIGHT}subject: [{ reference: x }]`, 'result-shape 14:18', 'the value itself'],
    ['a list of values where one is', `${RIGHT}valueString: "{[ x ]}"`, 'result-shape 14:22', '{{ expr }}'],
  ])('is refused for %s', (_what, keys, at, remedy) => {
    expect(wrongObservation(keys)).toEqual([{ at: `mapping/${at}`, remedy: expect.stringContaining(remedy) }]);
  });

  it('is refused when nothing makes a required element, with what to add', () => {
    expect(wrongObservation('code: { text: x }')).toEqual([
      { at: 'mapping/required-element 11:9', remedy: 'Add the key status.' },
    ]);
    const annotation = wrongObservation(`${RIGHT}note: [{ authorString: x }]`);
    expect(annotation).toEqual([{ at: 'mapping/required-element 14:16', remedy: 'Add the key text.' }]);
  });

  it('is refused when it is another resource, or none', () => {
    expect(wrong(inward('result: { resourceType: Patient }\n'))).toEqual([
      { at: 'mapping/result-element 6:25', remedy: 'Write resourceType: Bundle.' },
    ]);
    expect(wrong(inward('result: { a: 1 }\n'))).toEqual([
      { at: 'mapping/result-shape 6:9', remedy: expect.any(String) },
    ]);
    expect(wrong(inward('result: [1]\n'))).toEqual([{ at: 'mapping/result-shape 6:9', remedy: expect.any(String) }]);
    expect(wrongObservation('').at(0)?.at).toBe('mapping/required-element 11:9');
  });

  it.each([
    ['what an expression makes', `${RIGHT}"{% merge %}": ["{{ o }}"]\nsubject: "{{ s }}"`],
    ['an expression that may bring what is required', '"{% merge %}": ["{{ o }}"]'],
    ['a choice made by a condition', `${RIGHT}"{% if a %}": { valueString: x }\n"{% else %}": { valueInteger: 3 }`],
    ['required elements made by a condition', 'status: final\n"{% if a %}": { code: { text: x } }'],
    [
      'lists by {% for %}, {[ ]} and {% if %}',
      `${RIGHT}category: "{[ c ]}"\nnote: { "{% if a %}": [{ text: x }] }\ninterpretation:\n  "{% for x in l %}": { text: "{{ %x }}" }`,
    ],
    [
      'ids, extensions and contained resources',
      `${RIGHT}id: x\nextension: [{ url: u, valueString: v }]\n_status: { id: y }\ncontained: [{ resourceType: Patient }]`,
    ],
    ['variables', `${RIGHT}"{% assign %}": { nonsense: 1 }\nvalueInteger: "{{ %nonsense }}"`],
  ])('is let pass with %s', (_what, keys) => expect(wrongObservation(keys)).toEqual([]));

  it('may be any resource when it is a message', () => {
    const text = (result: string) =>
      `mapping: small\nversion: 1\nfrom: fhir/referral\nto: fhir/message\nresult: ${result}\n`;
    expect(wrong(text('{ resourceType: Basic, code: { text: x } }'))).toEqual([]);
    expect(wrong(text('{ resourceType: Tsk }'))).toEqual([
      { at: 'mapping/result-element 5:25', remedy: 'Did you mean "Task"?' },
    ]);
  });
});

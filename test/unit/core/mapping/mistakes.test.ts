import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { COLOURS, FILE, findingsOf } from './small-mapping.ts';

/** A mapping without a mistake. Each test below makes one slip in it, as a person would. */
const RIGHT = `mapping: small
version: 1
from: fhir/referral
to: json
maps:
  colours: { system: urn:colours, onNoMatch: hold, covers: shades }
discloses: [name]
require: [needs.code]
let:
  request: "{{ Bundle.entry.resource.ofType(ServiceRequest) }}"
  scores: "{[ Bundle.entry.resource.ofType(Observation) ]}"
result:
  client: "{{ Bundle.entry.resource.ofType(Patient).name.family }}"
  needs:
    "{% for need in %request.reasonCode %}":
      code: "{{ %need.coding.translate('colours') }}"
      text: "{{ %need.text }}"
  "{% if %scores.exists() %}":
    score: "{{ %scores.value.ofType(Quantity).value }}"
  "{% else %}":
    score: 0
`;

const REPORT = `mapping: small
version: 1
from: json
to: fhir/report
order: "{{ id }}"
result:
  resourceType: Bundle
  type: collection
  entry:
    - resource:
        resourceType: Observation
        status: final
        code: { text: "{{ tool }}" }
        valueInteger: "{{ total }}"
`;

const codesOf = (valueSet: string) =>
  valueSet === 'shades' || valueSet === 'all-shades'
    ? [
        { system: 'urn:colours', code: 'red' },
        { system: 'urn:colours', code: 'grue' },
        ...(valueSet === 'shades' ? [] : [{ system: 'urn:colours', code: 'mauve' }]),
      ]
    : undefined;

/** Where the finding points (the text that stands there), its rule and its remedy. */
function slip(text: string, from: string, to: string) {
  const changed = text.replace(from, () => to);
  expect(changed).not.toBe(text);
  const environment = { terminology: COLOURS, elements: loadR4Model(), codesOf };
  const found = findingsOf(changed, environment).filter(({ severity }) => severity === 'error');
  const [{ place, rule, remedy } = { place: {}, rule: '', remedy: '' }] = found;
  const line = changed.split('\n')[(place.line ?? 0) - 1] ?? '';
  return { count: found.length, file: place.file, rule, at: line.slice((place.column ?? 0) - 1), remedy };
}

describe('a slip in a mapping is refused when it is loaded, with line, column and what to do', () => {
  it('and without a slip nothing is', () => {
    const environment = { elements: loadR4Model(), codesOf };
    expect(findingsOf(RIGHT, environment)).toEqual([]);
    expect(findingsOf(REPORT, environment)).toEqual([]);
  });

  it.each([
    [
      'an element in other letters',
      'reasonCode',
      'reasoncode',
      'unknown-element',
      'reasoncode',
      'Did you mean "reasonCode"?',
    ],
    ['an unknown variable', '%need.text', '%ned.text', 'unknown-variable', '%ned', 'Did you mean "%need"?'],
    [
      'a map that was not declared',
      "translate('colours')",
      "translate('colors')",
      'undeclared-map',
      "'colors'",
      'Did you mean "colours"?',
    ],
    ['a map that does not exist', '  colours: {', '  colors: {', 'unknown-map', 'colors', 'terminology directory'],
    ['an unknown function', 'exists()', 'exist()', 'unknown-function', 'exist()', 'Did you mean "exists"?'],
    [
      'a type that a choice does not have',
      'ofType(Quantity)',
      'ofType(Address)',
      'choice-type',
      'Address',
      'There is: Quantity',
    ],
    ['a misspelt type of a choice', 'ofType(Quantity)', 'ofType(Quantty)', 'unknown-element', 'Quantty', ''],
    [
      'a choice named as in JSON',
      'value.ofType(Quantity)',
      'valueQuantity',
      'unknown-element',
      'valueQuantity',
      'value.ofType(Quantity)',
    ],
    ['a syntax error', '%scores.exists()', '%scores.exists(', 'syntax', ' %}', 'hl7.org'],
    [
      'an expression that does not close',
      '%need.text }}',
      '%need.text }',
      'unclosed',
      '"{{ %need.text }"',
      'Close it with }}',
    ],
    ['a key twice', '      text:', '      code:', 'duplicate-key', 'code: "{{ %need.text', 'Keep one'],
    ['a key of the header', 'discloses:', 'disclose:', 'unknown-key', 'disclose:', 'Did you mean "discloses"?'],
    [
      'an else without its if',
      '"{% if %scores.exists() %}":\n    score',
      '"{% merge %}":\n    score',
      'else',
      '"{% else %}"',
      '{% if expr %}',
    ],
    ['a required path that nothing makes', 'needs.code', 'needs.cod', 'require', 'needs.cod', 'Did you mean "code"?'],
    [
      'a map that does not cover its value set',
      'covers: shades',
      'covers: all-shades',
      'cover',
      'all-shades',
      'unmatched',
    ],
    ['a value set that is not there', 'covers: shades', 'covers: shapes', 'cover', 'shapes', 'ValueSet'],
    ['a variable without its %', '%need.text', 'need.text', 'unknown-element', 'need.text', 'Did you mean "%need"?'],
    ['a tab', '  client:', '\tclient:', 'yaml', '\tclient', 'spaces'],
    ['a tag of YAML', '"{{ %need.text }}"', '!include x', 'yaml', '!include', 'Remove the tag'],
    [
      'double quotes within double quotes',
      "translate('colours')",
      'translate("colours")',
      'yaml',
      'colours")',
      'in single ones',
    ],
    [
      'an element that the partner may not have',
      '.name.family',
      '.birthDate',
      'disclosure',
      'birthDate',
      'add birthDate to discloses',
    ],
  ])('%s', (_what, from, to, rule, at, remedy) => {
    const found = slip(RIGHT, from, to);
    expect(found).toMatchObject({ file: FILE, rule: `mapping/${rule}`, count: expect.any(Number) });
    expect(found.at.startsWith(at)).toBe(true);
    expect(found.remedy).toContain(remedy);
  });

  it.each([
    [
      'an element of the result',
      'valueInteger:',
      'valueIntger:',
      'result-element',
      'valueIntger',
      'Did you mean "valueInteger"?',
    ],
    ['an attribute of XML without backticks', '{{ total }}', '{{ total.@id }}', 'syntax', '@id', 'in backticks: `@id`'],
    ['a constant of the wrong type', '"{{ total }}"', '"19"', 'choice-type', '"19"', 'without quotes'],
    [
      'a required element that nothing makes',
      '        status: final\n',
      '',
      'required-element',
      'resourceType: Observation',
      'Add the key status.',
    ],
  ])('%s', (_what, from, to, rule, at, remedy) => {
    const found = slip(REPORT, from, to);
    expect(found).toMatchObject({ file: FILE, rule: `mapping/${rule}`, count: 1 });
    expect(found.at.startsWith(at)).toBe(true);
    expect(found.remedy).toContain(remedy);
  });

  it('and names the codes that a concept map does not know', () => {
    const text = RIGHT.replace('covers: shades', 'covers: all-shades');
    expect(findingsOf(text, { codesOf })[0]?.message).toContain('1 of the 3 codes of this value set: mauve');
  });

  it('and says when nobody could look at the value set', () => {
    expect(findingsOf(RIGHT)).toMatchObject([{ severity: 'information', rule: 'mapping/cover' }]);
  });
});

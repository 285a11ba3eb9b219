import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { FILE, findingsOf, inward, outward } from './small-mapping.ts';

const elements = loadR4Model();

/** All that is wrong; what is only noted is left out. */
function wrong(text: string, environment: Parameters<typeof findingsOf>[1] = { elements }) {
  return findingsOf(text, environment).filter(({ severity }) => severity !== 'information');
}

/** `rule line:column` and the remedy of the one thing that is wrong. */
function only(text: string, environment?: Parameters<typeof findingsOf>[1]): { what: string; remedy: string } {
  const [finding, ...others] = wrong(text, environment);
  expect(others).toEqual([]);
  const { line, column, file } = finding?.place ?? {};
  expect(file).toBe(FILE);
  return { what: `${finding?.rule} ${line}:${column}`, remedy: finding?.remedy ?? '' };
}

describe('an expression is refused when the mapping is loaded', () => {
  const dossier = (expression: string) => outward(`result:\n  a: "${expression}"\n`);

  /** The fourth column is the text that the finding points at. */
  it.each([
    [
      'a misspelt element',
      '{{ Bundle.entry.resource.ofType(ServiceRequest).reasoncode }}',
      'unknown-element',
      'reasoncode',
      'Did you mean "reasonCode"?',
    ],
    [
      'one deep in a condition',
      "{{ Bundle.entry.resource.ofType(Patient).name.where(uses = 'x').family }}",
      'unknown-element',
      'uses',
      'Did you mean "use"?',
    ],
    [
      'a misspelt type',
      '{{ Bundle.entry.resource.ofType(ServiceRequst) }}',
      'unknown-element',
      'ServiceRequst',
      'Did you mean "ServiceRequest"?',
    ],
    [
      'a choice named as in JSON',
      '{{ Bundle.entry.resource.ofType(Observation).valueQuantity }}',
      'unknown-element',
      'valueQuantity',
      'value.ofType(Quantity)',
    ],
    ['a misspelt function', '{{ Bundle.entry.exsts() }}', 'unknown-function', 'exsts', 'Did you mean "exists"?'],
    ['a wrong number of arguments', '{{ Bundle.entry.where() }}', 'arguments', 'where', 'as many'],
    ['a misspelt variable', '{{ %refferal }}', 'unknown-variable', '%refferal', 'Did you mean "%referral"?'],
    ['an inward variable outward', '{{ %receivedAt }}', 'unknown-variable', '%receivedAt', '%referral'],
    ['broken syntax', '{{ Bundle.entry.where(a = ) }}', 'syntax', ') }}', 'hl7.org'],
    ['syntax that the parser trips over', '{{ Bundle..entry }}', 'syntax', 'Bundle', 'hl7.org'],
    ['an expression that ends too early', '{{ Bundle.entry + }}', 'syntax', ' }}', 'hl7.org'],
    ['a regular expression with look-ahead', "{{ Bundle.id.matches('^(?=a)b') }}", 'argument', 'matches', 'RE2'],
    ['a clock', '{{ now() }}', 'refused-function', 'now', '%now'],
    [
      'a call outside',
      '{{ Bundle.entry.resource.ofType(ServiceRequest).subject.resolve() }}',
      'refused-function',
      'resolve',
      'by id',
    ],
    ['a trace', "{{ Bundle.trace('x') }}", 'refused-function', 'trace', 'log'],
    ['an unknown zone', "{{ Bundle.id.toInstant('Europe/Londn') }}", 'argument', 'toInstant', 'IANA'],
  ])('for %s', (_what, expression, rule, pointedAt, remedy) => {
    const found = only(dossier(expression));
    const column = `  a: "${expression}"`.indexOf(pointedAt) + 1;
    expect(found.what).toBe(`mapping/${rule} 6:${column}`);
    expect(found.remedy).toContain(remedy);
  });

  it('points into expressions of several lines and into quoted texts', () => {
    expect(
      only(outward('result:\n  a: |-\n    {{ Bundle.entry.resource\n        .ofType(Patient).nme }}\n')).what,
    ).toBe('mapping/unknown-element 8:26');
    expect(only(outward(`result:\n  a: 'see {{ %partner }} and {{ %partnr }}'\n`)).what).toBe(
      'mapping/unknown-variable 6:33',
    );
    expect(only(outward('result:\n  a: "\\x41 {{ %partnr }}"\n')).what).toBe('mapping/unknown-variable 6:15');
  });

  it('points at the right one of several expressions', () => {
    const text = outward("result:\n  a: '{{ %partner & %now }}{{ %no }}'\n");
    expect(only(text).what).toBe('mapping/unknown-variable 6:31');
  });

  it('points into directives', () => {
    expect(only(outward('result:\n  a:\n    "{% if Bundle.entrie.exists() %}": 1\n')).what).toBe(
      'mapping/unknown-element 7:19',
    );
    expect(only(outward('result:\n  a:\n    "{% for x in Bundle.entry %}": "{{ %x.resorce }}"\n')).what).toBe(
      'mapping/unknown-element 7:43',
    );
  });

  it('follows the types of variables', () => {
    const text = outward(
      'let:\n  who: "{{ Bundle.entry.resource.ofType(Patient) }}"\nresult:\n  a: "{{ %who.birthdate }}"\n',
    );
    expect(only(text)).toEqual({ what: 'mapping/unknown-element 8:15', remedy: 'Did you mean "birthDate"?' });
  });

  it('follows types through repeat(), to whatever it can reach', () => {
    const form = 'Bundle.entry.resource.ofType(QuestionnaireResponse).item';
    expect(wrong(dossier(`{{ ${form}.repeat(item | answer.item).answer.value }}`))).toEqual([]);
    expect(only(outward(`result:\n  a: "{{ ${form}.repeat(item | answer.item).anser }}"\n`))).toMatchObject({
      what: expect.stringMatching(/^mapping\/unknown-element /),
      remedy: 'Did you mean "answer"?',
    });
  });

  it('says nothing about elements of JSON, which no model describes', () => {
    expect(wrong(inward('result: "{{ anything.goes[0].here }}"\n'))).toEqual([]);
  });

  it.each([
    '{{ Bundle.entry.resource.ofType(Observation).value.ofType(Quantity).unit }}',
    "{{ Bundle.entry.resource.ofType(Patient).extension('urn:x').value }}",
    '{{ Bundle.entry.resource.ofType(Patient).birthDate.extension.url }}',
    '{{ Bundle.entry.resource.ofType(Patient).contained.id }}',
    '{{ Bundle.entry.resource.ofType(Patient).repeat(contact).name }}',
    '{{ Bundle.entry.resource.ofType(QuestionnaireResponse).item.item.item.answer.value }}',
    "{{ Bundle.entry.resource.select(iif($this is Patient, 'p', 'o')) }}",
    "{{ (Bundle.entry.resource.ofType(Patient).name | Bundle.entry.resource.ofType(Practitioner).name).where(family = 'x').given[0] }}",
    "{{ Bundle.entry.resource.where(resourceType = 'Patient').name }}",
    '{{ %context.entry.count() }}',
  ])('lets %s pass', (expression) => expect(wrong(dossier(expression))).toEqual([]));
});

describe('a template is refused when the mapping is loaded', () => {
  it.each([
    ['an unclosed expression', 'a: "{{ x"', 'unclosed 7:6'],
    ['an unclosed quote within one', `a: "{{ 'x }}"`, 'unclosed 7:6'],
    ['nothing between the delimiters', 'a: "{{ }}"', 'empty-expression 7:6'],
    ['a list within a text', 'a: "x {[ y ]}"', 'list-in-text 7:12'],
    ['a kept null', 'a: "{{+ x +}}"', 'kept-null 7:6'],
    ['a directive as a value', 'a: "{% if x %}"', 'directive-place 7:6'],
    ['an unknown directive', '"{% unless x %}": { a: 1 }', 'directive 7:3'],
    ['an if without a condition', '"{% if %}": { a: 1 }', 'directive 7:3'],
    ['a for without a list', 'a: { "{% for x %}": 1 }', 'directive 7:8'],
    ['a loop variable that FHIRPath keeps for itself', 'a: { "{% for day in x %}": 1 }', 'directive 7:8'],
    ['an else without an if', 'a: 1\n  "{% else %}": { b: 1 }', 'else 8:3'],
    ['a for beside other keys', 'a: 1\n  "{% for x in y %}": 1', 'for-place 8:3'],
    ['a text merged beside keys', 'a: 1\n  "{% if x %}": text', 'merge 8:17'],
    ['a key given twice', 'a: 1\n  a: 2', 'duplicate-key 8:3'],
    ['a key given beside and within a choice', 'a: 1\n  "{% if x %}": { a: 2 }', 'duplicate-key 8:19'],
    ['a key given in two parts of a merge', '"{% merge %}": [{ a: 1 }, { a: 2 }]', 'duplicate-key 7:31'],
    ['a computed key', '"{{ x }}": 1', 'key 7:3'],
    ['a key named __proto__', '"__proto__": { a: 1 }', 'key 7:3'],
    ['a number that loses digits', 'a: 871731000000106000', 'number 7:6'],
    ['an alias', 'a: &x 1\n  b: *x', 'alias 8:6'],
    ['a variable that FHIRPath keeps for itself', '"{% assign %}": { day: 1 }\n  a: 1', 'variable-name 7:21'],
    ['a variable that exists already', '"{% assign %}": { partner: 1 }\n  a: 1', 'shadowed-variable 7:21'],
  ])('for %s', (_what, result, what) => {
    // Without the R4 model: these results are no FHIR, and that is not what is looked at here.
    expect(only(inward(`result:\n  ${result}\n`), {}).what).toBe(`mapping/${what}`);
  });
});

describe('a header is refused', () => {
  const head = 'mapping: small\nversion: 1\nfrom: json\nto: fhir/report\norder: "{{ id }}"\nresult: { a: 1 }\n';
  const changed = (from: string, to: string) => only(head.replace(from, to));

  it.each([
    ['version: 1', 'version: one', 'version 2:10', ''],
    ['mapping: small', 'mapping: smaller', 'name 1:10', 'casework/referral.map.yaml'],
    ['from: json', 'from: jsn', 'header-value 3:7', 'Did you mean "json"?'],
    ['order:', 'oder:', 'unknown-key 5:1', 'Did you mean "order"?'],
    ['result:', 'require: [b]\nresult:', 'require 6:11', 'Did you mean "a"?'],
    ['result:', 'require: ["a[0]"]\nresult:', 'require 6:11', 'without an index'],
    ['result:', 'schema: x.json\nresult:', 'schema-file 6:9', 'from the directory of the mapping'],
    ['result:', 'discloses: [nam]\nresult:', 'header-value 6:13', 'Did you mean "name"?'],
    ['"{{ id }}"', 'id', 'order 5:8', '{{ expr }}'],
    ['"{{ id }}"', '"{{ %partner }}"', 'unknown-variable 5:12', ''],
  ])('when %j is written %j', (from, to, what, remedy) => {
    const found = findingsOf(head.replace(from, to));
    expect(found.map(({ rule, place }) => `${rule} ${place.line}:${place.column}`)).toContain(`mapping/${what}`);
    expect(found.map((finding) => finding.remedy).join()).toContain(remedy);
  });

  it('when an inward mapping has no order, or an outward one has', () => {
    expect(changed('order: "{{ id }}"\n', '').what).toBe('mapping/order 3:1');
    expect(only(outward('order: "{{ Bundle.id }}"\nresult: { a: 1 }\n')).what).toBe('mapping/order 5:1');
  });

  it('when its direction does not exist', () => {
    expect(only(outward('result: { a: 1 }\n').replace('to: json', 'to: fhir/report')).what).toBe(
      'mapping/direction 4:1',
    );
  });

  it('when keys are missing, all at once', () => {
    expect(findingsOf('version: 1\n').map(({ message }) => message)).toEqual([
      'The key "mapping" is missing.',
      'The key "from" is missing.',
      'The key "to" is missing.',
      'The key "result" is missing.',
    ]);
  });

  it.each(['', '- a\n', 'a: [\n', '{'.repeat(3000), '"\\q": 1\n', '\u0000'])(
    'when the file is not such a file (%#)',
    (text) => {
      const found = findingsOf(text);
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ severity, place }) => severity === 'error' && (place.line ?? 0) > 0)).toBe(true);
    },
  );
});

describe('everything wrong', () => {
  it('is said at once, in the order of the file', () => {
    const text = inward('maps: { nowhere: { system: snomed } }\nlet: { 9x: 1 }\nresult:\n  a: "{{ b"\n  a: 1\n');
    expect(findingsOf(text).map(({ rule, place }) => `${rule} ${place.line}`)).toEqual([
      'mapping/no-match 6',
      'mapping/variable-name 7',
      'mapping/unclosed 9',
      'mapping/duplicate-key 10',
    ]);
  });

  it('includes all expressions', () => {
    const text = inward('result:\n  a: "{{ %x }}"\n  b: "{{ foo() }}"\n  c: "{{ a. }}"\n');
    expect(findingsOf(text).map(({ rule }) => rule)).toEqual([
      'mapping/unknown-variable',
      'mapping/unknown-function',
      'mapping/syntax',
    ]);
  });

  it('is noted when a text can vanish', () => {
    expect(findingsOf(inward('result:\n  a: "{{ x }} {{ y }}"\n'))).toMatchObject([
      { severity: 'information', rule: 'mapping/text-may-vanish' },
    ]);
  });
});

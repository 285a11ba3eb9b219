import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { runCases } from '../../../../src/core/mapping/cases.ts';
import { differencesOf } from '../../../../src/core/mapping/difference.ts';
import { pairCases } from '../../../../src/core/mapping/pair-cases.ts';
import { readCase } from '../../../../src/core/mapping/read-case.ts';
import { compiled, inward } from './small-mapping.ts';

const MAPPING = inward(
  'maps:\n  colours: { system: urn:colours, onNoMatch: hold }\nrequire: [a]\nresult:\n  a: "{{ a }}"\n  c: "{{ c.translate(\'colours\') }}"\n',
);
const mapping = compiled(MAPPING);

function differences(text: string) {
  const { case: one, findings } = readCase(text, 'small.x.case.yaml', () => undefined);
  if (one === undefined) throw new Error(JSON.stringify(findings));
  return runCases(mapping, [one])[0]?.differences;
}

describe('differencesOf', () => {
  it('names every place where two values differ, as a JSON Pointer', () => {
    expect(differencesOf({ a: [1, { b: 2 }], 'c/d': 1 }, { a: [1, { b: 3 }, 4], e: null })).toEqual([
      { path: '/a/1/b', expected: '2', actual: '3' },
      { path: '/a/2', expected: 'nothing', actual: '4' },
      { path: '/c~1d', expected: '1', actual: 'nothing' },
      { path: '/e', expected: 'nothing', actual: 'null' },
    ]);
  });

  it('finds none between equal values, whatever the order of their keys', () => {
    expect(differencesOf({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toEqual([]);
  });

  it('tells types apart', () => {
    expect(differencesOf({ a: '1', b: [], c: {} }, { a: 1, b: {}, c: null })).toHaveLength(3);
  });
});

describe('a case', () => {
  it('holds when the result, the held codes and the findings are exactly as expected', () => {
    expect(differences('name: n\ninput: { a: 1, c: red, id: r }\nexpect: { a: 1, c: rot }\norder: r\n')).toEqual([]);
    const held =
      'name: n\ninput: { a: 1, c: mauve }\nexpect: { a: 1 }\nunmapped: [{ map: colours, system: urn:colours, code: mauve }]\n';
    expect(differences(held)).toEqual([]);
    expect(differences('name: n\ninput: {}\nfindings: [mapping/required]\n')).toEqual([]);
  });

  it.each([
    ['another result', 'expect: { a: 2, c: rot }', '/a'],
    [
      'a code that was not held',
      'expect: { a: 1, c: rot }\nunmapped: [{ map: colours, system: s, code: x }]',
      '(unmapped)/0',
    ],
    ['a finding that was not made', 'findings: [mapping/required]', '(findings)/0'],
    ['another lane', 'order: other', '(order)'],
    ['a text that must not be there', 'mustNotContain: [ro]', '(mustNotContain)'],
  ])('fails for %s', (_what, expectation, path) => {
    expect(differences(`name: n\ninput: { a: 1, c: red, id: r }\n${expectation}\n`)?.map((one) => one.path)).toEqual([
      path,
    ]);
  });

  it('fails for a finding or a held code that was not expected', () => {
    expect(differences('name: n\ninput: { c: red }\nexpect: { c: rot }\n')).toEqual([
      { path: '(findings)/0', expected: 'nothing', actual: '"mapping/required"' },
    ]);
    expect(differences('name: n\ninput: { a: 1, c: mauve }\nexpect: { a: 1 }\n')?.[0]?.path).toBe('(unmapped)/0');
  });

  it.each([
    ['name: n\ninput: {}\n', 'cannot fail'],
    ['input: {}\nexpect: {}\n', 'no name'],
    ['name: n\nexpect: {}\n', 'no input'],
    ['name: n\ninputFile: x.json\nexpect: {}\n', 'no JSON that can be read at x.json'],
    ['name: n\ninputFile: x.json\ninput: {}\nexpect: {}\n', 'two inputs'],
    ['name: n\ninput: {}\nmustNotContain: Ada\n', '"mustNotContain"'],
    ['name: n\ninput: {}\nmustNotContain: [12]\n', '"mustNotContain"'],
    ['name: n\ninput: {}\nfindings: mapping/required\n', '"findings"'],
    ['name: n\ninput: {}\nunmapped: [{ map: m, system: s, code: 12 }]\n', '"unmapped"'],
    ['name: n\ninput: {}\norder: 12\n', '"order"'],
    ['name: n\ninput: {}\nvariables: [a]\nexpect: {}\n', '"variables"'],
    ['name: n\ninputFile: [x.json]\nexpect: {}\n', '"inputFile"'],
    ['name: n\ninput: {}\nexpects: {}\n', '"expects"'],
    ['- a\n', 'not valid YAML'],
    ['a: [\n', 'not valid YAML'],
  ])('is refused when it is %j', (text, message) => {
    const { case: one, findings } = readCase(text, 'f', () => undefined);
    expect(one).toBeUndefined();
    expect(findings.map((finding) => finding.message).join()).toContain(message);
  });
});

describe('pairCases', () => {
  const map = { file: 'x/small.map.yaml', text: MAPPING };
  const one = { file: 'x/small.first.case.yaml', text: 'name: n\ninputFile: ../in.json\nexpect: { a: 1 }\n' };
  const input = { file: 'in.json', text: '{"a":1}' };

  it('puts cases to their mapping by name and reads their input files', () => {
    const { mappings, findings } = pairCases([map, one, input]);
    expect(findings).toEqual([]);
    expect(mappings).toMatchObject([{ file: map.file, cases: [{ name: 'n', input: { a: 1 } }] }]);
  });

  it('fails a mapping without a case and a case without its mapping', () => {
    expect(pairCases([map]).findings).toMatchObject([{ rule: 'mapping/case-pair', place: { file: map.file } }]);
    expect(pairCases([one, input]).findings).toMatchObject([{ rule: 'mapping/case-pair', place: { file: one.file } }]);
    const elsewhere = { ...one, file: 'y/small.first.case.yaml' };
    expect(pairCases([map, elsewhere, input]).findings).toHaveLength(2);
  });

  it('names files as the mappings directory is known', () => {
    expect(pairCases([map], 'mappings').findings).toMatchObject([{ place: { file: `mappings/${map.file}` } }]);
  });

  it('fails when the input file is not there', () => {
    expect(pairCases([map, one]).findings.map(({ rule }) => rule)).toEqual(['mapping/case', 'mapping/case-pair']);
  });
});

describe('a case of a mapping that makes FHIR', () => {
  const REPORT = `result:
  resourceType: Bundle
  type: collection
  entry:
    - resource:
        resourceType: Task
        status: in-progress
        intent: order
        identifier: [{ system: "https://hearback.example/fhir/Id/referral", value: "{{ id }}" }]
        businessStatus:
          coding: [{ system: "https://hearback.example/fhir/CodeSystem/loop-state", code: "{{ word }}" }]
`;

  function faults(input: string) {
    const { case: one } = readCase(
      `name: n\ninput: ${input}\nvariables: { receivedAt: 2026-11-21T10:00:00.000Z, partner: p }\nmustNotContain: [nowhere]\n`,
      'small.x.case.yaml',
      () => undefined,
    );
    if (one === undefined) throw new Error('the case cannot be read');
    return runCases(compiled(inward(REPORT)), [one], loadR4Model())[0]?.differences.map(({ path }) => path);
  }

  it('holds when its result is FHIR and a report that can be read', () => {
    expect(faults('{ id: ref-1, word: completed }')).toEqual([]);
  });

  it('fails on a number where FHIR has a text', () => {
    expect(faults('{ id: 4711, word: completed }')).toContain(
      '(fhir/json-type) Bundle.entry[0].resource.identifier[0].value',
    );
  });

  it('fails on a word that is none of the canonical ones, and on one that a platform may not say', () => {
    expect(faults('{ id: ref-1, word: attended }')).toEqual([expect.stringContaining('(report/unknown-word)')]);
    expect(faults('{ id: ref-1, word: requested }')).toEqual([expect.stringContaining('(report/not-yours)')]);
  });

  it('fails on a report that does not name its referral', () => {
    expect(faults('{ word: completed }')).toContain('(report/unnamed) Bundle.entry[0].resource.identifier');
  });
});

import { describe, expect, it } from '@jest/globals';
import { coverageOf } from '../../../../src/core/mapping/coverage.ts';
import { plainPath, valuesIn, watchedInput } from '../../../../src/core/mapping/input-reads.ts';
import { parseMapping } from '../../../../src/core/mapping/parse.ts';
import type { MappingCase } from '../../../../src/core/mapping/read-case.ts';
import { COLOURS, compiled, FILE, inward, outward } from './small-mapping.ts';

function coverage(text: string, ...inputs: readonly unknown[]) {
  const { source } = parseMapping(text, FILE);
  if (source === undefined) throw new Error('the mapping is not right');
  const cases = inputs.map(
    (input): MappingCase => ({
      file: 'f',
      name: 'n',
      input,
      variables: {},
      unmapped: [],
      findings: [],
      mustNotContain: [],
    }),
  );
  return coverageOf(source, cases, { terminology: COLOURS });
}

const TEXT = inward(
  'result:\n  a: "{{ a }}"\n  "{% if b %}": { b: yes }\n  "{% else %}": { c: no }\n  l: { "{% for x in l %}": "{{ %x.k }}" }\n  z: null\n',
);

describe('coverage', () => {
  it('names the parts of the template that no case makes, with their lines', () => {
    const { parts, made, neverMade } = coverage(TEXT, { id: 'r', a: 1 });
    expect({ parts, made }).toEqual({ parts: 4, made: 2 });
    expect(neverMade.map(({ place, written }) => `${place.line} ${written}`)).toEqual(['8 "yes"', '10 {{ %x.k }}']);
  });

  it('adds up over cases', () => {
    expect(coverage(TEXT, { a: 1 }, { b: 1, l: [{ k: 1 }] }).neverMade).toEqual([]);
  });

  it('names the elements of inputs that are never read, whatever their place in a list', () => {
    expect(coverage(TEXT, { id: 'r', a: 1, x: { y: [{ w: 1 }, { w: 2 }] }, l: [{ k: 1, m: 2 }] }).neverRead).toEqual([
      '/l/m',
      '/x/y/w',
    ]);
  });

  it('names elements of FHIR by their resource', () => {
    const text = outward('result: "{{ Bundle.entry.resource.ofType(Patient).name.family }}"\n');
    const patient = { resourceType: 'Patient', gender: 'female', name: [{ family: 'T', given: ['A'] }] };
    expect(
      coverage(text, { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] }).neverRead,
    ).toEqual(['Bundle.type', 'Patient.gender', 'Patient.name.given']);
  });
});

describe('a watched input', () => {
  it('gives the same result as the input itself', () => {
    const text = inward(
      'let: { o: "{{ o }}" }\nresult:\n  a: "{{ l.where(k = 1).v }}"\n  b: "{{ %o }}"\n  c: "{[ l ]}"\n  d: "{{ l.count() }}"\n',
    );
    const input = { id: 'r', o: { p: [1, { q: null }] }, l: [{ k: 1, v: 'x' }, { k: 2 }] };
    const mapping = compiled(text);
    const watched = watchedInput(input);
    expect(mapping.run(watched.input, {})).toEqual(mapping.run(input, {}));
    expect([...watched.read].sort()).toEqual(['/l/0/k', '/l/0/v', '/l/1/k', '/o/p/0', '/o/p/1/q']);
  });

  it('knows all its values by their pointers', () => {
    expect(valuesIn({ 'a/b': [1, { c: null }], d: {} })).toEqual(['/a~1b/0', '/a~1b/1/c']);
    expect(plainPath('/a~1b/1/c', { 'a/b': [1, { c: null }] })).toBe('/a~1b/c');
  });
});

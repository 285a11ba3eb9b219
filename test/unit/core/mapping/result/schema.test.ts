import { describe, expect, it } from '@jest/globals';
import { beside, compiled, findingsOf, outward } from '../small-mapping.ts';

const SCHEMA = {
  type: 'object',
  required: ['ref', 'needs'],
  additionalProperties: false,
  properties: {
    ref: { type: 'string', pattern: '^[a-z]+-[0-9]+$' },
    kind: { enum: ['new', 'update'] },
    count: { type: 'integer' },
    needs: { type: 'array', minItems: 1, items: { $ref: '#/$defs/need' } },
  },
  $defs: {
    need: { type: 'object', required: ['code'], properties: { code: { type: 'string' }, text: { type: 'string' } } },
  },
};
const NEEDS = '  needs:\n    "{% for x in Bundle.entry %}": { code: "{{ %x.fullUrl }}" }\n';

function text(result: string) {
  return outward(`schema: ./small.schema.json\nresult:\n${result}`);
}

function wrong(result: string, schema: unknown = SCHEMA) {
  const file = typeof schema === 'string' ? schema : JSON.stringify(schema);
  return findingsOf(text(result), {}, beside({ 'small.schema.json': file })).map(
    ({ rule, place, remedy }) => `${rule} ${place.line}:${place.column} ${remedy}`,
  );
}

describe('a JSON Schema of the result', () => {
  it('lets a template pass that can satisfy it', () => {
    expect(wrong(`  ref: "{{ %referral }}"\n  kind: new\n${NEEDS}`)).toEqual([]);
  });

  it.each([
    ['a required member that nothing makes', '  ref: a\n', 'required-element 7:3 Add the key needs.'],
    ['a misspelt one', `  reff: a\n${NEEDS}`, 'required-element 7:3 Did you mean "reff"?'],
    ['a member that it does not have', `  ref: a\n  knd: x\n${NEEDS}`, 'schema 8:3 Did you mean "kind"?'],
    ['a constant of another type', `  ref: 3\n${NEEDS}`, 'schema 7:8 Mend the template'],
    ['a fraction for a whole number', `  ref: a\n  count: 1.5\n${NEEDS}`, 'schema 8:10 Mend the template'],
    ['a constant that is not allowed', `  ref: a\n  kind: nev\n${NEEDS}`, 'schema 8:9 Did you mean "new"?'],
    ['one value for a list', '  ref: a\n  needs: "{{ Bundle.entry }}"\n', 'schema 8:10 Mend the template'],
    ['a list for one value', `  ref: "{[ Bundle.id ]}"\n${NEEDS}`, 'schema 7:8 Mend the template'],
    ['what is missing deep in a list', '  ref: a\n  needs: [{ text: x }]\n', 'required-element 8:11 '],
  ])('refuses %s when the mapping is loaded', (_what, result, at) => {
    expect(wrong(result).join('\n')).toContain(`mapping/${at}`);
  });

  it('follows allOf and leaves alternatives to the run', () => {
    const schema = { allOf: [{ required: ['reference'] }], oneOf: [{ required: ['b'] }, { required: ['c'] }] };
    expect(wrong('  x: 1\n', schema)).toEqual(['mapping/required-element 7:3 There is: x.']);
  });

  it.each([
    ['is not there', undefined],
    ['is no JSON', '{'],
    ['is no schema', '{"type":"strin"}'],
    ['has a misspelt keyword', '{"typ":"object"}'],
    ['refers to another file', '{"$ref":"other.json"}'],
    ['has a pattern that is no expression', '{"pattern":"("}'],
  ])('is refused when it %s', (_what, file) => {
    const found = findingsOf(text('  a: 1\n'), {}, beside(file === undefined ? {} : { 'small.schema.json': file }));
    expect(found).toMatchObject([{ rule: 'mapping/schema-file', place: { line: 5, column: 9 } }]);
  });

  const mapping = compiled(
    text(`  ref: "{{ Bundle.id }}"\n${NEEDS}`),
    {},
    beside({ 'small.schema.json': JSON.stringify(SCHEMA) }),
  );
  const dossier = (id: string, entry: unknown) => ({ resourceType: 'Bundle', id, entry });

  it('is satisfied by each result, or it is a finding with the line that repeats no value', () => {
    expect(mapping.run(dossier('ref-1', [{ fullUrl: 'x' }]), {}).findings).toEqual([]);
    const { findings } = mapping.run(dossier('Testwell', [{ fullUrl: 'x' }]), {});
    expect(findings).toMatchObject([
      { rule: 'mapping/schema', severity: 'error', place: { line: 7, expression: '/ref' } },
    ]);
    expect(JSON.stringify(findings)).not.toContain('Testwell');
    expect(mapping.run(dossier('ref-1', []), {}).findings).toMatchObject([{ place: { expression: '/needs' } }]);
  });

  it('runs its patterns in linear time', () => {
    const slow = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const bad = compiled(text('  a: "{{ Bundle.id }}"\n'), {}, beside({ 'small.schema.json': JSON.stringify(slow) }));
    expect(bad.run(dossier(`${'a'.repeat(5000)}!`, []), {}).findings).toHaveLength(1);
  });

  it('may be of the draft 2020-12', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      prefixItems: [{ type: 'string' }],
    };
    expect(wrong('  a: 1\n', schema)).toEqual([]);
  });

  it('counts in the digest', () => {
    const other = compiled(text(`  ref: "{{ Bundle.id }}"\n${NEEDS}`), {}, beside({ 'small.schema.json': '{}' }));
    expect(other.digest).not.toBe(mapping.digest);
  });
});

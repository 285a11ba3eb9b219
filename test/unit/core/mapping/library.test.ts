import { describe, expect, it } from '@jest/globals';
import { compileLibrary } from '../../../../src/core/mapping/library.ts';
import { valueSetCodes } from '../../../../src/core/mapping/value-set-codes.ts';
import { COLOURS } from './small-mapping.ts';

const head = (name: string) => `mapping: ${name}\nversion: 1\nfrom: fhir/referral\nto: json\n`;
const compile = (files: Readonly<Record<string, string>>) =>
  compileLibrary(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    'mappings',
    { terminology: COLOURS },
  );

describe('compileLibrary', () => {
  it('compiles each mapping with what stands beside it', () => {
    const { mappings, findings } = compile({
      'a/one.map.yaml': `${head('a/one')}schema: ./one.schema.json\nresult:\n  "{% include 'shared/x' %}":\n`,
      'a/one.schema.json': '{"required":["x"]}',
      'b/two.map.yaml': `${head('b/two')}schema: ../a/one.schema.json\nresult: { x: 2 }\n`,
      'shared/x.part.yaml': 'part: shared/x\nresult: { x: 1 }\n',
      'a/README.md': 'no mapping',
    });
    expect(findings).toEqual([]);
    expect(mappings.map(({ path, mapping }) => [path, mapping.run({}, {}).result])).toEqual([
      ['a/one.map.yaml', { x: 1 }],
      ['b/two.map.yaml', { x: 2 }],
    ]);
  });

  it('says once what is wrong in a fragment that two mappings include, and leaves both out', () => {
    const { mappings, findings } = compile({
      'one.map.yaml': `${head('one')}result:\n  "{% include 'x' %}":\n`,
      'two.map.yaml': `${head('two')}result:\n  "{% include 'x' %}":\n`,
      'three.map.yaml': `${head('three')}result: 3\n`,
      'x.part.yaml': 'part: x\nresult: { x: "{{ %y }}" }\n',
    });
    expect(findings).toMatchObject([
      { rule: 'mapping/unknown-variable', place: { file: 'mappings/x.part.yaml', line: 2 } },
    ]);
    expect(mappings.map(({ mapping }) => mapping.name)).toEqual(['three']);
  });

  it('leaves alone what is not wanted, right or wrong, and the fragments that only it includes', () => {
    const files = [
      { file: 'a/one.map.yaml', text: `${head('a/one')}result: 1\n` },
      { file: 'a/two.map.yaml', text: `${head('a/two')}result:\n  "{% include 'x' %}":\n` },
      { file: 'x.part.yaml', text: 'part: x\nresult: { x: "{{ %y }}" }\n' },
    ];
    const { mappings, findings } = compileLibrary(
      files,
      'mappings',
      { terminology: COLOURS },
      (name) => name === 'a/one',
    );
    expect(findings).toEqual([]);
    expect(mappings.map(({ mapping }) => mapping.name)).toEqual(['a/one']);
  });

  it('warns of a fragment that nobody has checked', () => {
    expect(compile({ 'x.part.yaml': 'part: x\nresult: 1\n' }).findings).toMatchObject([
      { severity: 'warning', rule: 'mapping/unused-part' },
    ]);
  });
});

describe('valueSetCodes', () => {
  const file = (resource: unknown) => ({ file: 'f', text: JSON.stringify(resource) });
  const url = 'https://a.example/set';
  const include = [{ system: 'urn:a', concept: [{ code: '1' }, { code: 'b' }] }];

  it('lists the codes of a value set, by id and by url', () => {
    const codesOf = valueSetCodes([
      file({ resourceType: 'ValueSet', id: 'set', url, compose: { include } }),
      { file: 'g', text: '{' },
    ]);
    expect(codesOf('set')).toEqual([
      { system: 'urn:a', code: '1' },
      { system: 'urn:a', code: 'b' },
    ]);
    expect(codesOf(url)).toEqual(codesOf('set'));
    expect(codesOf('other')).toBeUndefined();
  });

  it('lists whole code systems, and nothing when it cannot list all', () => {
    const system = { resourceType: 'CodeSystem', url: 'urn:a', content: 'complete', concept: [{ code: 'x' }] };
    const whole = { resourceType: 'ValueSet', id: 'whole', url, compose: { include: [{ system: 'urn:a' }] } };
    expect(valueSetCodes([file(system), file(whole)])('whole')).toEqual([{ system: 'urn:a', code: 'x' }]);
    expect(valueSetCodes([file(whole)])('whole')).toBeUndefined();
  });
});

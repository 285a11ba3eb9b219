import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { beside, compiled, findingsOf, inward, outward } from './small-mapping.ts';

const ADDRESS =
  'part: shared/address\nparameters: [of]\nresult:\n  lines: "{[ %of.line ]}"\n  code: "{{ %of.postalCode }}"\n';
const find = beside({
  'shared/address.part.yaml': ADDRESS,
  'shared/list.part.yaml': 'part: shared/list\nresult:\n  "{% for x in l %}": "{{ %x }}"\n',
  'shared/outer.part.yaml':
    'part: shared/outer\nparameters: [who]\nresult:\n  name: "{{ %who.name }}"\n  "{% include \'shared/inner\' %}": { who: "{{ %who.friend }}" }\n',
  'shared/inner.part.yaml': 'part: shared/inner\nparameters: [who]\nresult: { friend: "{{ %who.name }}" }\n',
});

const run = (result: string, input: unknown, head = '') =>
  compiled(inward(`${head}result:\n${result}`), {}, find).run(input, {});
const home = { line: ['7 Sample Street', 'Flat 2'], postalCode: 'SE15 4AB' };

describe('{% include %}', () => {
  it('merges what the fragment makes among the keys around it', () => {
    const { result } = run('  a: 1\n  "{% include \'shared/address\' %}": { of: "{{ home }}" }\n  z: 2\n', { home });
    expect(JSON.stringify(result)).toBe('{"a":1,"lines":["7 Sample Street","Flat 2"],"code":"SE15 4AB","z":2}');
  });

  it('is the value itself when it stands alone, a list too', () => {
    expect(run('  v: { "{% include \'shared/list\' %}": }\n', { l: [1, 2] }).result).toEqual({ v: [1, 2] });
  });

  it('disappears when it makes nothing', () => {
    expect(run('  a: 1\n  v:\n    "{% include \'shared/address\' %}": { of: "{{ home }}" }\n', {}).result).toEqual({
      a: 1,
    });
  });

  it('may stand several times, also for each item of a list', () => {
    const list = '  v:\n    "{% for x in l %}":\n      "{% include \'shared/address\' %}": { of: "{{ %x }}" }\n';
    expect(run(list, { l: [{ postalCode: 'A' }, { postalCode: 'B' }] }).result).toEqual({
      v: [{ code: 'A' }, { code: 'B' }],
    });
  });

  it('gives each fragment its own parameters, whatever is named alike around it', () => {
    const nested = '  v:\n    "{% include \'shared/outer\' %}": { who: "{{ %who.self }}" }\n  w: "{{ %who.k }}"\n';
    const input = { me: { k: 'kept', self: { name: 'Ada', friend: { name: 'Bo' } } } };
    expect(run(nested, input, 'let: { who: "{{ me }}" }\n').result).toEqual({
      v: { name: 'Ada', friend: 'Bo' },
      w: 'kept',
    });
  });

  it('says a key given twice, as a merge does', () => {
    const found = run('  code: 1\n  "{% include \'shared/address\' %}": { of: "{{ home }}" }\n', { home }).findings;
    expect(found).toMatchObject([{ rule: 'mapping/duplicate-key' }]);
  });

  it('never reads a value as a template', () => {
    const hostile = "{% include 'shared/address' %} {{ 1+1 }}";
    const { result } = run('  "{% include \'shared/address\' %}": { of: "{{ home }}" }\n', {
      home: { postalCode: hostile },
    });
    expect(result).toEqual({ code: hostile });
  });
});

describe('an include is refused', () => {
  const wrong = (files: Record<string, string>, result: string) =>
    findingsOf(inward(`result:\n  ${result}\n`), {}, beside(files))
      .filter(({ severity }) => severity !== 'information')
      .map(({ rule, place, remedy }) => ({ at: `${rule} ${place.file}:${place.line}:${place.column}`, remedy }));
  const part = (body: string) => ({ 'a.part.yaml': `part: a\n${body}` });

  it.each([
    ['for a fragment that is not there', {}, '"{% include \'b\' %}":', 'unknown-part mappings/small.map.yaml:7:3'],
    ['without a name in quotes', {}, '"{% include b %}":', 'directive mappings/small.map.yaml:7:3'],
    ['with a path out of the directory', {}, '"{% include \'../b\' %}":', 'directive mappings/small.map.yaml:7:3'],
    [
      'without a parameter',
      part('parameters: [of]\nresult: { a: "{{ %of }}" }\n'),
      '"{% include \'a\' %}":',
      'parameter mappings/small.map.yaml:7:3',
    ],
    [
      'with a parameter that is none',
      part('parameters: [of]\nresult: { a: "{{ %of }}" }\n'),
      '"{% include \'a\' %}": { of: 1, off: 2 }',
      'parameter mappings/small.map.yaml:7:33',
    ],
    [
      'for a key that means nothing',
      part('paramters: [of]\nresult: { a: 1 }\n'),
      '"{% include \'a\' %}":',
      'unknown-key mappings/a.part.yaml:2:1',
    ],
    [
      'for a fragment of another name',
      { 'a.part.yaml': 'part: b\nresult: { a: 1 }\n' },
      '"{% include \'a\' %}":',
      'name mappings/a.part.yaml:1:7',
    ],
    [
      'for a fragment without a result',
      part('parameters: []\n'),
      '"{% include \'a\' %}":',
      'missing-key mappings/a.part.yaml:1:1',
    ],
    [
      'for a fragment that is no YAML',
      { 'a.part.yaml': 'part: [\n' },
      '"{% include \'a\' %}":',
      'yaml mappings/a.part.yaml:2:1',
    ],
  ])('%s', (_what, files, result, at) => {
    expect(wrong(files, result)[0]?.at).toBe(`mapping/${at}`);
  });

  it('when fragments include each other in a circle', () => {
    const circle = {
      'a.part.yaml': 'part: a\nresult:\n  "{% include \'b\' %}":\n',
      'b.part.yaml': 'part: b\nresult:\n  "{% include \'a\' %}":\n',
    };
    expect(wrong(circle, '"{% include \'a\' %}":')).toEqual([
      { at: 'mapping/include-cycle mappings/b.part.yaml:3:3', remedy: expect.stringContaining('circle') },
    ]);
  });

  it('for what is wrong inside, with the line of the fragment, once however often it is included', () => {
    const files = part('result:\n  ok: 1\n  a: "{{ %nope }}"\n');
    const twice = 'x: { "{% include \'a\' %}": }\n  y: { "{% include \'a\' %}": }';
    expect(wrong(files, twice).map(({ at }) => at)).toEqual(['mapping/unknown-variable mappings/a.part.yaml:4:10']);
  });

  it('for a variable of the mapping that the fragment was not given', () => {
    const files = part('result: { a: "{{ %mine }}" }\n');
    const text = inward('let: { mine: 1 }\nresult:\n  "{% include \'a\' %}":\n');
    expect(findingsOf(text, {}, beside(files))).toMatchObject([
      { rule: 'mapping/unknown-variable', place: { file: 'mappings/a.part.yaml' } },
    ]);
  });

  it('for an element that the type of its parameter does not have', () => {
    const text = outward(
      'result:\n  "{% include \'shared/address\' %}": { of: "{{ Bundle.entry.resource.ofType(Patient).name }}" }\n',
    );
    const found = findingsOf(text, { elements: loadR4Model() }, find).filter(({ severity }) => severity === 'error');
    expect(found.map(({ rule, place }) => `${rule} ${place.file}:${place.line}`)).toEqual([
      'mapping/unknown-element mappings/shared/address.part.yaml:4',
      'mapping/unknown-element mappings/shared/address.part.yaml:5',
    ]);
  });
});

describe('a mapping with fragments', () => {
  const text = inward('result:\n  "{% include \'shared/address\' %}": { of: "{{ home }}" }\n');

  it('has a digest that changes with them', () => {
    const other = beside({ 'shared/address.part.yaml': ADDRESS.replace('code:', 'postcode:') });
    const digest = compiled(text, {}, find).digest;
    expect(digest).not.toBe(compiled(text, {}, other).digest);
    expect(digest).toBe(createHash('sha256').update(`${text}\0${ADDRESS}`).digest('hex'));
  });

  it('can require what they make', () => {
    expect(findingsOf(text.replace('result:', 'require: [code]\nresult:'), {}, find)).toEqual([]);
    expect(findingsOf(text.replace('result:', 'require: [cod]\nresult:'), {}, find)).toMatchObject([
      { remedy: 'Did you mean "code"?' },
    ]);
  });

  it('says of a failing expression where it stands in the fragment', () => {
    const failing = beside({ 'a.part.yaml': 'part: a\nresult:\n  v: "{{ l.substring(1) }}"\n' });
    const mapping = compiled(inward('result:\n  "{% include \'a\' %}":\n'), {}, failing);
    expect(mapping.run({ l: ['a', 'b'] }, {}).findings).toMatchObject([
      { place: { file: 'mappings/a.part.yaml', line: 3 } },
    ]);
  });
});

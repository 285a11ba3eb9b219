import { describe, expect, it } from '@jest/globals';
import { explainRun, explainTemplate } from '../../../../src/core/mapping/explain.ts';
import { parseMapping } from '../../../../src/core/mapping/parse.ts';
import { beside, COLOURS, FILE, inward } from './small-mapping.ts';

const TEXT = inward(`let: { o: "{{ o }}" }
result:
  a: fixed
  list:
    - { k: "{{ x }}" }
    - { k: "<{{ y }}>" }
    - "{% for i in l %}": { k: "{{ %i }}" }
  "{% if x = 'left' %}": { side: "{{ x }}" }
  "{% else %}": { side: "{{ y }}" }
  "{% merge %}": ["{{ %o }}"]
  "{% include 'a' %}":
  all: "{[ l ]}"
`);
const part = beside({ 'a.part.yaml': 'part: a\nresult: { inside: "{{ x }}" }\n' });
const { source } = parseMapping(TEXT, FILE, part);
if (source === undefined) throw new Error('the mapping is not right');

const shown = (input: unknown) =>
  explainRun(source, { input, variables: {} }, { terminology: COLOURS })?.elements.map(
    ({ path, place, written }) => `${path} ${place.file?.split('/').at(-1)}:${place.line} ${written}`,
  );

describe('explainRun', () => {
  it('names for each element of the result the one line that made it', () => {
    expect(shown({ x: 'left', y: 'Y', l: ['p', 'q'], o: { m: { n: 1 } } })).toEqual([
      '/a small.map.yaml:8 "fixed"',
      '/list/0/k small.map.yaml:10 {{ x }}',
      '/list/1/k small.map.yaml:11 <{{ y }}>',
      '/list/2/k small.map.yaml:12 {{ %i }}',
      '/list/3/k small.map.yaml:12 {{ %i }}',
      '/side small.map.yaml:13 {{ x }}',
      '/m/n small.map.yaml:15 {{ %o }}',
      '/inside a.part.yaml:2 {{ x }}',
      '/all/0 small.map.yaml:17 {[ l ]}',
      '/all/1 small.map.yaml:17 {[ l ]}',
    ]);
  });

  it('follows the branch that was taken', () => {
    expect(shown({ x: 'right', y: 'Y' })).toContain('/side small.map.yaml:14 {{ y }}');
  });

  it('gives the run along with it, and no values of it', () => {
    const explained = explainRun(source, { input: { x: 'Testwell' }, variables: {} }, { terminology: COLOURS });
    expect(explained?.run.result).toMatchObject({ inside: 'Testwell' });
    expect(JSON.stringify(explained?.elements)).not.toContain('Testwell');
  });
});

describe('explainTemplate', () => {
  it('lists what the template makes, with what runs each expression', () => {
    const parts = explainTemplate(source, { terminology: COLOURS });
    expect(parts.map(({ path }) => path)).toEqual([
      '/a',
      '/list/*/k',
      '/list/*/k',
      '/list/*/k',
      '/side',
      '/side',
      '',
      '/inside',
      '/all/*',
    ]);
    expect(parts[0]?.engines).toEqual([]);
    expect(parts[1]?.engines).toEqual([{ engine: 'plain' }]);
  });
});

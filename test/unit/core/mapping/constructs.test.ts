import { describe, expect, it } from '@jest/globals';
import { compiled, inward, made, ran } from './small-mapping.ts';

describe('constants', () => {
  it('stand in the result as they are written, with their type', () => {
    expect(made('a: text\nb: 3\nc: 1.5\nd: true\ne: "3"\nf: ""', {})).toEqual({
      a: 'text',
      b: 3,
      c: 1.5,
      d: true,
      e: '3',
      f: '',
    });
  });

  it('disappear when they are null, and take what is around them along', () => {
    expect(made('a: { b: null, c: [null, { d: null }] }\ne: 1', {})).toEqual({ e: 1 });
  });

  it('may hold single braces', () => {
    expect(made('a: "a } } b"', {})).toEqual({ a: 'a } } b' });
  });
});

describe('{{ expr }}', () => {
  it('gives the first value and keeps its type', () => {
    const input = { t: 'x', n: 1.5, i: 7, y: true, no: false, o: { a: [1, null] }, l: ['p', 'q'] };
    expect(
      made('t: "{{ t }}"\nn: "{{ n }}"\ni: "{{ i }}"\ny: "{{ y }}"\nno: "{{ no }}"\no: "{{ o }}"\nl: "{{ l }}"', input),
    ).toEqual({
      t: 'x',
      n: 1.5,
      i: 7,
      y: true,
      no: false,
      o: { a: [1, null] },
      l: 'p',
    });
  });

  it('gives nothing when there is nothing, and an empty text is something', () => {
    expect(made('a: "{{ nowhere }}"\nb: "{{ n }}"\nc: "{{ e }}"', { n: null, e: '' })).toEqual({ c: '' });
  });

  it('passes over a null before the first value', () => {
    expect(made('a: "{{ l }}"', { l: [null, 'x'] })).toEqual({ a: 'x' });
  });

  it('may hold }} within quotes, braces of its own and several lines', () => {
    expect(
      made(`a: "{{ '}}' & x }}"\nb: "{{ {} }}"\nc: |-\n  {{ iif(x = 'y',\n    'one', 'other') }}`, { x: 'y' }),
    ).toEqual({ a: '}}y', c: 'one' });
  });

  it('makes the whole result when it stands alone', () => {
    expect(ran('result: "{{ a }}"\n', { a: 'x' }).result).toBe('x');
    expect(Object.keys(ran('result: "{{ a }}"\n', {}))).not.toContain('result');
  });
});

describe('{[ expr ]}', () => {
  it('gives all values as a list, without nulls', () => {
    expect(made('a: "{[ l ]}"\nb: "{[ l[0]]}"', { l: [1, null, 2] })).toEqual({ a: [1, 2], b: [1] });
  });

  it('gives nothing for nothing', () => {
    expect(made('a: "{[ l ]}"\nb: 1', {})).toEqual({ b: 1 });
  });
});

describe('text with expressions in it', () => {
  it('is put together, numbers and booleans as text', () => {
    expect(made('a: "x={{ n }}, y={{ b }}!"', { n: 1.5, b: false })).toEqual({ a: 'x=1.5, y=false!' });
  });

  it('is left out whole when one part gives nothing', () => {
    expect(made('a: "Dear {{ title }} {{ name }}"\nb: 1', { name: 'Ada' })).toEqual({ b: 1 });
  });

  it('cannot take an object', () => {
    const run = ran('result:\n  a: "x {{ o }}"\n', { o: { secret: 'S' } });
    expect(run.findings.map(({ rule }) => rule)).toEqual(['mapping/not-a-text']);
    expect(JSON.stringify(run)).not.toContain('"S"');
  });
});

describe('lists', () => {
  it('lose what is empty, and lists in lists become one', () => {
    expect(made('a: [1, [2, "{[ l ]}"], "{{ none }}", { b: "{{ none }}" }]', { l: [3, 4] })).toEqual({
      a: [1, 2, 3, 4],
    });
  });

  it('disappear when nothing is left', () => {
    expect(made('a: ["{{ none }}", []]\nb: 1', {})).toEqual({ b: 1 });
  });
});

describe('{% if %}', () => {
  const choice = 'a: 0\n"{% if x %}":\n  b: 1\n"{% else %}":\n  b: 2\nc: 3';

  it('merges the chosen object at its place among the keys', () => {
    expect(JSON.stringify(made(choice, { x: true }))).toBe('{"a":0,"b":1,"c":3}');
    expect(JSON.stringify(made(choice, { x: false }))).toBe('{"a":0,"b":2,"c":3}');
  });

  it('does not hold for nothing and for false, and holds for anything else', () => {
    const holds = (x: unknown) => made('v:\n  "{% if x %}": yes\n  "{% else %}": no', { x });
    expect([undefined, null, false, []].map(holds)).toEqual(Array(4).fill({ v: 'no' }));
    expect([true, 0, '', 'false', {}, [false, 1].slice(1)].map(holds)).toEqual(Array(6).fill({ v: 'yes' }));
  });

  it('is the value itself when it stands alone', () => {
    expect(made('v:\n  "{% if x %}": [1, 2]', { x: 1 })).toEqual({ v: [1, 2] });
    expect(made('v:\n  "{% if x %}": [1, 2]\nw: 1', {})).toEqual({ w: 1 });
  });

  it('may stand several times in one object, each with its own else', () => {
    const two = '"{% if a %}": { p: 1 }\n"{% else %}": { p: 2 }\n"{% if b %}": { q: 1 }\n"{% else %}": { q: 2 }';
    expect(made(two, { a: 1 })).toEqual({ p: 1, q: 2 });
  });
});

describe('{% for %}', () => {
  it('gives the list of its body, with the position from 0', () => {
    expect(
      made('v:\n  "{% for i, x in l %}":\n    n: "{{ %i }}"\n    x: "{{ %x.k }}"', { l: [{ k: 'a' }, { k: 'b' }] }),
    ).toEqual({
      v: [
        { n: 0, x: 'a' },
        { n: 1, x: 'b' },
      ],
    });
  });

  it('leaves out turns that give nothing, and is nothing when all do', () => {
    expect(made('v:\n  "{% for x in l %}": { k: "{{ %x.k }}" }', { l: [{ k: 1 }, {}, { k: 2 }] })).toEqual({
      v: [{ k: 1 }, { k: 2 }],
    });
    expect(made('v:\n  "{% for x in l %}": { k: "{{ %x.k }}" }\nw: 1', {})).toEqual({ w: 1 });
  });

  it('becomes part of the list that it stands in', () => {
    expect(made('v:\n  - 0\n  - "{% for x in l %}": "{{ %x }}"\n  - 9', { l: [1, 2] })).toEqual({ v: [0, 1, 2, 9] });
  });

  it('nests, the inner one seeing the outer variable and the input', () => {
    const nested = 'v:\n  "{% for a in l %}":\n    "{% for b in %a.m %}": "{{ %a.k & %b & top }}"';
    expect(
      made(nested, {
        top: '!',
        l: [
          { k: 'x', m: ['1', '2'] },
          { k: 'y', m: ['3'] },
        ],
      }),
    ).toEqual({ v: ['x1!', 'x2!', 'y3!'] });
  });
});

describe('{% merge %}', () => {
  it('merges objects among the keys around it', () => {
    expect(made('a: 1\n"{% merge %}":\n  - { b: 2 }\n  - "{{ o }}"', { o: { c: 3 } })).toEqual({ a: 1, b: 2, c: 3 });
  });

  it('keeps the first and says so when a key is given twice', () => {
    const run = ran('result:\n  a: 1\n  "{% merge %}":\n    - "{{ o }}"\n', { o: { a: 2 } });
    expect(run.result).toEqual({ a: 1 });
    expect(run.findings).toMatchObject([{ rule: 'mapping/duplicate-key', place: { line: 9 } }]);
  });

  it('cannot merge what is not an object', () => {
    expect(ran('result:\n  a: 1\n  "{% merge %}":\n    - "{{ o }}"\n', { o: 'x' }).findings).toMatchObject([
      { rule: 'mapping/merge' },
    ]);
  });
});

describe('let and {% assign %}', () => {
  it('name values in order, each seeing those before it', () => {
    expect(made('v: "{{ %b }}"', { x: 2 }, 'let:\n  a: "{{ x }}"\n  b: "{{ %a + 1 }}"\n')).toEqual({ v: 3 });
  });

  it('hold a list with {[ ]} and the first value with {{ }}', () => {
    expect(
      made('one: "{[ %one ]}"\nall: "{[ %all ]}"', { l: [1, 2] }, 'let:\n  one: "{{ l }}"\n  all: "{[ l ]}"\n'),
    ).toEqual({ one: [1], all: [1, 2] });
  });

  it('hold objects and texts too', () => {
    const head = 'let:\n  o: { k: "{{ x }}" }\n  t: "<{{ x }}>"\n';
    expect(made('v: "{{ %o.k }}"\nw: "{{ %t }}"', { x: 'y' }, head)).toEqual({ v: 'y', w: '<y>' });
  });

  it('hold for what stands below, not beside', () => {
    const text = 'a:\n  "{% assign %}":\n    - k: "{{ x }}"\n    - m: "{{ %k & %k }}"\n  v: "{{ %m }}"';
    expect(made(text, { x: 'y' })).toEqual({ a: { v: 'yy' } });
    expect(() => made(`${text}\nb: "{{ %m }}"`, {})).toThrow('mapping/unknown-variable');
  });

  it('stand beside a {% for %} or {% if %} that is the whole value', () => {
    expect(made('v:\n  "{% assign %}": { k: 1 }\n  "{% for x in l %}": "{{ %x + %k }}"', { l: [1, 2] })).toEqual({
      v: [2, 3],
    });
  });
});

describe('the order of keys', () => {
  it('is that of the template, whatever the input’s is', () => {
    const text = 'z: "{{ z }}"\na: "{{ a }}"\nm: "{{ m }}"';
    expect(JSON.stringify(made(text, { a: 1, m: 2, z: 3 }))).toBe('{"z":3,"a":1,"m":2}');
    expect(JSON.stringify(made(text, { z: 3, m: 2, a: 1 }))).toBe('{"z":3,"a":1,"m":2}');
  });
});

describe('order', () => {
  const { orderOf, order } = compiled(inward('result: { a: 1 }\n'));

  it('reads the lane key as text', () => {
    expect(order).toBe('id');
    expect([orderOf({ id: 'r-1' }), orderOf({ id: 7 })]).toEqual(['r-1', '7']);
  });

  it.each([[undefined], [null], ['text'], [42], [[]], [{}], [{ id: '' }], [{ id: {} }], [{ id: true }]])(
    'has no key in %j',
    (input) => expect(orderOf(input)).toBeUndefined(),
  );
});

describe('require', () => {
  const text =
    'require: [a.b, l.c]\nresult:\n  a:\n    b: "{{ x }}"\n  l:\n    "{% for x in l %}":\n      c: "{{ %x }}"\n';

  it('is met when something stands at each path', () => {
    expect(ran(text, { x: 1, l: [{}, 2] }).findings).toEqual([]);
  });

  it('names the path and the line of the template that should have made it', () => {
    expect(ran(text, {}).findings).toMatchObject([
      { rule: 'mapping/required', severity: 'error', place: { line: 9, expression: 'a.b' } },
      { rule: 'mapping/required', severity: 'error', place: { line: 12, expression: 'l.c' } },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compiled, inward, made, outward, ran } from './small-mapping.ts';

const HOSTILE = [
  'O"Neil","role":"admin',
  '{{ 1+1 }}',
  '{[ id ]}',
  '{% if true %}',
  '%partner',
  '__proto__',
  '\u0000\ud800',
  "'; drop",
  'x'.repeat(1_000_000),
];

const named = compiled(
  outward(
    'let:\n  patient: "{{ Bundle.entry.resource.ofType(Patient) }}"\n  who: "{{ %patient.name }}"\nresult:\n  family: "{{ %who.family }}"\n  hello: "<{{ %who.family }}>"\n  given: "{[ %who.given ]}"\n',
  ),
);

function dossier(family: string, given: readonly string[] = []) {
  const patient = { resourceType: 'Patient', name: [{ family, given }], birthDate: '1941-05-09' };
  return { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
}

describe('values', () => {
  it.each(HOSTILE)('are never read as templates (%#)', (text) => {
    expect(
      made('a: "{{ a }}"\nb: "<{{ a }}>"\nc: "{[ l ]}"\nd: "{{ o }}"', { a: text, l: [text], o: { k: text } }),
    ).toEqual({
      a: text,
      b: `<${text}>`,
      c: [text],
      d: { k: text },
    });
  });

  it('survive: any name comes out as it went in', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.array(fc.string({ minLength: 1 })),
        (family, given) => {
          expect(named.run(dossier(family, given), {}).result).toEqual({
            family,
            hello: `<${family}>`,
            ...(given.length > 0 && { given }),
          });
        },
      ),
    );
  });

  it('survive: any JSON value comes out as it went in, but for what disappears', () => {
    const whole = compiled(inward('result:\n  v: "{{ v }}"\n'));
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (json) => {
        const value: unknown = JSON.parse(JSON.stringify(json));
        fc.pre(!JSON.stringify(value).includes('__proto__') && JSON.stringify(value) !== '{}' && value !== null);
        fc.pre(typeof value !== 'number' && !Array.isArray(value));
        expect(whole.run({ v: value }, {}).result).toEqual({ v: value });
      }),
    );
  });

  it('are numbers as JSON has them', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })),
        (number) => {
          fc.pre(!Object.is(number, -0));
          expect(made('v: "{{ v }}"', { v: number })).toEqual({ v: number });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the input', () => {
  const text = inward(
    'let:\n  o: "{{ a.b }}"\nresult:\n  a: "{{ a }}"\n  o: "{{ %o }}"\n  "{% merge %}":\n    - x: "{{ a }}"\n',
  );
  const mapping = compiled(text);

  it('is not changed, not even in what cannot be seen', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const input: unknown = JSON.parse(JSON.stringify({ a: { b: json } }));
        const before = JSON.stringify(input);
        mapping.run(deepFrozen(input), {});
        expect(JSON.stringify(input)).toBe(before);
        expect(hiddenNames(input)).toEqual([]);
      }),
    );
  });

  it('of a dossier is not changed either', () => {
    const input = deepFrozen(dossier('Testwell', ['Ada']));
    expect(named.run(input, {}).result).toMatchObject({ family: 'Testwell' });
    expect(hiddenNames(input)).toEqual([]);
  });

  it('is not handed out in the result', () => {
    const input = { a: { b: { c: 1 } } };
    const { result } = mapping.run(input, {});
    expect(result).toMatchObject({ a: { b: { c: 1 } } });
    (result as { a: { b: { c: number } } }).a.b.c = 2;
    expect(input.a.b.c).toBe(1);
  });

  it.each([[undefined], [null], ['text'], [7], [true], [[]], [[1, { a: 1 }]], [{}]])(
    'may be %j: nothing is thrown',
    (input) => {
      expect(mapping.run(input, {}).findings).toEqual([]);
      expect(named.run(input, {}).findings).toEqual([]);
    },
  );
});

describe('names that JavaScript or the library keep for themselves', () => {
  const input: unknown = JSON.parse('{"o":{"__proto__":{"polluted":1},"constructor":"c","k":1},"__proto__":{"x":1}}');

  it('do not reach a prototype, and __proto__ is left out', () => {
    const result = made('o: "{{ o }}"\nx: "{{ x }}"', input);
    expect(JSON.stringify(result)).toBe('{"o":{"constructor":"c","k":1}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('cannot stand for variables', () => {
    expect(() => made('a: "{{ %constructor }}"', {})).toThrow('mapping/unknown-variable');
    expect(() => made('a: "{{ %toString }}"', {})).toThrow('mapping/unknown-variable');
  });

  it('cannot be called as functions', () => {
    expect(() => made('a: "{{ constructor() }}"', {})).toThrow('mapping/unknown-function');
    expect(() => made('a: "{{ toString().valueOf() }}"', {})).toThrow('mapping/unknown-function');
  });

  it('are plain data where the library has bookkeeping of its own', () => {
    const bookkeeping = {
      __path__: { ctx: { vars: { stolen: 1 } }, path: 'Patient', parentResNode: null },
      name: 'x',
      id: 'r',
    };
    const run = ran(
      'let:\n  o: { k: "{{ o }}" }\nresult:\n  name: "{{ name }}"\n  inner: "{{ o.name }}"\n  again: "{{ %o.k.name }}"\n',
      { ...bookkeeping, o: bookkeeping },
    );
    expect(run).toEqual({ result: { name: 'x', inner: 'x', again: 'x' }, unmapped: [], findings: [] });
    expect(compiled(inward('result: { a: 1 }\n')).orderOf(bookkeeping)).toBe('r');
  });
});

describe('two runs', () => {
  it('on the same input give the same bytes', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (family, given) => {
        const input = dossier(family, given);
        expect(JSON.stringify(named.run(input, {}))).toBe(JSON.stringify(named.run(input, {})));
      }),
    );
  });

  it('do not see each other’s findings', () => {
    const mapping = compiled(inward('result:\n  a: "{{ x + \'1\' }}"\n'));
    expect(mapping.run({ x: true }, {}).findings).toHaveLength(1);
    expect(mapping.run({ x: 'y' }, {}).findings).toEqual([]);
  });
});

describe('an expression that fails on a message', () => {
  it('is a finding with its line that repeats no value', () => {
    const run = ran('result:\n  a: "{{ l.substring(1) }}"\n  b: 1\n', { l: ['Testwell', 'Secret'] });
    expect(run.result).toEqual({ b: 1 });
    expect(run.findings).toMatchObject([
      { rule: 'mapping/evaluation', severity: 'error', place: { line: 7, expression: 'l.substring(1)' } },
    ]);
    expect(JSON.stringify(run.findings)).not.toMatch(/Testwell|Secret/);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFrozen(member);
    Object.freeze(value);
  }
  return value;
}

/** Names of members that no enumeration shows. */
function hiddenNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.getOwnPropertyNames(value).filter((name) => !(Array.isArray(value) && name === 'length'));
  const hidden = own.filter((name) => !Object.keys(value).includes(name));
  return [...hidden, ...Object.values(value).flatMap(hiddenNames)];
}

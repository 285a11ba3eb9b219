import { describe, expect, it } from '@jest/globals';
import r4 from 'fhirpath/fhir-context/r4';
import { compilePath, prepareInput } from '../../../../src/core/fhirpath/compile-path.ts';
import type { PathFunction } from '../../../../src/core/fhirpath/compiler.ts';
import { dataOf } from '../../../../src/core/fhirpath/items.ts';
import { plainValue } from '../../../../src/core/mapping/plain-value.ts';

const patient = { resourceType: 'Patient', id: 'p1', name: [{ use: 'official', family: 'Testwell' }] };

function values(expression: string, input: unknown, variables: Record<string, unknown> = {}): readonly unknown[] {
  return compilePath(expression, { model: r4 }).run(input, variables).map(plainValue);
}

describe('a compiled expression', () => {
  it.each([
    ['Patient.name.where(use = %x).family', 'closures', undefined],
    ["name.family.matches('^T')", 'closures', undefined],
    ['birthDate < @2000-01-01', 'mixed', '@2000-01-01'],
    ['multipleBirth.round(1)', 'mixed', 'round()'],
    ['name.sort(family)', 'fhirpath', 'sort()'],
    ['item.repeat(item)', 'fhirpath', 'repeat()'],
    ['ofType(Nonsense)', 'fhirpath', 'a type that does not exist'],
  ])('says that %s runs on %s', (expression, engine, why) => {
    const compiled = compilePath(expression, { model: r4 });
    expect({ engine: compiled.engine, why: compiled.why }).toEqual({ engine, why });
  });

  it('is refused when it is no FHIRPath', () => expect(() => compilePath('a..b')).toThrow());

  it('takes the values of one expression as variables of another, on either engine', () => {
    const names = compilePath('name', { model: r4 }).run(patient, {});
    expect(values('%names.family', {}, { names })).toEqual(['Testwell']);
    expect(values('%names.sort(family).family', {}, { names })).toEqual(['Testwell']);
    const sorted = compilePath('name.sort(family)', { model: r4 }).run(patient, {});
    expect(values('%sorted.where(use is code).family', {}, { sorted })).toEqual(['Testwell']);
  });

  it('shares what it finds with others that are asked about a prepared input', () => {
    const input = prepareInput(patient, r4);
    const [family, again] = ['Patient.name.family', 'Patient.name.family'].map((text) =>
      compilePath(text, { model: r4 }),
    );
    expect(again?.run(input, {})).toBe(family?.run(input, {}));
    expect(compilePath('name.sort(family).family', { model: r4 }).run(input, {}).map(dataOf)).toEqual(['Testwell']);
  });

  it('does not mix up inputs', () => {
    const compiled = compilePath('Patient.name.family', { model: r4 });
    const other = { ...patient, name: [{ family: 'Sample' }] };
    expect([patient, other, patient].map((input) => compiled.run(input, {}).map(dataOf))).toEqual([
      ['Testwell'],
      ['Sample'],
      ['Testwell'],
    ]);
  });
});

describe('functions of the caller', () => {
  const shout: PathFunction<{ calls: number }> = {
    parameters: [1],
    run: (items, [end = ''], given) => {
      given.calls += 1;
      return items.map((item) => `${String(dataOf(item))}${end}`);
    },
  };
  const functions = new Map([['shout', shout]]);

  it.each(["name.family.shout('!')", "name.sort(family).family.shout('!')"])('are called: %s', (expression) => {
    const given = { calls: 0 };
    const items = compilePath(expression, { model: r4, functions }).run(patient, {}, given);
    expect(items).toEqual(['Testwell!']);
    expect(given.calls).toBe(1);
  });

  it.each(['name.family.shout({})', 'name.sort(family).family.shout({})'])('give nothing for %s', (expression) => {
    expect(compilePath(expression, { model: r4, functions }).run(patient, {}, { calls: 0 })).toEqual([]);
  });

  it('take the place of those of the language', () => {
    const upper: PathFunction = { parameters: [0], run: () => ['mine'] };
    const options = { model: r4, functions: new Map([['upper', upper]]) };
    expect(compilePath('name.family.upper()', options).run(patient, {})).toEqual(['mine']);
  });
});

describe('a hostile input', () => {
  const hostile: unknown = JSON.parse(
    '{"resourceType":"Patient","__proto__":{"family":"x"},"__path__":{"path":"Observation"},"name":[{"family":"F","constructor":"c"}],"_name":{"length":1000000000},"contained":[{"resourceType":5,"id":"five"},{"resourceType":"constructor","id":"c"}]}',
  );

  it('is read as data', () => {
    expect(values('name.family', hostile)).toEqual(['F']);
    expect(values('name.constructor', hostile)).toEqual(['c']);
    expect(values('contained.constructor.id', hostile)).toEqual(['c']);
    expect(values("contained.where(id = 'c').ofType(Resource).id", hostile)).toEqual([]);
  });

  it('cannot pass for what the fhirpath package writes down for itself', () => {
    const tree: unknown = JSON.parse('{"__path__":{"path":"Patient","ctx":{"vars":{"x":"stolen"}}},"name":"n"}');
    for (const expression of ['$this.type().name', 'iif(true, $this).convertsToString()', 'sort().name', 'name']) {
      const [found] = compilePath(expression).run(tree, {}).map(plainValue);
      expect(['Object', 'n', true, false]).toContain(found);
    }
  });

  it('cannot make lists longer than they are', () => expect(values('name.count()', hostile)).toEqual([1]));

  it('is never changed', () => {
    const frozen = deepFrozen(JSON.parse(JSON.stringify(patient)));
    for (const expression of [
      'name.family',
      'name | name',
      'name.sort(family)',
      'name.children()',
      '-(1)',
      'name = name',
    ]) {
      expect(() => values(expression, frozen)).not.toThrow();
    }
  });

  it('leaves nothing behind in the compiled expression for each name that it brings', () => {
    const compiled = compilePath('children().children().id', { model: r4 });
    for (let i = 0; i < 300; i++) {
      const input = { resourceType: `Type${i}`, [`member${i}`]: { inner: { resourceType: `Inner${i}`, id: 'x' } } };
      expect(compiled.run(input, {}).map(dataOf)).toEqual(['x']);
    }
  });
});

function deepFrozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFrozen(member);
    Object.freeze(value);
  }
  return value;
}

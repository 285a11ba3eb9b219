import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import r4 from 'fhirpath/fhir-context/r4';
import { compilePath, compileTracedPath } from '../../../../src/core/fhirpath/compile-path.ts';
import { type Items, untraced } from '../../../../src/core/fhirpath/items.ts';
import { placeOf, pointerOf } from '../../../../src/core/fhirpath/places.ts';
import { sourcesOf } from '../../../../src/core/fhirpath/tracing.ts';
import { plainValue } from '../../../../src/core/mapping/plain-value.ts';
import { expressions, fhirInputs, VARIABLES } from '../../../fhirpath/generated.ts';

const patient = {
  resourceType: 'Patient',
  name: [
    { use: 'official', family: 'Testwell', given: ['Ada', 'Mary'] },
    { use: 'old', family: 'Sample' },
  ],
  deceasedBoolean: false,
  birthDate: '1941-05-09',
  telecom: [{ system: 'phone', value: '01632 960001' }],
};

function traced(expression: string, input: unknown = { resourceType: 'Bundle', entry: [{ resource: patient }] }) {
  const { items, decided, looked, extent } = compileTracedPath(expression, { model: r4 }).run(input, {});
  return {
    values: items.map(plainValue),
    sources: items.map((item) => sourcesOf(item).map(placeOf)),
    decided: [...new Set(decided.map(placeOf))],
    looked: looked.map(({ field }) => field),
    extent,
  };
}

describe('a traced expression', () => {
  it('says of each value that it read where it stood', () => {
    expect(traced('Bundle.entry.resource.name.given')).toEqual({
      values: ['Ada', 'Mary'],
      sources: [['Bundle.entry[0].resource.name[0].given[0]'], ['Bundle.entry[0].resource.name[0].given[1]']],
      decided: [],
      looked: [],
      extent: 'exact',
    });
  });

  it('says of each value that it made what it was made from', () => {
    const found = traced("Bundle.entry.resource.name.first().select(given.first() & ' ' & family)");
    expect(found.values).toEqual(['Ada Testwell']);
    expect(found.sources).toEqual([
      ['Bundle.entry[0].resource.name[0].given[0]', 'Bundle.entry[0].resource.name[0].family'],
    ]);
  });

  it('tells what was looked at from what is passed on', () => {
    const found = traced("Bundle.entry.resource.name.where(use = 'official').family.upper()");
    expect(found.values).toEqual(['TESTWELL']);
    expect(found.sources).toEqual([['Bundle.entry[0].resource.name[0].family']]);
    expect(found.looked).toEqual(['use', 'use']);
    const other = traced("Bundle.entry.resource.name.where(use.upper() = 'OFFICIAL').family");
    expect(other.decided).toEqual(['Bundle.entry[0].resource.name[0].use', 'Bundle.entry[0].resource.name[1].use']);
  });

  it('knows which branch was taken and what decided it', () => {
    const found = traced("iif(active.exists(), 'x', telecom.value)", patient);
    expect(found.sources).toEqual([['Patient.telecom[0].value']]);
    expect(traced("iif(deceased, 'x', telecom.value)", patient).decided).toEqual(['Patient.deceased']);
  });

  it('has no sources for what stands in the expression', () => {
    expect(traced("'text'", patient).sources).toEqual([[]]);
  });

  it('keeps the sources of a value that a variable holds', () => {
    const name = compileTracedPath("name.first().select(given.first() & '!')", { model: r4 }).run(patient, {});
    const later = compileTracedPath("%name & '?'", { model: r4 }).run(patient, { name: name.items });
    expect(later.items.map(plainValue)).toEqual(['Ada!?']);
    expect(later.items.map((item) => sourcesOf(item).map(placeOf))).toEqual([['Patient.name[0].given[0]']]);
  });

  it('names all that could have been read when the fhirpath package evaluated it', () => {
    const found = traced('name.sort(family).given', patient);
    expect(found.extent).toBe('unknown');
    expect(found.values).toEqual(['Ada', 'Mary']);
    expect(found.decided).toEqual(
      expect.arrayContaining(['Patient.name[0].given[0]', 'Patient.name[0].given[1]', 'Patient.name[0].family']),
    );
  });

  it('knows the JSON name of a choice', () => {
    const deceased = compileTracedPath('deceased', { model: r4 }).run(patient, {});
    expect(deceased.items.flatMap(sourcesOf).map(pointerOf)).toEqual(['/deceasedBoolean']);
    const children = compileTracedPath('children()', { model: r4 }).run(patient, {});
    expect(children.items.flatMap(sourcesOf).map(pointerOf)).toContain('/telecom/0');
  });

  it('gives the same values as an untraced one', () => {
    fc.assert(
      fc.property(expressions, fhirInputs, (expression, generated) => {
        const input: unknown = JSON.parse(JSON.stringify(generated));
        expect(values(() => compileTracedPath(expression, { model: r4 }).run(input, VARIABLES).items)).toEqual(
          values(() => compilePath(expression, { model: r4 }).run(input, VARIABLES)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

function values(run: () => Items): unknown {
  try {
    return run().map((item) => plainValue(untraced(item)));
  } catch {
    return 'error';
  }
}

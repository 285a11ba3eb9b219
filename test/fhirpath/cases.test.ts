import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { compilePath } from '../../src/core/fhirpath/compile-path.ts';
import { plainValue } from '../../src/core/mapping/plain-value.ts';
import { bothAnswers, R4 } from './both-engines.ts';

interface Chapter {
  readonly chapter: string;
  readonly on: string;
  readonly fhir?: boolean;
  readonly cases: readonly (readonly [string, readonly unknown[] | 'error'])[];
}

const file: { resources: Readonly<Record<string, unknown>>; chapters: readonly Chapter[] } = parse(
  readFileSync(join(import.meta.dirname, 'cases.yaml'), 'utf8'),
);

/** As the case file writes values: without those that have nothing but an id or extension. */
function given(expression: string, input: unknown, model: typeof R4 | undefined): readonly unknown[] | 'error' {
  try {
    const items = compilePath(expression, { model }).run(input, {});
    return items.map(plainValue).filter((value) => value !== undefined);
  } catch {
    return 'error';
  }
}

describe.each(file.chapters.map((one) => [one.chapter, one] as const))('%s', (_chapter, { on, fhir, cases }) => {
  const input = file.resources[on];
  const model = fhir === false ? undefined : R4;

  it.each(cases)('%s', (expression, expected) => {
    expect(given(expression, input, model)).toEqual(expected);
    const both = bothAnswers({ expression, input, model });
    expect(both.closures).toEqual(both.package);
  });
});

it('the cases are enough to speak of the whole language', () => {
  expect(file.chapters.flatMap(({ cases }) => cases).length).toBeGreaterThan(200);
});

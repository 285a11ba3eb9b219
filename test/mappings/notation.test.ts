import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import { runCases } from '../../src/core/mapping/cases.ts';
import { compileLibrary } from '../../src/core/mapping/library.ts';
import { pairCases } from '../../src/core/mapping/pair-cases.ts';
import { NO_CODES } from '../../src/core/terminology/code-book.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';

/** Every construct of the published notation, one mapping each, as cases of our own. */
const directory = join(import.meta.dirname, 'notation');
const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8') }));

const terminology: Terminology = {
  translate: (_map, _system, code) =>
    code === 'score'
      ? { kind: 'match', system: 'urn:example:points', code: 'points', equivalence: 'equal' }
      : { kind: 'unknown' },
  member: () => 'unknown',
  hasMap: (map) => map === 'words',
  hasValueSet: () => false,
  codes: NO_CODES,
};

const { mappings, findings } = compileLibrary(files, 'notation', { terminology, elements: loadR4Model() });
const paired = pairCases(files);
const cases = new Map(paired.mappings.map((one) => [one.file, one.cases]));

describe('the notation', () => {
  it('has nothing wrong in its examples', () => {
    expect([...findings, ...paired.findings].filter(({ severity }) => severity !== 'information')).toEqual([]);
    expect(mappings.map(({ mapping }) => mapping.name)).toEqual([
      'all-values',
      'assign',
      'constant',
      'empty',
      'first-value',
      'for',
      'functions',
      'if',
      'include',
      'key-twice',
      'list-in-list',
      'merge',
      'strict-names',
      'text',
      'values-are-data',
    ]);
  });

  it.each(mappings.map((one) => [one.mapping.name, one] as const))('%s', (_name, { path, mapping }) => {
    const results = runCases(mapping, cases.get(path) ?? []);
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import { compileLibrary } from '../../src/core/mapping/library.ts';
import { pairCases } from '../../src/core/mapping/pair-cases.ts';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';
import { NO_CODES } from '../../src/core/terminology/code-book.ts';
import type { Terminology } from '../../src/core/terminology/terminology.ts';
import { altered } from './altered.ts';

/**
 * A mapping on plain data and the same mapping with nodes make the same of every message, byte for byte, findings and
 * their places included. HEARBACK_MAPPING_RUNS asks for more messages for each mapping than the usual 40.
 */
const RUNS = Number(process.env['HEARBACK_MAPPING_RUNS'] ?? '40');
const root = join(import.meta.dirname, '../..');
const elements = loadR4Model();

function filesBelow(directory: string): { file: string; text: string }[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(yaml|json|hl7|ts)$/.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, directory, file), 'utf8') }));
}

const shipped = buildTerminology(filesBelow('terminology').filter(({ file }) => file.endsWith('.json'))).terminology;
const words: Terminology = {
  translate: (_map, _system, code) =>
    code.length > 4
      ? { kind: 'match', system: 'urn:example:points', code: 'points', equivalence: 'equal' }
      : { kind: code === '' ? 'unmatched' : 'unknown' },
  member: () => 'unknown',
  hasMap: () => true,
  hasValueSet: () => false,
  codes: NO_CODES,
};

const given = {
  referral: 'ref-1',
  task: 'task-1',
  now: '2026-11-02T09:00:01.000Z',
  receivedAt: '2026-11-21T10:00:05.000Z',
  partner: 'bromley-well',
  message: 'm-1',
};

const counts = { plain: 0, nodes: 0 };

describe.each([
  ['mappings', shipped],
  ['bench/mapping', shipped],
  ['test/mappings/notation', words],
] as const)('of %s', (directory, terminology) => {
  const files = filesBelow(directory);
  const { mappings } = compileLibrary(files, directory, { terminology, elements });
  const cases = new Map(pairCases(files).mappings.map((one) => [one.file, one.cases]));

  it('are there', () => expect(mappings.length).toBeGreaterThan(1));

  it.each(mappings.map((one) => [one.path, one] as const))('%s', (path, { source, mapping }) => {
    const withNodes = compileMapping(source, { terminology, elements, watch: (_template, produce) => produce }).mapping;
    const { plain } = compileMapping(source, { terminology, elements });
    const sample = files.filter(({ file }) => file === path.replace('.map.yaml', '.json'));
    const messages = [
      ...(cases.get(path) ?? []).map(({ input }) => input),
      ...sample.map(({ text }) => JSON.parse(text)),
    ];
    expect(messages.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(altered(messages), (message) => {
        const before = JSON.stringify(message);
        const run = mapping.run(message, given);
        expect(JSON.stringify(run)).toBe(JSON.stringify(withNodes?.run(message, given)));
        expect(JSON.stringify(message)).toBe(before);
        counts[plain !== undefined && isPlain(() => plain.make(stateFor(message), given)) ? 'plain' : 'nodes'] += 1;
      }),
      { numRuns: RUNS },
    );
  });
});

function stateFor(input: unknown) {
  return { input, unmapped: new Map(), findings: [], at: {} };
}

function isPlain(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  process.stdout.write(`messages mapped both ways: ${counts.plain} on plain data, ${counts.nodes} with nodes only\n`);
  expect(counts.plain).toBeGreaterThan(counts.nodes / 2);
});

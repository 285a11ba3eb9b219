import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readsFhir } from '../../src/core/mapping/direction.ts';
import { compileLibrary } from '../../src/core/mapping/library.ts';
import { pairCases } from '../../src/core/mapping/pair-cases.ts';
import { codesThroughMapping } from '../../src/core/mapping/receipt/code-trips.ts';
import type { MappingSource } from '../../src/core/mapping/template.ts';
import { SNOMED_SYSTEM } from '../../src/core/referral.ts';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';

const project = join(import.meta.dirname, '../..');

function filesBelow(directory: string): { file: string; text: string }[] {
  const root = join(project, directory);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /[.](yaml|json|hl7)$/.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

const terms = filesBelow('terminology');
const { terminology } = buildTerminology(terms);
const files = filesBelow('mappings');
const { mappings } = compileLibrary(files, 'mappings', { terminology });
const cases = new Map(pairCases(files).mappings.map((one) => [one.file, one.cases]));

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** An input with parts of it left out, doubled, or written in another type: valid or not, as senders are. */
function disturbed(value: Json, chances: Iterator<number>): Json {
  const chance = (): number => chances.next().value ?? 0;
  if (typeof value !== 'object' || value === null) {
    const turn = chance();
    if (turn === 1) return null;
    if (turn === 2) return typeof value === 'string' ? `${value} ` : String(value);
    return turn === 3 ? [value] : value;
  }
  if (isList(value)) {
    return value.flatMap((item) => {
      const turn = chance();
      const next = disturbed(item, chances);
      return turn === 1 ? [] : turn === 2 ? [next, disturbed(item, chances)] : [next];
    });
  }
  const members = Object.entries(value).filter(([name]) => name === 'resourceType' || chance() !== 1);
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === 'resourceType' ? member : disturbed(member, chances)]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Mostly nothing is disturbed. */
const chances = fc.infiniteStream(fc.integer({ min: 0, max: 30 }));

/** JSON Pointers of what has a value. */
function leaves(value: unknown, path = ''): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, member]) =>
    leaves(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

describe('the receipts of the shipped mappings', () => {
  it.each(mappings.map(({ path, mapping }) => [path, mapping] as const))(
    '%s: each element of an input once, each of the result with its maker, the same bytes',
    (path, mapping) => {
      const inputs = (cases.get(path) ?? []).map(({ input, variables }) => ({
        json: JSON.stringify(input),
        variables,
      }));
      fc.assert(
        fc.property(fc.constantFrom(...inputs), chances, ({ json, variables }, stream) => {
          const parsed: Json = JSON.parse(json);
          const input = disturbed(parsed, stream[Symbol.iterator]());
          const { receipt, ...run } = mapping.runWithReceipt(input, variables);
          expect(JSON.stringify(run)).toBe(JSON.stringify(mapping.run(input, variables)));
          const isFhir = readsFhir(mapping.from);
          const there = leaves(input).filter((pointer) => !isFhir || !pointer.endsWith('/resourceType'));
          const named = receipt.input.map(({ element }) => element);
          expect(named.length).toBe(there.length);
          expect(new Set(named).size).toBe(named.length);
          if (!isFhir) expect(named).toEqual(there);
          expect(receipt.result.map(({ pointer }) => pointer).sort()).toEqual(leaves(run.result).sort());
          expect(receipt.result.every(({ rule }) => rule.file !== '' && rule.line !== undefined)).toBe(true);
          const known = new Set(receipt.result.map(({ pointer }) => pointer));
          expect(receipt.input.flatMap(({ to }) => to).every(({ pointer }) => known.has(pointer))).toBe(true);
        }),
        { numRuns: 12 },
      );
    },
  );

  it.each(mappings.map(({ path, source, mapping }) => [path, mapping, textOf(source)] as const))(
    '%s: no free text',
    (path, mapping, template) => {
      for (const { input, variables } of cases.get(path) ?? []) {
        const { receipt } = mapping.runWithReceipt(input, variables);
        const shown = JSON.stringify(receipt);
        const texts = freeTexts(input).filter((text) => !template.includes(text));
        for (const text of texts) expect(shown).not.toContain(JSON.stringify(text).slice(1, -1));
      }
    },
  );
});

function textOf({ text, parts }: MappingSource): string {
  return [text, ...parts.map((one) => one.text)].join('\n');
}

/** Texts of several words, and everything that says who somebody is. */
function freeTexts(value: unknown, name = ''): string[] {
  if (typeof value === 'string') {
    const isNamed = ['family', 'given', 'birthDate', 'postalCode', 'note', 'text'].includes(name);
    return (isNamed && value.length > 3) || value.split(' ').length > 4 ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => freeTexts(member, Array.isArray(value) ? name : key));
}

describe('the codes of the starter set through each platform', () => {
  const file = readFileSync(join(project, 'terminology/value-set-social-prescribing-needs.json'), 'utf8');
  const set: { compose: { include: { system: string; concept?: { code: string }[] }[] } } = JSON.parse(file);
  const codes = set.compose.include.flatMap(({ system, concept = [] }) =>
    concept.map(({ code }) => ({ system, code })),
  );

  /** The full dossier of the cases, with one code as the only need. */
  const full = readFileSync(join(project, 'mappings/dossiers/full.json'), 'utf8');
  function withNeed(coding: { readonly system: string; readonly code: string }) {
    const input: { entry: { resource: Record<string, unknown> }[] } = JSON.parse(full);
    const at = input.entry.findIndex(({ resource }) => resource['resourceType'] === 'ServiceRequest');
    const request = input.entry[at]?.resource;
    if (request === undefined) throw new Error('a dossier without its request');
    request['reasonCode'] = [{ coding: [coding] }];
    return { input, element: `Bundle.entry[${at}].resource.reasonCode[0].coding[0].code` };
  }

  function through(name: string) {
    const found = mappings.find(({ mapping }) => mapping.name === name);
    if (found === undefined) throw new Error(name);
    return codesThroughMapping(codes, {
      mapping: found.mapping,
      terminology,
      variables: { referral: 'r', task: 't', now: '2026-11-21T10:00:00Z', partner: 'p', message: 'm' },
      inputWith: withNeed,
    });
  }

  it('come back from casework as they were: it is sent the codes themselves', () => {
    const trips = through('casework/referral');
    expect(trips.length).toBeGreaterThan(30);
    expect(trips.filter(({ outcome }) => outcome !== 'equal')).toEqual([]);
  });

  it('come back from springboard as they were, or it is listed what was narrowed and what has no word; none is lost', () => {
    const trips = through('springboard/referral');
    const outcomeOf = (code: string) => trips.find((one) => one.code === code);
    expect(new Set(trips.map(({ outcome }) => outcome))).toEqual(new Set(['equal', 'narrowed', 'unmatched']));
    expect(outcomeOf('160932005')).toMatchObject({ outcome: 'equal', equivalence: 'equivalent' });
    expect(outcomeOf('32911000')).toMatchObject({
      outcome: 'narrowed',
      equivalence: 'wider',
      back: [`${SNOMED_SYSTEM}|81877007`],
    });
    expect(outcomeOf('864131000000100')?.comment).toContain('the safety of the person');
    for (const { outcome, map } of trips) expect([outcome, map]).toEqual([outcome, 'needs-to-springboard']);
  });

  it.each(['bars', 'care-navigator', 'casework', 'gravity', 'piecemeal', 'springboard'])(
    'come back from %s, or it is listed what was narrowed and what has no word; none is lost',
    (platform) => {
      const trips = through(`${platform}/referral`);
      expect(trips.map(({ code }) => code)).toEqual(codes.map(({ code }) => code));
      expect(trips.filter(({ outcome }) => !['equal', 'narrowed', 'unmatched'].includes(outcome))).toEqual([]);
    },
  );
});

/** The shipped mappings with their cases, compiled with the shipped terminology as the product does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadR4Model } from '../../src/adapters/fhir-rest/r4-definitions.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { CompiledMapping } from '../../src/core/mapping/compile.ts';
import { compileLibrary } from '../../src/core/mapping/library.ts';
import { pairCases } from '../../src/core/mapping/pair-cases.ts';
import type { MappingCase } from '../../src/core/mapping/read-case.ts';
import type { MappingSource } from '../../src/core/mapping/template.ts';
import { valueSetCodes } from '../../src/core/mapping/value-set-codes.ts';
import { buildTerminology } from '../../src/core/terminology/build-terminology.ts';

export const PROJECT = join(import.meta.dirname, '../..');

export interface Shipped {
  readonly name: string;
  readonly source: MappingSource;
  readonly mapping: CompiledMapping;
  readonly cases: readonly MappingCase[];
}

function filesBelow(directory: string, endings: readonly string[]): { file: string; text: string }[] {
  const root = join(PROJECT, directory);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

const terms = filesBelow('terminology', ['.json']);
const built = buildTerminology(terms);
export const terminology = built.terminology;

export const model = loadR4Model();
const files = filesBelow('mappings', ['.yaml', '.json', '.hl7']);
const paired = pairCases(files);
const library = compileLibrary(files, 'mappings', {
  terminology,
  elements: model,
  codesOf: valueSetCodes(terms),
});

/** All that is wrong with the terminology, the mappings and their cases. */
export const findings: readonly Finding[] = [...built.findings, ...paired.findings, ...library.findings];

export const shipped: readonly Shipped[] = library.mappings.map(({ path, source, mapping }) => ({
  name: mapping.name,
  source,
  mapping,
  cases: paired.mappings.find(({ file }) => file === path)?.cases ?? [],
}));

export function shippedMapping(name: string): Shipped {
  const found = shipped.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no mapping ${name}`);
  return found;
}

/** A dossier that the cases are made from. */
export function dossier(name: string): unknown {
  return JSON.parse(readFileSync(join(PROJECT, `mappings/dossiers/${name}.json`), 'utf8'));
}

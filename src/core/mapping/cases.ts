import type { R4Model } from '../fhir/model.ts';
import type { CompiledMapping, MappingRun } from './compile.ts';
import { type Difference, differencesOf } from './difference.ts';
import type { MappingCase } from './read-case.ts';
import { resultFaults } from './result-faults.ts';

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  /** Empty when the case holds. */
  readonly differences: readonly Difference[];
}

/**
 * Runs cases of a mapping. Each runs twice, because the same input must give the same bytes and stay as it was. With a model
 * a result that is FHIR is held against R4 as well, and a report is read as the engine reads it: what a case calls right must
 * be right for whoever takes it.
 */
export function runCases(mapping: CompiledMapping, cases: readonly MappingCase[], model?: R4Model): CaseResult[] {
  return cases.map((one) => ({ file: one.file, name: one.name, differences: runCase(mapping, one, model) }));
}

function runCase(mapping: CompiledMapping, one: MappingCase, model: R4Model | undefined): Difference[] {
  const before = JSON.stringify(one.input);
  const run = mapping.run(one.input, one.variables);
  const again = mapping.run(one.input, one.variables);
  return [
    ...('expect' in one ? differencesOf(one.expect, run.result) : []),
    ...differencesOf(sorted(one.unmapped.map(tokenOf)), sorted(run.unmapped.map(tokenOf)), '(unmapped)'),
    ...differencesOf(sorted(one.findings), sorted(run.findings.map(({ rule }) => rule)), '(findings)'),
    ...(one.order === undefined ? [] : differencesOf(one.order, mapping.orderOf(one.input), '(order)')),
    ...forbidden(one.mustNotContain, run),
    ...(model === undefined ? [] : resultFaults(mapping.to, run, one.variables, model)),
    ...differencesOf(JSON.stringify(run), JSON.stringify(again), '(second run)'),
    ...differencesOf(before, JSON.stringify(one.input), '(input)'),
  ];
}

function tokenOf({
  map,
  system,
  code,
}: {
  readonly map: string;
  readonly system: string;
  readonly code: string;
}): string {
  return `${map}|${system}|${code}`;
}

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}

function forbidden(texts: readonly string[], { result }: MappingRun): Difference[] {
  const found = textsIn(result);
  return texts
    .filter((text) => found.some((one) => one.includes(text)))
    .map((text) => ({ path: '(mustNotContain)', expected: 'nothing', actual: JSON.stringify(text) }));
}

/** Every text of a result, names of members included, as it is and not as JSON would escape it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [String(value)];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}

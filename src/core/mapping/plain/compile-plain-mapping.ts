import r4 from 'fhirpath/fhir-context/r4';
import type { PathFunction } from '../../fhirpath/compiler.ts';
import { plainCompilation } from '../../fhirpath/plain/compile-plain.ts';
import { NOTEWORTHY } from '../../fhirpath/plain/plain-run.ts';
import type { Workbench } from '../compile-expression.ts';
import { CONSTANTS, givenNames } from '../constants.ts';
import { type MappingFrom, readsFhir } from '../direction.ts';
import type { ResultCheck } from '../result/result-check.ts';
import type { RunState } from '../run-state.ts';
import type { Expression, MappingSource } from '../template.ts';
import { MappingRunOnPlain } from './mapping-run.ts';
import type { PlainBench } from './plain-expression.ts';
import { constantName, type PlainName, simpleName } from './plain-names.ts';
import { plainTemplate } from './plain-template.ts';
import { plainVariables } from './plain-variables.ts';
import { rootTypesIn } from './root-types.ts';

/**
 * A mapping on plain data: the first of the two ways in which a message is mapped.
 *
 * Most messages are mapped without anything to report: then nobody asks where a value stood, and this way gives the same
 * result several times as fast (src/core/fhirpath/plain says why its expressions give the same). On anything noteworthy
 * (an evaluation error, a finding, a code without counterpart, data that is not as simple as the expressions suppose) the
 * whole mapping runs again from the beginning the second way, with nodes, and only what that gives counts. Mappings are
 * pure, so having begun twice leaves no trace. Expressions that need more than plain data run with nodes in this way too,
 * and see variables as nodes, which are worked out for them when they ask.
 */
export interface PlainMapping {
  /**
   * @param state a fresh one; what it holds afterwards is noteworthy
   * @throws anything: then this message is not mapped in this way
   */
  make(state: RunState, given: Readonly<Record<string, unknown>>): unknown;
  /** Whether an expression runs on plain data wherever it stands. */
  isPlain(expression: Pick<Expression, 'offset'>): boolean;
}

/**
 * @param bench with which the mapping has been compiled without mistakes
 * @param functions what expressions may call
 */
export function compilePlainMapping(
  source: MappingSource,
  bench: Pick<Workbench, 'parsed'>,
  functions: ReadonlyMap<string, PathFunction<RunState>>,
): PlainMapping | undefined {
  const inputType = inputTypeOf(source.from, bench);
  if (inputType === 'unknown') return undefined;
  const plain = new Set<number>();
  const withNodes = new Set<number>();
  let slots = 0;
  const nextSlot = (): number => {
    slots += 1;
    return slots - 1;
  };
  const given = givenNames(source.from).map((name) => ({ name, slot: nextSlot() }));
  const fixed = new Map<string, PlainName>([
    ...[...CONSTANTS].map(([name, value]) => [name, constantName(value)] as const),
    ...given.map(({ name, slot }) => [name, simpleName(slot)] as const),
  ]);
  const model = readsFhir(source.from) ? r4 : undefined;
  const compilation = plainCompilation({ model, functions, inputType });
  const order: PlainBench = {
    compilation,
    parsed: bench.parsed,
    nextSlot,
    fixed,
    template: (template, names) => plainTemplate(template, names, order),
    note: ({ offset }, isPlain) => (isPlain ? plain : withNodes).add(offset),
  };
  const variables = plainVariables(source.variables, fixed, order);
  const make = order.template(source.result, variables.names);
  return {
    make(state, values) {
      const run = new MappingRunOnPlain(compilation.input(state.input), slots, state);
      for (const { name, slot } of given) run.slots[slot] = textOrNothing(values, name);
      variables.enter(run);
      return make(run);
    },
    isPlain: ({ offset }) => plain.has(offset) && !withNodes.has(offset),
  };
}

/** Undefined: there is something noteworthy, and the mapping must run with nodes. */
export function runOnPlainData(
  { make }: PlainMapping,
  state: RunState,
  given: Readonly<Record<string, unknown>>,
  checkResult: ResultCheck,
): { readonly result?: unknown; readonly unmapped: readonly []; readonly findings: readonly [] } | undefined {
  try {
    const result = make(state, given);
    if (state.unmapped.size === 0 && state.findings.length === 0) checkResult(result, state);
    if (state.unmapped.size > 0 || state.findings.length > 0) return undefined;
    return result === undefined ? { unmapped: [], findings: [] } : { result, unmapped: [], findings: [] };
  } catch {
    return undefined;
  }
}

/** A dossier is a Bundle; of a message the expressions say what it is, where they begin with a type. */
function inputTypeOf(from: MappingFrom, { parsed }: Pick<Workbench, 'parsed'>): string | undefined {
  if (!readsFhir(from)) return undefined;
  if (from === 'fhir/referral') return 'Bundle';
  const types = rootTypesIn([...parsed.values()].map(({ tree }) => tree));
  const [only = 'unknown'] = types;
  return types.size === 1 ? only : 'unknown';
}

function textOrNothing(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw NOTEWORTHY;
}

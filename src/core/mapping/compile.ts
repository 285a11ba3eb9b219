import { createHash } from 'node:crypto';
import { type Finding, hasErrors } from '../finding.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { compileExpression, type Names, newWorkbench, type Workbench } from './compile-expression.ts';
import { compileTemplate, compileVariables, type Produce } from './compile-template.ts';
import { CONSTANTS, FHIRPATH_VARIABLES, GIVEN } from './constants.ts';
import type { Elements } from './element-check.ts';
import { asFindings, type Flaw, type Report, suggest } from './mapping-findings.ts';
import { MAPPING_FUNCTIONS, type MappingFunction } from './mapping-functions.ts';
import { plainValue, withoutBookkeeping } from './plain-value.ts';
import { sourceOf, standsAt } from './require.ts';
import { addFinding, innerScope, type RunState, type Scope, type UnmappedCode } from './run-state.ts';
import type { MappingFrom, MappingSource, MappingTo } from './template.ts';

export type { UnmappedCode } from './run-state.ts';

/** What one run gave. With an error among the findings, or an unmapped code, the result must not be used. */
export interface MappingRun {
  readonly result?: unknown;
  readonly unmapped: readonly UnmappedCode[];
  readonly findings: readonly Finding[];
}

export interface CompiledMapping {
  readonly name: string;
  readonly version: number;
  /** SHA-256 of the file's text (UTF-8), lower-case hex. */
  readonly digest: string;
  readonly from: MappingFrom;
  readonly to: MappingTo;
  /** The order expression as written; inbound mappings only. */
  readonly order?: string;
  /** The lane key of an inbound message: how it names the referral. Undefined when it does not. Never throws. */
  orderOf(input: unknown): string | undefined;
  /**
   * Makes the result. The input is not changed and not referred to by the result; the same input and variables give the
   * same bytes. Never throws for what a message holds.
   * @param variables what docs/mapping.md lists for the direction: texts
   */
  run(input: unknown, variables: Readonly<Record<string, unknown>>): MappingRun;
}

export interface CompileEnvironment {
  readonly terminology: Terminology;
  /** Pure functions by name, beyond those of MAPPING_FUNCTIONS. */
  readonly functions?: ReadonlyMap<string, MappingFunction>;
  /** The R4 model; without it, element names are not checked. */
  readonly elements?: Elements;
}

interface Compilation {
  /** Absent when a finding is an error. */
  readonly mapping?: CompiledMapping;
  readonly findings: readonly Finding[];
}

/** Checks and compiles everything in a mapping, once. All mistakes at once, each with file, line and column. */
export function compileMapping(source: MappingSource, environment: CompileEnvironment): Compilation {
  const flaws: Flaw[] = [];
  const report: Report = (flaw) => flaws.push(flaw);
  const functions = new Map([...MAPPING_FUNCTIONS, ...(environment.functions ?? [])]);
  const bench = newWorkbench(source, {
    terminology: environment.terminology,
    functions,
    elements: environment.elements,
    report,
  });
  checkMaps(source, environment.terminology, report);
  const parts = compileParts(source, bench);
  checkRequired(source, report);
  const findings = asFindings(flaws, source.file, source.text);
  return hasErrors(findings) ? { findings } : { mapping: assemble(source, parts, bench), findings };
}

interface Parts {
  readonly orderOf: Produce | undefined;
  readonly enter: (state: RunState, outer: Scope) => Scope;
  readonly produce: Produce;
}

function compileParts(source: MappingSource, bench: Workbench): Parts {
  const fixed: Names = new Map([...CONSTANTS.keys(), ...FHIRPATH_VARIABLES].map((name) => [name, undefined]));
  const names = new Map(fixed);
  for (const name of GIVEN[source.from]) names.set(name, undefined);
  const order = source.order && compileExpression(source.order, fixed, bench);
  const variables = compileVariables(source.variables, names, bench);
  return {
    orderOf: order && ((state, scope) => order.evaluate(state, scope).map(plainValue)[0]),
    enter: variables.enter,
    produce: compileTemplate(source.result, variables.names, bench),
  };
}

function assemble(source: MappingSource, parts: Parts, bench: Workbench): CompiledMapping {
  const { name, version, from, to } = source;
  const required = source.require.map(({ path }) => ({ path, place: bench.place(madeAt(source, path), path) }));
  return {
    name,
    version,
    digest: createHash('sha256').update(source.text, 'utf8').digest('hex'),
    from,
    to,
    ...(source.order !== undefined && { order: source.order.text }),
    orderOf(input) {
      const key = parts.orderOf?.(newState(input), fixedScope());
      if (typeof key === 'number') return String(key);
      return typeof key === 'string' && key !== '' ? key : undefined;
    },
    run(input, given) {
      const state = newState(input);
      const result = parts.produce(state, parts.enter(state, givenScope(from, given)));
      // What an unmapped code would have filled is missing because of it: one question is enough.
      if (state.unmapped.size === 0) reportMissing(result, required, state);
      return {
        ...(result !== undefined && { result }),
        unmapped: [...state.unmapped.values()],
        findings: state.findings,
      };
    },
  };
}

function newState(input: unknown): RunState {
  return { input: withoutBookkeeping(input ?? {}), unmapped: new Map(), findings: [], at: {} };
}

function fixedScope(): Scope {
  const scope = innerScope(null);
  for (const [name, value] of CONSTANTS) scope[name] = value;
  return scope;
}

function givenScope(from: MappingFrom, given: Readonly<Record<string, unknown>>): Scope {
  const scope = fixedScope();
  for (const name of GIVEN[from])
    scope[name] = Object.hasOwn(given, name) ? withoutBookkeeping(given[name]) : undefined;
  return scope;
}

interface Required {
  readonly path: string;
  readonly place: Finding['place'];
}

function reportMissing(result: unknown, required: readonly Required[], state: RunState): void {
  for (const { path, place } of required) {
    if (standsAt(result, path)) continue;
    addFinding(state, {
      place,
      rule: 'mapping/required',
      message: `The result has no ${path}, which the mapping requires.`,
      remedy: 'Have the sender supply what it is made from, or mend the expression on this line.',
      issue: 'required',
    });
  }
}

function madeAt(source: MappingSource, path: string): number {
  const made = sourceOf(source.result, path);
  return made.kind === 'found' ? made.offset : source.result.offset;
}

function checkRequired(source: MappingSource, report: Report): void {
  for (const { path, offset } of source.require) {
    const made = sourceOf(source.result, path);
    if (made.kind === 'found') continue;
    const last = path.split('.').at(-1) ?? '';
    report({
      offset,
      rule: 'mapping/require',
      message: 'This path is required, but the template does not make it.',
      remedy: suggest(last, made.there, 'Add it to the result, or leave it out here.'),
      expression: path,
    });
  }
}

function checkMaps(source: MappingSource, terminology: Terminology, report: Report): void {
  for (const { map, offset } of source.maps) {
    if (terminology.hasMap(map)) continue;
    report({
      offset,
      rule: 'mapping/unknown-map',
      message: 'There is no concept map of this id.',
      remedy: 'Add a ConceptMap with this id to the terminology directory, or mend the name.',
      issue: 'not-found',
    });
  }
}

import { createHash } from 'node:crypto';
import r4 from 'fhirpath/fhir-context/r4';
import { worldOf } from '../fhirpath/delegate.ts';
import { type Finding, hasErrors } from '../finding.ts';
import type { Terminology } from '../terminology/terminology.ts';
import {
  compileExpression,
  type ExpressionEngine,
  type Names,
  newWorkbench,
  pathFunctions,
  type Workbench,
} from './compile-expression.ts';
import { compileTemplate, compileVariables, type Produce } from './compile-template.ts';
import { CONSTANTS, FHIRPATH_VARIABLES, fixedNames } from './constants.ts';
import { type CodesOf, checkMaps } from './covers-check.ts';
import { type MappingFrom, type MappingTo, makesFhir, readsFhir } from './direction.ts';
import { checkDisclosures, isUntold } from './disclosure-check.ts';
import { fixedScope, givenScope, newState } from './first-state.ts';
import { functionsBeside } from './functions-beside.ts';
import { asFindings, type Flaw, type Report, suggest } from './mapping-findings.ts';
import { MAPPING_FUNCTIONS, type MappingFunction } from './mapping-functions.ts';
import { compilePlainMapping, type PlainMapping, runOnPlainData } from './plain/compile-plain-mapping.ts';
import { plainValue } from './plain-value.ts';
import type { Receipt } from './receipt/receipt.ts';
import { receiptOf } from './receipt/receipt-of.ts';
import { receiptTools } from './receipt/receipt-tools.ts';
import { sourceOf } from './require.ts';
import { checkResultModel, type ResultModel } from './result/model-check.ts';
import { readJsonSchema } from './result/read-schema.ts';
import { type ResultCheck, resultCheck } from './result/result-check.ts';
import { checkAgainstSchema } from './result/schema-check.ts';
import { type SchemaValidator, schemaValidator } from './result/schema-validator.ts';
import { checkResultShape } from './result/shape-check.ts';
import type { RunState, Scope, UnmappedCode } from './run-state.ts';
import type { MappingSource } from './template.ts';
import type { Watch } from './template-watch.ts';

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
  /** SHA-256 (lower-case hex) of the file's text in UTF-8; with fragments or a schema, of all of them. */
  readonly digest: string;
  readonly from: MappingFrom;
  readonly to: MappingTo;
  /** The order expression as written; inbound mappings only. */
  readonly order?: string;
  /** Categories of what identifies the patient that it reads, when the R4 model was there to tell (docs/mapping.md). */
  readonly discloses: readonly string[];
  /** The lane key of an inbound message: how it names the referral. Undefined when it does not. Never throws. */
  orderOf(input: unknown): string | undefined;
  /**
   * Makes the result. The input is not changed and not referred to by the result; the same input and variables give the
   * same bytes. Never throws for what a message holds.
   * @param variables what docs/mapping.md lists for the direction: texts
   */
  run(input: unknown, variables: Readonly<Record<string, unknown>>): MappingRun;
  /**
   * The same run, byte for byte, with what became of every input element. Slower; compiled when it is first asked for, so
   * that nothing is paid where nobody asks.
   */
  runWithReceipt(input: unknown, variables: Readonly<Record<string, unknown>>): ReceiptedRun;
}

/** A run with its receipt, also when the result must not be used. */
export interface ReceiptedRun extends MappingRun {
  readonly receipt: Receipt;
}

export interface CompileEnvironment {
  readonly terminology: Terminology;
  /** Pure functions by name, beyond those of MAPPING_FUNCTIONS. */
  readonly functions?: ReadonlyMap<string, MappingFunction>;
  /** Functions in files beside mappings, by path without the ending (`casework/postcode`). */
  readonly functionFiles?: ReadonlyMap<string, MappingFunction>;
  /** The R4 model; without it, element names are not checked, and neither is what is disclosed. */
  readonly elements?: ResultModel;
  /** Lists the codes of a value set; without it, `covers` is not checked, which is noted. */
  readonly codesOf?: CodesOf;
  /** Hears of everything that is made: for coverage and explanations. */
  readonly watch?: Watch;
}

interface Compilation {
  /** Absent when a finding is an error. */
  readonly mapping?: CompiledMapping;
  readonly findings: readonly Finding[];
  /** Which expression runs on which engine. */
  readonly engines: readonly ExpressionEngine[];
  /** The way on plain data that its runs try first; absent when they have none. */
  readonly plain?: PlainMapping | undefined;
}

/** Checks and compiles everything in a mapping, once. All mistakes at once, each with file, line and column. */
export function compileMapping(source: MappingSource, environment: CompileEnvironment): Compilation {
  const flaws: Flaw[] = [];
  const report: Report = (flaw) => flaws.push(flaw);
  const { terminology, elements, watch } = environment;
  const functions = new Map([
    ...MAPPING_FUNCTIONS,
    ...(environment.functions ?? []),
    ...functionsBeside(source, environment.functionFiles, report),
  ]);
  const bench = newWorkbench(source, { terminology, functions, elements, report, watch });
  checkMaps(source, environment, report);
  const parts = compileParts(source, bench);
  checkRequired(source, report);
  checkResultShape(source, report);
  const validate = compileSchema(source, report);
  if (elements !== undefined && makesFhir(source.to)) checkResultModel(source, elements, report);
  const discloses = elements === undefined ? [] : checkDisclosures(source, elements, withoutEchoes(flaws, report));
  const findings = asFindings(flaws, source);
  if (hasErrors(findings)) return { findings, engines: bench.engines };
  const plain = compilePlainMapping(source, bench, pathFunctions(source, { terminology, functions }));
  const engines = bench.engines.map((one) =>
    plain?.isPlain(one) === true ? { ...one, engine: 'plain' as const } : one,
  );
  return {
    mapping: assemble(source, { ...parts, validate, discloses, plain }, bench, terminology),
    findings,
    engines,
    plain,
  };
}

const MISNAMED: ReadonlySet<string> = new Set([
  'mapping/syntax',
  'mapping/unknown-element',
  'mapping/unknown-variable',
]);

/** Behind a name that is wrong nothing is known, and that has been said: it is no news that it cannot be told whose it is. */
function withoutEchoes(flaws: readonly Flaw[], report: Report): Report {
  const misnamed = flaws.some(({ rule }) => MISNAMED.has(rule));
  return (flaw) => {
    if (!misnamed || !isUntold(flaw)) report(flaw);
  };
}

function compileSchema(source: MappingSource, report: Report): SchemaValidator | undefined {
  const schema = source.schema && readJsonSchema(source.schema, report);
  if (source.schema === undefined || schema === undefined) return undefined;
  const compiled = schemaValidator(schema);
  if ('why' in compiled) {
    report({
      offset: source.schema.offset,
      rule: 'mapping/schema-file',
      message: `The JSON Schema cannot be used: ${compiled.why}.`,
      remedy: 'Mend it; drafts 7 and 2020-12 are understood, with references within the file.',
    });
    return undefined;
  }
  checkAgainstSchema(source, schema, report);
  return compiled.validate;
}

interface Parts {
  readonly orderOf: Produce | undefined;
  readonly enter: (state: RunState, outer: Scope) => Scope;
  readonly produce: Produce;
  readonly validate: SchemaValidator | undefined;
  readonly discloses: readonly string[];
  readonly plain: PlainMapping | undefined;
}

function compileParts(source: MappingSource, bench: Workbench): Pick<Parts, 'orderOf' | 'enter' | 'produce'> {
  const fixed: Names = new Map([...CONSTANTS.keys(), ...FHIRPATH_VARIABLES].map((name) => [name, undefined]));
  const names: Names = fixedNames(source.from);
  const order = source.order && compileExpression(source.order, fixed, bench);
  const variables = compileVariables(source.variables, names, bench);
  return {
    orderOf: order && ((state, scope) => order.evaluate(state, scope).map(plainValue)[0]),
    enter: variables.enter,
    produce: compileTemplate(source.result, variables.names, bench),
  };
}

function assemble(source: MappingSource, parts: Parts, bench: Workbench, terminology: Terminology): CompiledMapping {
  const { name, version, from, to } = source;
  const checkResult = resultCheck(source, parts.validate, bench.place);
  const stamp = { name, version, digest: digestOf(source, bench) };
  // Who watches the parts of a template must see those that know places.
  const plain = bench.watch === undefined ? parts.plain : undefined;
  let traced: ReturnType<typeof compileTraced> | undefined;
  return {
    ...stamp,
    from,
    to,
    ...(source.order !== undefined && { order: source.order.text }),
    discloses: parts.discloses,
    orderOf(input) {
      const key = parts.orderOf?.(newState(input, {}), fixedScope());
      if (typeof key === 'number') return String(key);
      return typeof key === 'string' && key !== '' ? key : undefined;
    },
    run(input, given) {
      const onPlainData = plain && runOnPlainData(plain, newState(input, given), given, checkResult);
      if (onPlainData !== undefined) return onPlainData;
      const state = newState(input, given);
      const result = parts.produce(state, parts.enter(state, givenScope(from, given)));
      return finished(result, state, checkResult);
    },
    runWithReceipt(input, given) {
      traced ??= compileTraced(source, bench, terminology);
      const { newTrail, parts: own, model } = traced;
      const trail = newTrail();
      const state: RunState = { ...newState(input, given), trail };
      const result = own.produce(state, own.enter(state, givenScope(from, given)));
      const run = finished(result, state, checkResult);
      return { ...run, receipt: receiptOf({ input: state.input, trail, model }, stamp) };
    },
  };
}

function finished(result: unknown, state: RunState, checkResult: ResultCheck): MappingRun {
  // What an unmapped code would have filled is missing because of it: one question is enough.
  if (state.unmapped.size === 0) checkResult(result, state);
  return {
    ...(result !== undefined && { result }),
    unmapped: [...state.unmapped.values()],
    findings: state.findings,
  };
}

/** The twin of a mapping whose values know what they come from. What is wrong with the mapping has been said. */
function compileTraced(source: MappingSource, { functions, place }: Workbench, terminology: Terminology) {
  const { model } = worldOf(readsFhir(source.from) ? r4 : undefined);
  const { watch, around, newTrail } = receiptTools({ place, model, terminology });
  const order = { terminology, functions, elements: undefined, report: () => undefined, watch, around, trace: true };
  return { newTrail, model, parts: compileParts(source, newWorkbench(source, order)) };
}

/**
 * Identifies everything that a mapping is made of. A mapping that is one file: the SHA-256 of its text. Else: of its text
 * and those of its fragments, its schema and its functions, as they are first named, with a zero byte between them.
 */
function digestOf({ text, parts, schema, functions }: MappingSource, bench: Workbench): string {
  const hash = createHash('sha256').update(text, 'utf8');
  const beside = [...parts, ...(schema === undefined ? [] : [schema])].map((one) => one.text);
  const code = functions.map(({ name }) => bench.functions.get(name)?.text ?? '');
  for (const one of [...beside, ...code]) hash.update(`\0${one}`, 'utf8');
  return hash.digest('hex');
}

function checkRequired(source: MappingSource, report: Report): void {
  for (const { path, offset } of source.require) {
    const made = sourceOf(source.result, path, source.to);
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

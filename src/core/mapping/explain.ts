import type { Place } from '../finding.ts';
import { type CompileEnvironment, compileMapping, type MappingRun } from './compile.ts';
import { placesIn } from './mapping-findings.ts';
import type { Rule } from './receipt/receipt.ts';
import type { Expression, MappingSource } from './template.ts';
import { type Leaf, leavesOf, writtenAs } from './template-leaves.ts';

/** Which part of a template makes one element of the result. */
export interface Explained {
  /** In the template: with `*` for a place in a list. Of a run: the JSON Pointer of the element. */
  readonly path: string;
  readonly place: Place;
  /** The expression with its delimiters, or the constant. */
  readonly written: string;
  /** What runs each of its expressions: closures, or the fhirpath package with the part that is left to it. */
  readonly engines: readonly { readonly engine: string; readonly why?: string }[];
  /** Of a run: where in the input it comes from; nothing for what comes from no input. */
  readonly from?: readonly string[];
}

/** What the template makes, part by part. */
export function explainTemplate(source: MappingSource, environment: CompileEnvironment): Explained[] {
  const desk = { place: placesIn(source), engines: compileMapping(source, environment).engines };
  return leavesOf(source.result).map((leaf) => explained(leaf, leaf.path, desk));
}

interface ExplainedRun {
  readonly run: MappingRun;
  readonly elements: readonly Explained[];
}

/** Runs a mapping once and tells for every element of the result which part of the template made it. */
export function explainRun(
  source: MappingSource,
  given: { readonly input: unknown; readonly variables: Readonly<Record<string, unknown>> },
  environment: CompileEnvironment,
): ExplainedRun | undefined {
  const { mapping, engines } = compileMapping(source, environment);
  if (mapping === undefined) return undefined;
  const { receipt, ...run } = mapping.runWithReceipt(given.input, given.variables);
  const engineOf = enginesByRule(source, engines);
  const elements = receipt.result.map(({ pointer, from, rule }) => {
    const { file, line, column, written } = rule;
    const place = { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
    return { path: pointer, place, written, engines: engineOf(rule), from };
  });
  return { run, elements };
}

/** Which engines run the part of the template at a place. */
function enginesByRule(source: MappingSource, engines: Desk['engines']): (rule: Rule) => Explained['engines'] {
  const desk = { place: placesIn(source), engines };
  const known = new Map(
    leavesOf(source.result).map((leaf) => {
      const { place, engines: ran } = explained(leaf, leaf.path, desk);
      return [keyOf(place), ran] as const;
    }),
  );
  return (rule) => known.get(keyOf(rule)) ?? [];
}

function keyOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

interface Desk {
  readonly place: ReturnType<typeof placesIn>;
  readonly engines: ReturnType<typeof compileMapping>['engines'];
}

function explained({ template }: Leaf, path: string, { place, engines }: Desk): Explained {
  const offsets = expressionsOf(template).map(({ offset }) => offset);
  return {
    path,
    place: place(template.offset),
    written: writtenAs(template),
    engines: offsets.flatMap((offset) => {
      const found = engines.find((one) => one.offset === offset);
      return found === undefined ? [] : [{ engine: found.engine, ...(found.why !== undefined && { why: found.why }) }];
    }),
  };
}

function expressionsOf(template: Leaf['template']): readonly Expression[] {
  if (template.kind === 'constant') return [];
  return template.kind === 'text' ? template.parts.filter((part) => typeof part !== 'string') : [template.expression];
}

import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { Finding } from '../finding.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { checkElements, type Elements, type Kinds } from './element-check.ts';
import { argumentsOf, checkExpression, functionName, literalText } from './expression-check.ts';
import { offsetIn, parseExpression, type SyntaxNode, startOf } from './expression-tree.ts';
import { placesIn, type Report } from './mapping-findings.ts';
import type { MappingFunction } from './mapping-functions.ts';
import { addFinding, type RunState, type Scope } from './run-state.ts';
import type { Expression, MappingSource } from './template.ts';
import { TRANSLATING_FUNCTIONS, type TranslationDesk, translateItems } from './translate.ts';

/** Gives an expression's values as the fhirpath package has them (with their types); none when it fails, which is a finding. */
export type Evaluate = (state: RunState, scope: Scope) => readonly unknown[];

/** What compiling the expressions of one mapping needs. */
export interface Workbench {
  readonly source: MappingSource;
  readonly report: Report;
  readonly functions: ReadonlyMap<string, MappingFunction>;
  readonly functionArguments: ReadonlyMap<string, number>;
  readonly elements: Elements | undefined;
  readonly compile: (text: string) => (state: RunState, scope: Scope) => readonly unknown[];
  readonly place: ReturnType<typeof placesIn>;
}

/** The variables that may be used at one place of the template, with the R4 types they can have. */
export type Names = ReadonlyMap<string, Kinds>;

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  readonly kinds: Kinds;
}

interface WorkbenchOrder {
  readonly terminology: Terminology;
  readonly functions: ReadonlyMap<string, MappingFunction>;
  readonly elements: Elements | undefined;
  readonly report: Report;
}

export function newWorkbench(source: MappingSource, order: WorkbenchOrder): Workbench {
  const { functions, report, elements } = order;
  const translating = TRANSLATING_FUNCTIONS.map((name) => [name, 1] as const);
  const own = [...functions].map(([name, { parameters }]) => [name, parameters] as const);
  return {
    source,
    report,
    functions,
    functionArguments: new Map([...translating, ...own]),
    elements: source.from === 'json' ? undefined : elements,
    compile: fhirpathCompiler(source, order),
    place: placesIn(source.file, source.text),
  };
}

/** Checks and compiles one expression. With a mistake in it, it gives nothing (and the mapping is refused). */
export function compileExpression(expression: Expression, names: Names, bench: Workbench): CompiledExpression {
  const parsed = parseExpression(expression);
  if (parsed.kind === 'flaws') {
    for (const flaw of parsed.flaws) bench.report(flaw);
    return { evaluate: () => [], kinds: undefined };
  }
  const known = { functions: bench.functionArguments, maps: bench.source.maps, variables: [...names.keys()] };
  checkExpression(expression, parsed.tree, known, bench.report);
  checkLiteralArguments(expression, parsed.tree, bench);
  const kinds = kindsOf(expression, parsed.tree, names, bench);
  return { evaluate: guarded(expression, bench), kinds };
}

function kindsOf(expression: Expression, tree: SyntaxNode, names: Names, bench: Workbench): Kinds {
  if (bench.elements === undefined) return undefined;
  const scope = { elements: bench.elements, input: new Set(['Bundle']), variables: names };
  return checkElements(expression, tree, scope, bench.report);
}

function guarded(expression: Expression, bench: Workbench): Evaluate {
  const run = bench.compile(expression.text);
  const at = bench.place(expression.offset, expression.text);
  return (state, scope) => {
    state.at = at;
    try {
      return run(state, scope);
    } catch {
      // What the package says may repeat values of the message.
      addFinding(state, EVALUATION);
      return [];
    }
  };
}

const EVALUATION: Omit<Finding, 'severity' | 'place'> = {
  rule: 'mapping/evaluation',
  message:
    'This expression cannot be evaluated on this message: an operator or function was given something it cannot take.',
  remedy:
    'Let the expression choose one value (first()) of the right kind (ofType(), toInteger()) before it is used; add the message as a case.',
  issue: 'processing',
};

function checkLiteralArguments(expression: Expression, tree: SyntaxNode, bench: Workbench): void {
  const walk = (node: SyntaxNode): void => {
    for (const child of node.children ?? []) walk(child);
    if (node.type !== 'FunctionInvocation') return;
    const wrong = bench.functions.get(functionName(node))?.checkArguments?.(...argumentsOf(node).map(literalText));
    if (wrong === undefined) return;
    const { line, column } = startOf(node);
    const offset = offsetIn(expression, line, column);
    bench.report({
      offset,
      rule: 'mapping/argument',
      message: `An argument of ${functionName(node)}() is wrong.`,
      remedy: wrong,
      expression: expression.text,
    });
  };
  walk(tree);
}

/**
 * Expressions are evaluated by the fhirpath package, with its R4 model for FHIR input. `resolveInternalTypes: false`
 * matters twice: variables keep their types, and the package does not write its bookkeeping into the input.
 */
function fhirpathCompiler(source: MappingSource, order: WorkbenchOrder): Workbench['compile'] {
  const model = source.from === 'json' ? undefined : r4;
  // A run is synchronous from beginning to end, so one expression at a time speaks of one state.
  const running: { state?: RunState } = {};
  const options = { resolveInternalTypes: false, userInvocationTable: invocationTable(source, order, running) };
  return (text) => {
    const compiled = fhirpath.compile(text, model, options);
    return (state, scope) => {
      running.state = state;
      const values: readonly unknown[] = compiled(state.input, scope);
      return values;
    };
  };
}

function invocationTable(source: MappingSource, order: WorkbenchOrder, running: { state?: RunState }) {
  const desk: TranslationDesk = {
    terminology: order.terminology,
    maps: new Map(source.maps.map((use) => [use.map, use])),
  };
  const now = (): RunState => {
    if (running.state === undefined) throw new Error('a mapping function was called outside a run');
    return running.state;
  };
  const table: NonNullable<Parameters<typeof fhirpath.compile>[2]>['userInvocationTable'] = {
    translate: {
      fn: (items: unknown[], map: string) => translateItems(items, map, desk, now(), ({ code }) => code),
      arity: { 1: ['String'] },
      internalStructures: true,
    },
    translateCoding: {
      fn: (items: unknown[], map: string) => translateItems(items, map, desk, now(), codingOf),
      arity: { 1: ['String'] },
      internalStructures: true,
    },
  };
  for (const [name, own] of order.functions) table[name] = textFunction(own);
  return table;
}

function codingOf({ system, code, display }: { system: string; code: string; display?: string }) {
  return { system, code, ...(display !== undefined && { display }) };
}

function textFunction({ parameters, apply }: MappingFunction) {
  const types = Array.from({ length: parameters }, () => 'String' as const);
  return {
    fn: (items: unknown[], ...given: string[]) =>
      items.flatMap((item) => {
        const text: unknown = fhirpath.util.valData(item);
        const value = typeof text === 'string' ? apply(text, ...given) : undefined;
        return value === undefined ? [] : [value];
      }),
    arity: { [parameters]: types },
    internalStructures: true,
  };
}

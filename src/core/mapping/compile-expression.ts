import r4 from 'fhirpath/fhir-context/r4';
import { compilePath, compileTracedPath, type Engine, prepareInput } from '../fhirpath/compile-path.ts';
import type { PathFunction } from '../fhirpath/compiler.ts';
import type { PreparedInput } from '../fhirpath/input.ts';
import { dataOf } from '../fhirpath/items.ts';
import { REGULAR_FUNCTIONS, regularExpressionFlaw } from '../fhirpath/regular.ts';
import type { Finding } from '../finding.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { readsFhir } from './direction.ts';
import { checkElements, type Elements, inputKinds, type Kinds } from './element-check.ts';
import { argumentsOf, checkExpression, functionName, literalText } from './expression-check.ts';
import { offsetIn, parseExpression, type SyntaxNode, startOf } from './expression-tree.ts';
import { placesIn, type Report } from './mapping-findings.ts';
import type { MappingFunction } from './mapping-functions.ts';
import { itemByItem } from './receipt/item-by-item.ts';
import { addFinding, type RunState, type Scope } from './run-state.ts';
import type { Expression, MappingSource } from './template.ts';
import type { Watch } from './template-watch.ts';
import { TRANSLATING_FUNCTIONS, type TranslationDesk, translateItems } from './translate.ts';

/** Gives an expression's values with their types and places; none when it fails, which is a finding. */
export type Evaluate = (state: RunState, scope: Scope) => readonly unknown[];

/** What compiling the expressions of one mapping needs. */
export interface Workbench {
  readonly source: MappingSource;
  readonly report: Report;
  readonly functions: ReadonlyMap<string, MappingFunction>;
  readonly functionArguments: ReadonlyMap<string, number>;
  readonly elements: Elements | undefined;
  readonly compile: (expression: Expression, tree: SyntaxNode) => Evaluate;
  /** Which expression runs on which engine, in the order in which they were compiled. */
  readonly engines: readonly ExpressionEngine[];
  /** The expressions that were compiled, for whoever compiles them once more in another way. */
  readonly parsed: Map<Expression, ParsedExpression>;
  readonly place: ReturnType<typeof placesIn>;
  readonly watch?: Watch;
  /** Stand, in a mapping that is compiled for receipts, around what decides and around what makes a variable. */
  readonly around?: { readonly deciding: (evaluate: Evaluate) => Evaluate; readonly variable: Around };
}

type Around = (produce: (state: RunState, scope: Scope) => unknown) => (state: RunState, scope: Scope) => unknown;

/** An expression without its guard: run, it throws what FHIRPath calls an error. */
export interface ParsedExpression {
  readonly tree: SyntaxNode;
  readonly run: Evaluate;
}

export interface ExpressionEngine {
  readonly offset: number;
  readonly text: string;
  /** `plain`: closures on plain data, with those that know places behind them. */
  readonly engine: Engine | 'plain';
  /** What of it is left to the fhirpath package. */
  readonly why?: string;
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
  readonly watch?: Watch | undefined;
  /** Whether the values are to say what they come from (`RunState.trail`): slower. */
  readonly trace?: boolean;
  readonly around?: Workbench['around'];
}

export function newWorkbench(source: MappingSource, order: WorkbenchOrder): Workbench {
  const { functions, report, elements } = order;
  const translating = TRANSLATING_FUNCTIONS.map((name) => [name, 1] as const);
  const own = [...functions].map(([name, { parameters }]) => [name, parameters] as const);
  const engines: ExpressionEngine[] = [];
  return {
    source,
    report,
    functions,
    functionArguments: new Map([...translating, ...own]),
    elements: readsFhir(source.from) ? elements : undefined,
    compile: pathCompiler(source, order, engines),
    engines,
    parsed: new Map(),
    place: placesIn(source),
    ...(order.watch !== undefined && { watch: order.watch }),
    ...(order.around !== undefined && { around: order.around }),
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
  return { evaluate: guarded(expression, parsed.tree, bench), kinds };
}

function kindsOf(expression: Expression, tree: SyntaxNode, names: Names, bench: Workbench): Kinds {
  if (bench.elements === undefined) return undefined;
  const scope = { elements: bench.elements, input: inputKinds(bench.source.from), variables: names };
  return checkElements(expression, tree, scope, bench.report);
}

function guarded(expression: Expression, tree: SyntaxNode, bench: Workbench): Evaluate {
  const run = bench.compile(expression, tree);
  bench.parsed.set(expression, { tree, run });
  const at = bench.place(expression.offset, expression.text);
  return (state, scope) => {
    state.at = at;
    try {
      return run(state, scope);
    } catch {
      // What the error says may repeat values of the message.
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
    const wrong = argumentFlaw(node, bench);
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

const REGULAR: ReadonlySet<string> = new Set(REGULAR_FUNCTIONS.map(([name]) => name));

function argumentFlaw(call: SyntaxNode, bench: Workbench): string | undefined {
  const name = functionName(call);
  const given = argumentsOf(call).map(literalText);
  const own = bench.functions.get(name);
  if (own !== undefined) return own.checkArguments?.(...given);
  const [pattern] = given;
  return pattern !== undefined && REGULAR.has(name) ? regularExpressionFlaw(pattern) : undefined;
}

/** Expressions run on closures; what those leave is evaluated by the fhirpath package, with its R4 model for FHIR input. */
function pathCompiler(source: MappingSource, order: WorkbenchOrder, engines: ExpressionEngine[]): Workbench['compile'] {
  const model = readsFhir(source.from) ? r4 : undefined;
  const functions = pathFunctions(source, order);
  const preparedIn = (state: RunState): PreparedInput => {
    state.prepared ??= prepareInput(state.input, model);
    return state.prepared;
  };
  const note = ({ offset, text }: Expression, { engine, why }: { engine: Engine; why?: string }): void => {
    engines.push({ offset, text, engine, ...(why !== undefined && { why }) });
  };
  return (expression, tree) => {
    const options = { model, functions, tree };
    if (order.trace === true) {
      const traced = compileTracedPath(expression.text, options);
      note(expression, traced);
      return (state, scope) => {
        const found = traced.run(preparedIn(state), scope, state);
        state.trail?.read(state.at, found);
        return found.items;
      };
    }
    const compiled = compilePath(expression.text, options);
    note(expression, compiled);
    return (state, scope) => compiled.run(preparedIn(state), scope, state);
  };
}

export function pathFunctions(
  source: MappingSource,
  order: Pick<WorkbenchOrder, 'terminology' | 'functions' | 'trace'>,
): ReadonlyMap<string, PathFunction<RunState>> {
  const desk: TranslationDesk = {
    terminology: order.terminology,
    maps: new Map(source.maps.map((use) => [use.map, use])),
  };
  const translating = (give: Parameters<typeof translateItems>[4]): PathFunction<RunState> => ({
    parameters: [1],
    looksBeside: 'code',
    run: (items, [map = ''], state) => translateItems(items, map, desk, state, give),
  });
  const all = [
    ['translate', translating(({ code }) => code)] as const,
    ['translateCoding', translating(codingOf)] as const,
    ...[...order.functions].map(([name, own]) => [name, textFunction(own)] as const),
  ];
  return new Map(order.trace === true ? all.map(([name, own]) => [name, itemByItem(own)] as const) : all);
}

function codingOf({ system, code, display }: { system: string; code: string; display?: string }) {
  return display === undefined ? { system, code } : { system, code, display };
}

function textFunction({ parameters, apply }: MappingFunction): PathFunction<RunState> {
  return {
    parameters: [parameters],
    run: (items, given) =>
      items.flatMap((item) => {
        const text = dataOf(item);
        const value = typeof text === 'string' ? apply(text, ...given) : undefined;
        return value === undefined ? [] : [value];
      }),
  };
}

import type { PlainCompilation } from '../../fhirpath/plain/compile-plain.ts';
import type { Plain } from '../../fhirpath/plain/plain-compiler.ts';
import { listed } from '../../fhirpath/plain/plain-run.ts';
import type { ParsedExpression } from '../compile-expression.ts';
import { variablesIn } from '../expression-tree.ts';
import { firstOf, holds, listOf } from '../made-values.ts';
import { plainValue } from '../plain-value.ts';
import { innerScope, type Scope } from '../run-state.ts';
import type { Expression, Template } from '../template.ts';
import type { MappingRunOnPlain } from './mapping-run.ts';
import type { PlainNames } from './plain-names.ts';

/** What compiling a mapping for plain data needs. */
export interface PlainBench {
  readonly compilation: PlainCompilation;
  /** The expressions as they were compiled to run with nodes. */
  readonly parsed: ReadonlyMap<Expression, ParsedExpression>;
  readonly nextSlot: () => number;
  /** What every mapping and every fragment sees. */
  readonly fixed: PlainNames;
  /** Compiles a part of the template. */
  readonly template: (template: Template, names: PlainNames) => (run: MappingRunOnPlain) => unknown;
  /** Hears of each expression whether it runs on plain data. */
  readonly note: (expression: Expression, isPlain: boolean) => void;
}

/** An expression of a mapping that runs on plain data; one that needs more runs with nodes. */
export interface PlainExpression {
  /** Undefined when it runs with nodes. */
  readonly plain: Plain | undefined;
  /** Its values with types and places. */
  readonly nodes: (run: MappingRunOnPlain) => readonly unknown[];
  /** What `{{ }}`, `{[ ]}` and `{% if %}` make of it. */
  readonly first: (run: MappingRunOnPlain) => unknown;
  readonly all: (run: MappingRunOnPlain) => unknown;
  readonly holds: (run: MappingRunOnPlain) => boolean;
}

export function plainExpression(expression: Expression, names: PlainNames, bench: PlainBench): PlainExpression {
  const parsed = bench.parsed.get(expression);
  if (parsed === undefined) throw new Error('an expression that was not compiled before');
  const nodes = withNodes(parsed, names);
  const plain = bench.compilation.compile(parsed.tree, (name) => names.get(name)?.plain);
  bench.note(expression, plain !== undefined);
  if (plain === undefined) {
    return {
      plain,
      nodes,
      first: (run) => firstOf(nodes(run)),
      all: (run) => listOf(nodes(run).map(plainValue)),
      holds: (run) => holds(nodes(run)),
    };
  }
  const { give } = plain;
  return {
    plain,
    nodes,
    first: (run) => firstPlain(give(run)),
    all: (run) => listOf(listed(give(run)).map(plainValue)),
    holds: (run) => holdsPlain(give(run)),
  };
}

function firstPlain(items: unknown): unknown {
  return typeof items === 'object' ? firstOf(listed(items)) : items;
}

function holdsPlain(items: unknown): boolean {
  return typeof items === 'object' ? holds(listed(items).slice(0, 1)) : items !== undefined && items !== false;
}

/** The expression with nodes sees the variables as nodes, but only those that it names. */
function withNodes({ tree, run: evaluate }: ParsedExpression, names: PlainNames): PlainExpression['nodes'] {
  const used = [...variablesIn(tree)].flatMap((name) => {
    const known = names.get(name);
    return known === undefined ? [] : [{ name, nodes: known.nodes }];
  });
  return (run) => {
    const scope: Scope = innerScope(null);
    for (const { name, nodes } of used) scope[name] = nodes(run);
    return evaluate(run.state, scope);
  };
}

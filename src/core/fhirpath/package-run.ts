import fhirpath from 'fhirpath';
import type { PathFunction } from './compiler.ts';
import type { World } from './delegate.ts';
import { type Items, Node } from './items.ts';
import { withoutBookkeeping } from './package-values.ts';
import { textIn } from './singletons.ts';
import { anyBelow, type Syntax, variableNameOf } from './syntax.ts';

export interface PackageOrder {
  readonly text: string;
  readonly tree: Syntax;
  readonly world: World;
  readonly functions: ReadonlyMap<string, PathFunction>;
}

export type PackageRun = (input: unknown, variables: Readonly<Record<string, unknown>>, given: unknown) => Items;

/**
 * A whole expression as the fhirpath package runs it, with variables as the package has them. `resolveInternalTypes:
 * false` keeps the types of values, and keeps the package from writing its bookkeeping into the input.
 */
export function packageRun({ text, tree, world, functions }: PackageOrder): PackageRun {
  const { model, values } = world;
  const names = variableNamesIn(tree);
  // A run is synchronous from beginning to end, so one at a time speaks of what it was given.
  const running: { given?: unknown } = {};
  const userInvocationTable = invocationTable(functions, values, running);
  let compiled: ((input: unknown, variables: Record<string, unknown>) => unknown[]) | undefined;
  return (input, variables, given) => {
    compiled ??= fhirpath.compile(text, model, { resolveInternalTypes: false, userInvocationTable });
    const own: Record<string, unknown> = {};
    for (const name of names) if (name in variables) own[name] = inPackage(variables[name], values);
    running.given = given;
    return compiled(withoutBookkeeping(input), own).map(values.fromPackage);
  };
}

function variableNamesIn(tree: Syntax): ReadonlySet<string> {
  const names = new Set<string>();
  anyBelow(tree, (node) => {
    if (node.type === 'ExternalConstantTerm') names.add(variableNameOf(node));
    return false;
  });
  return names;
}

function inPackage(value: unknown, values: World['values']): unknown {
  if (Array.isArray(value)) return value.map((item) => inPackage(item, values));
  return value instanceof Node ? values.toPackage(value) : withoutBookkeeping(value);
}

type InvocationTable = NonNullable<NonNullable<Parameters<typeof fhirpath.compile>[2]>['userInvocationTable']>;

function invocationTable(
  functions: ReadonlyMap<string, PathFunction>,
  { fromPackage, toPackage }: World['values'],
  running: { readonly given?: unknown },
): InvocationTable {
  const table: InvocationTable = {};
  for (const [name, own] of functions) {
    const fn = (items: unknown[], ...args: unknown[]): unknown[] => {
      const texts = args.map((arg) => textIn(Array.isArray(arg) ? arg : [arg]));
      if (!texts.every((text) => text !== undefined)) return [];
      return own.run(items.map(fromPackage), texts, running.given).map(toPackage);
    };
    const strings = (count: number): 'String'[] => Array.from({ length: count }, () => 'String');
    const arity = Object.fromEntries(own.parameters.map((count) => [count, strings(count)]));
    table[name] = { fn, arity, internalStructures: true };
  }
  return table;
}

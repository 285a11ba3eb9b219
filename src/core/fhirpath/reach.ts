import type { World } from './delegate.ts';
import { type Items, Node } from './items.ts';
import { addMembers, nodeFor } from './navigation.ts';
import { callOf, child, identifierOf, type Syntax, variableNameOf } from './syntax.ts';

interface Reading {
  readonly world: World;
  readonly root: Items;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly reached: Set<Node>;
}

/**
 * All nodes that an expression could have read, whatever its conditions say: every path in it followed on the input.
 * For expressions that the fhirpath package evaluates, whose ways cannot be watched.
 */
export function reachOf(tree: Syntax, root: Items, variables: Reading['variables'], world: World): readonly Node[] {
  const reading: Reading = { world, root, variables, reached: new Set() };
  for (const item of follow(tree, root, reading)) if (item instanceof Node) reading.reached.add(item);
  return [...reading.reached];
}

function follow(node: Syntax, focus: Items, reading: Reading): Items {
  switch (node.type) {
    case 'InvocationExpression':
      return follow(child(node, 1), follow(child(node, 0), focus, reading), reading);
    case 'MemberInvocation':
      return focus.flatMap((item) => below(item, identifierOf(child(node).text ?? ''), reading.world));
    case 'FunctionInvocation':
      return followCall(node, focus, reading);
    case 'ExternalConstantTerm':
      return variable(variableNameOf(node), reading);
    case 'ThisInvocation':
      return focus;
    default:
      return (node.children ?? []).flatMap((part) => [...follow(part, focus, reading)]);
  }
}

/** An argument may speak of what the function is applied to, of the root, or of itself again (repeat). */
function followCall(node: Syntax, focus: Items, reading: Reading): Items {
  const { name } = callOf(node);
  const given = argumentsIn(node);
  if (name === 'children' || name === 'descendants') return focus;
  let found = focus;
  for (let turn = 0; turn < (name === 'repeat' ? REPEATS : 1); turn++) {
    const named = given.flatMap((one) => [...follow(one, found, reading)]);
    for (const item of named) if (item instanceof Node) reading.reached.add(item);
    found = [...new Set([...found, ...named])];
  }
  for (const one of given) {
    for (const item of follow(one, reading.root, reading)) if (item instanceof Node) reading.reached.add(item);
  }
  return found;
}

/** sort() has its arguments in parts of another kind. */
function argumentsIn(node: Syntax): readonly Syntax[] {
  const parts = child(node).children ?? [];
  return parts.flatMap((part) =>
    part.type === 'ParamList' ? (part.children ?? []) : part.type === 'Identifier' ? [] : [part],
  );
}

/** What lies deeper is named by the node above it. */
const REPEATS = 4;

function below(item: unknown, name: string, world: World): unknown[] {
  const node = nodeFor(item, world);
  const found: unknown[] = [];
  if (node.shape.kinds.has(name)) found.push(node);
  addMembers(node, name, node.shape.step(name), found);
  return found;
}

function variable(name: string, { variables, root }: Reading): Items {
  if (name === 'context') return root;
  const value = name in variables ? variables[name] : undefined;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

import type { Compiler } from './compiler.ts';
import type { Closure, Frame, Tracing } from './frame.ts';
import { Derived, type Items, Node } from './items.ts';
import { callOf, type Syntax } from './syntax.ts';

/** Their criteria decide what comes out, and are no part of it. */
const DECIDING = new Set(['where', 'exists', 'all', 'iif']);

const OPERATIONS = new Set([
  'FunctionInvocation',
  'IndexerExpression',
  'PolarityExpression',
  'MultiplicativeExpression',
  'AdditiveExpression',
  'TypeExpression',
  'UnionExpression',
  'InequalityExpression',
  'EqualityExpression',
  'MembershipExpression',
  'AndExpression',
  'OrExpression',
  'XorExpression',
  'ImpliesExpression',
]);

/** Makes an operation say of each value that it makes which nodes it was made from. */
export function traced(node: Syntax, closure: Closure, { world }: Pick<Compiler, 'world'>): Closure {
  if (!OPERATIONS.has(node.type)) return closure;
  const isCall = node.type === 'FunctionInvocation';
  const decides = isCall && DECIDING.has(callOf(node).name);
  return (focus, frame) => {
    const trace = tracingOf(frame);
    const outer = trace.seen;
    const mine: unknown[] = isCall ? focus.slice() : [];
    trace.seen = mine;
    const made = closure(focus, frame);
    trace.seen = outer;
    if (decides) noteDecided(mine, focus.length, made, trace);
    if (areNodes(made)) return made;
    const sources = sourcesAmong(mine);
    return made.map((item) => (item instanceof Node ? item : new Derived(item, world.root, sources)));
  };
}

function areNodes(items: Items): boolean {
  for (const item of items) if (!(item instanceof Node)) return false;
  return true;
}

/** Lets the operation around an operand or criterion know what it gave. */
export function noticed(items: Items, frame: Frame): Items {
  const { seen } = tracingOf(frame);
  for (const item of items) seen.push(item);
  return items;
}

export function newTracing(): Tracing {
  return { seen: [], decided: [] };
}

/** The nodes of the input that a value is or was made from. */
export function sourcesOf(item: unknown): readonly Node[] {
  if (item instanceof Derived) return item.sources;
  return item instanceof Node ? [item] : [];
}

/** The same of several values, each node once. */
function sourcesAmong(items: Items): readonly Node[] {
  const [only] = items;
  if (items.length < 2) return sourcesOf(only);
  const sources = new Set<Node>();
  for (const item of items) for (const source of sourcesOf(item)) sources.add(source);
  return [...sources];
}

/** From a position on, `seen` is what the criteria gave; of iif, also what the chosen part gave, which is passed on. */
function noteDecided(seen: Items, from: number, made: Items, { decided }: Tracing): void {
  for (let i = from; i < seen.length; i++) {
    const item = seen[i];
    if (!made.includes(item)) for (const source of sourcesOf(item)) decided.push(source);
  }
}

function tracingOf(frame: Frame): Tracing {
  if (frame.trace === undefined) throw new Error('an expression that was compiled for tracing runs without it');
  return frame.trace;
}

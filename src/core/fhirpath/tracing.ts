import type { Compiler } from './compiler.ts';
import type { Closure, Frame, Tracing } from './frame.ts';
import { Derived, EMPTY, type Items, Node } from './items.ts';
import { callOf, type Syntax } from './syntax.ts';

/** Their criteria decide what comes out, and are no part of it: nothing is asked of what a criterion gives but whether it holds. */
const WITH_CRITERIA = new Set(['where', 'exists', 'all']);

/** They give what they are applied to, or some of it. */
const PASSING_ON = new Set(['where', 'first', 'last', 'tail', 'single', 'ofType']);

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
  const name = node.type === 'FunctionInvocation' ? callOf(node).name : undefined;
  if (name !== undefined && PASSING_ON.has(name)) return closure;
  return (focus, frame) => {
    const trace = tracingOf(frame);
    const outer = trace.seen;
    const mine: unknown[] = [];
    trace.seen = mine;
    const made = closure(focus, frame);
    trace.seen = outer;
    if (name === 'iif') noteDecided(mine, made, trace);
    if (areNodes(made)) return made;
    const sources = name === undefined ? sourcesAmong(mine, EMPTY) : sourcesAmong(focus, mine);
    return made.map((item) => (item instanceof Node ? item : new Derived(item, world.root, sources)));
  };
}

/** Whether an operation has criteria, within which only what is looked at is noted. */
export function hasCriteria(node: Syntax): boolean {
  return node.type === 'FunctionInvocation' && WITH_CRITERIA.has(callOf(node).name);
}

/** The same within a criterion: what a function is applied to is looked at. */
export function looking(node: Syntax, closure: Closure): Closure {
  if (node.type !== 'FunctionInvocation' || PASSING_ON.has(callOf(node).name)) return closure;
  return (focus, frame) => closure(lookedAt(focus, frame), frame);
}

/** Notes the elements among items that have a value of their own. */
export function lookedAt(items: Items, frame: Frame): Items {
  const { decided } = tracingOf(frame);
  for (const item of items) if (item instanceof Node && typeof item.data !== 'object') decided.push(item);
  return items;
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
  return { seen: [], decided: [], looked: [] };
}

/** The nodes of the input that a value is or was made from. */
export function sourcesOf(item: unknown): readonly Node[] {
  if (item instanceof Derived) return item.sources;
  return item instanceof Node ? [item] : [];
}

/** The same of what an operation is applied to and given, each node once. */
function sourcesAmong(items: Items, given: Items): readonly Node[] {
  const [only] = items;
  if (given.length === 0 && items.length < 2) return sourcesOf(only);
  const sources: Node[] = [];
  addSources(items, sources);
  addSources(given, sources);
  return sources;
}

function addSources(items: Items, sources: Node[]): void {
  for (const item of items) {
    if (item instanceof Derived) {
      for (const source of item.sources) addOnce(source, sources);
    } else if (item instanceof Node) addOnce(item, sources);
  }
}

/** There are rarely more than a few; of many, each time is kept. */
function addOnce(source: Node, sources: Node[]): void {
  if (sources.length > FEW || !sources.includes(source)) sources.push(source);
}

const FEW = 32;

/** What iif's condition gave, and what the chosen part gave that is not passed on. */
function noteDecided(seen: Items, made: Items, { decided }: Tracing): void {
  for (const item of seen) {
    if (!made.includes(item)) for (const source of sourcesOf(item)) decided.push(source);
  }
}

function tracingOf(frame: Frame): Tracing {
  if (frame.trace === undefined) throw new Error('an expression that was compiled for tracing runs without it');
  return frame.trace;
}

import type { Compiler } from './compiler.ts';
import type { Operation, World } from './delegate.ts';
import { BAIL, type Closure, type Frame } from './frame.ts';
import { EMPTY, type Items, isAskable, isObject, isRead, Node, untraced } from './items.ts';
import type { Shape, Step } from './shapes.ts';
import { callOf, child, identifierOf, type Syntax } from './syntax.ts';
import { isOfKind } from './types-of-values.ts';

/** Paths (FHIRPath 5.1 and 3.1 "Path selection"): names, the root type, indexers. */

/** `a.b.c`: each part is applied to what the one before it gave. */
export function compileSequence(node: Syntax, compiler: Compiler): Closure {
  const left = compiler.compile(child(node, 0));
  const right = compiler.compile(child(node, 1));
  const path = pathFromRoot(node, compiler);
  if (path === undefined) return (focus, frame) => right(left(focus, frame), frame);
  return (focus, frame) => {
    if (focus !== frame.root) return right(left(focus, frame), frame);
    const known = frame.paths.get(path);
    if (known !== undefined) return known;
    const items = right(left(focus, frame), frame);
    frame.paths.set(path, items);
    return items;
  };
}

/** The text of a path of names and ofType() that can begin at the root; undefined when it is more than that. */
export function pathFromRoot(node: Syntax, compiler: Pick<Compiler, 'functions'>): string | undefined {
  switch (node.type) {
    case 'TermExpression':
    case 'InvocationTerm':
      return pathFromRoot(child(node), compiler);
    case 'InvocationExpression': {
      const before = pathFromRoot(child(node, 0), compiler);
      const last = before === undefined ? undefined : pathFromRoot(child(node, 1), compiler);
      return last === undefined ? undefined : `${before}.${last}`;
    }
    case 'MemberInvocation':
      // Within an argument the root is not always what the first name is asked of.
      return node.atRoot === 2 ? undefined : child(node).text;
    case 'FunctionInvocation': {
      const { name, given } = callOf(node);
      const type = name === 'ofType' && !compiler.functions.has(name) ? given[0]?.text : undefined;
      return type === undefined ? undefined : `ofType(${type})`;
    }
    default:
      return undefined;
  }
}

export function compileMember(node: Syntax, compiler: Compiler): Closure {
  const { world } = compiler;
  const name = identifierOf(child(node).text ?? '');
  const stepInto = stepping(name, world);
  const isType = node.atRoot === undefined || !world.isTypeName(name) ? undefined : rootTypeTest(node.atRoot);
  return (focus, frame) => {
    const found: unknown[] = [];
    for (let i = 0; i < focus.length; i++) {
      const node = nodeFor(focus[i], world);
      const { data } = node;
      if (isObject(data) && data['resourceType'] === name) found.push(node);
      else if (isType?.(frame) === true && isOfKind(node, name, world.model)) found.push(node);
      else stepInto(node, found);
    }
    return found;
  };
}

/** Where an argument begins with the name of a type, it means the root when $this is the root. */
function rootTypeTest(atRoot: number): (frame: Frame) => boolean {
  if (atRoot === 1) return () => true;
  return ({ root, self, index }) => (index === undefined ? root === self : root[index] === self[0]);
}

/** `a[0]` */
export function compileIndexer(node: Syntax, compiler: Compiler): Closure {
  const collection = compiler.compile(child(node, 0));
  const index = compiler.compile(child(node, 1));
  return (focus, frame) => {
    const items = collection(focus, frame);
    const [at] = index(focus, frame);
    if (at === undefined || isRead(at)) return EMPTY;
    const position = Number.parseInt(String(untraced(at)), 10);
    const item = items[position];
    return item === undefined ? EMPTY : [item];
  };
}

/** An item as a node: what came along no path (a variable, the root of data that is not FHIR) is a root. */
export function nodeFor(item: unknown, world: World): Node {
  return item instanceof Node ? item : new Node(item, shapeOf(world.root, item), undefined, -1);
}

/** A resource says itself what it is, wherever it stands. */
function shapeOf(shape: Shape, data: unknown): Shape {
  if (!isObject(data)) return shape;
  const type = data['resourceType'];
  if (typeof type === 'string' && type !== '') return shape.ofResource(type);
  if (type) throw BAIL;
  return shape;
}

/** Adds what a name leads to from a node. */
function stepping(name: string, world: World): (node: Node, found: unknown[]) => void {
  const ofNumber = membersOfNumbers(name, world);
  let lastShape: Shape | undefined;
  let lastStep: Step | undefined;
  return (node, found) => {
    const { data, shape } = node;
    if (typeof data === 'number' && ofNumber !== undefined) {
      found.push(...ofNumber([node]));
      return;
    }
    let step = lastStep;
    if (shape !== lastShape || step === undefined) {
      step = shape.step(name);
      lastShape = shape;
      lastStep = step;
    }
    addMembers(node, name, step, found);
  };
}

/** Adds what one step leads to. */
export function addMembers(node: Node, name: string, step: Step, found: unknown[]): void {
  const { data } = node;
  // A number has members in the package only, and not those of JavaScript's numbers.
  if (isAskable(data) && typeof data !== 'number') {
    for (const { field, under, shape } of step.choices) {
      const value = data[field];
      const beside = data[under];
      if (value === undefined && beside === undefined) continue;
      addValues(node, value, beside, shape, found);
      return;
    }
  }
  // What stands under a primitive: its id and extensions.
  if (step.chosen || node.under === null || !isAskable(node.under)) return;
  const [only] = step.choices;
  if (only !== undefined) addValues(node, node.under[name], undefined, only.shape, found);
}

/** `beside` is what FHIR writes under the name with an underscore; for a list, a list of the same length. */
function addValues(parent: Node, value: unknown, beside: unknown, shape: Shape, found: unknown[]): void {
  if (beside === undefined && !Array.isArray(value)) {
    if (value !== null && value !== undefined) found.push(nodeAt(value, null, shape, parent, -1));
    return;
  }
  const several = Array.isArray(value);
  const severalBeside = Array.isArray(beside);
  if (!several && !isAskable(value) && severalBeside) {
    for (let i = 0; i < beside.length; i++) found.push(nodeAt(null, beside[i], shape, parent, i));
    return;
  }
  if (!several) {
    if (isAskable(value) || isAskable(beside)) found.push(nodeAt(value, beside, shape, parent, -1));
    return;
  }
  // Something else than a list beside a list says nothing about its items; its "length" would be the sender's choice.
  if (value.length === 0 && !isAskable(beside)) return;
  for (let i = 0; i < value.length; i++) {
    found.push(nodeAt(value[i], severalBeside ? beside[i] : null, shape, parent, i));
  }
  if (!severalBeside) return;
  for (let i = value.length; i < beside.length; i++) found.push(nodeAt(null, beside[i], shape, parent, i));
}

function nodeAt(data: unknown, under: unknown, shape: Shape, parent: Node, index: number): Node {
  const node = new Node(data, shapeOf(shape, data), parent, index);
  if (under) node.under = under;
  return node;
}

/** A number is an object in the package, and has members. */
function membersOfNumbers(name: string, world: World): Operation | undefined {
  const sample = world.values.toPackage(1);
  if (!isObject(sample) || !(name in sample || `_${name}` in sample)) return undefined;
  return (...operands: readonly Items[]) => world.operation(`%a.\`${name.replaceAll(/[\\`]/g, '\\$&')}\``)(...operands);
}

import type { Compiler, NativeFunction } from './compiler.ts';
import { BAIL, type Closure, type Lambda, LeftToPackage } from './frame.ts';
import { EMPTY, type Items, isObject, isRead, Node, untraced } from './items.ts';
import { nodeFor } from './navigation.ts';
import { textIn } from './singletons.ts';
import type { Syntax } from './syntax.ts';

/** Filtering and projection (FHIRPath 5.2): where, select, extension, aggregate, coalesce. */

/** Runs a criterion or projection on each item, with $index as the package counts. */
export function forEach(
  items: Items,
  lambda: Lambda,
  frame: Parameters<Lambda>[1],
  then: (gave: Items, item: unknown) => boolean,
): void {
  for (let i = 0; i < items.length; i++) {
    frame.index = i;
    const item = items[i];
    if (!then(lambda([item], frame), item)) return;
  }
}

/** The package keeps an item when the criterion's first value is something in JavaScript: an element always is. */
export function holds(gave: Items): boolean {
  if (gave.length === 0) return false;
  const first = untraced(gave[0]);
  if (typeof first === 'boolean') return first;
  // Zero is nothing as a count, and something as a decimal.
  if (typeof first === 'number' && !first) throw BAIL;
  return isRead(first) || Boolean(first);
}

function where(criterion: Lambda): Closure {
  return (focus, frame) => {
    const kept: unknown[] = [];
    forEach(focus, criterion, frame, (gave, item) => {
      if (holds(gave)) kept.push(item);
      return true;
    });
    return kept;
  };
}

function select(projection: Lambda): Closure {
  return (focus, frame) => {
    const made: unknown[] = [];
    forEach(focus, projection, frame, (gave) => {
      for (const item of gave) made.push(item);
      return true;
    });
    return made;
  };
}

/** A function whose one argument is evaluated for each item. */
export function perItem(compile: (lambda: Lambda) => Closure): NativeFunction {
  return {
    parameters: [1],
    compile: ([lambda], compiler) => compile(compiler.lambda(required(lambda))),
  };
}

export function required(node: Syntax | undefined): Syntax {
  if (node === undefined) throw new LeftToPackage('a missing argument');
  return node;
}

const aggregate: NativeFunction = {
  parameters: [1, 2],
  compile: ([step, first], compiler) => {
    const lambda = compiler.lambda(required(step));
    const start = first === undefined ? undefined : compiler.operand(first);
    return (focus, frame) => {
      let total = start?.(frame);
      frame.total = total;
      forEach(focus, lambda, frame, (gave) => {
        total = gave;
        frame.total = gave;
        return true;
      });
      return total ?? EMPTY;
    };
  },
};

/** Each argument is evaluated on what the function is applied to, but $this stays what it is. */
const coalesce: NativeFunction = {
  parameters: [1, 2, 3, 4, 5, 6, 7, 8],
  compile: (given, compiler) => {
    // There the package stumbles over names when items have been counted before.
    if (compiler.watchesIndex || compiler.countsIndex)
      throw new LeftToPackage('coalesce() beside a function that counts');
    const choices = given.map((choice) => compiler.compile(choice));
    return (focus, frame) => {
      for (const choice of choices) {
        const items = choice(focus, frame);
        if (items.length > 0) return items;
      }
      return EMPTY;
    };
  },
};

/** FHIR's own extension(url). */
const extension: NativeFunction = {
  parameters: [1],
  compile: ([url], compiler) => {
    const wanted = compiler.operand(required(url));
    return (focus, frame) => {
      const text = textIn(wanted(frame));
      if (text === undefined || text === '') return EMPTY;
      const found: unknown[] = [];
      for (const [position, item] of focus.entries()) {
        frame.index = position;
        addExtensions(nodeFor(item, compiler.world), text, found, compiler);
      }
      return found;
    };
  },
};

function addExtensions(node: Node, url: string, found: unknown[], { world }: Compiler): void {
  const list = extensionsIn(node.data) || extensionsIn(node.under);
  if (!list) return;
  if (!Array.isArray(list)) throw BAIL;
  for (const [index, one] of list.entries()) {
    if (!isObject(one) || one['resourceType']) throw BAIL;
    if (one['url'] === url) found.push(new Node(one, world.extensionShape, node, index));
  }
}

function extensionsIn(data: unknown): unknown {
  return isObject(data) ? data['extension'] : undefined;
}

export const FILTERING_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['where', perItem(where)],
  ['select', perItem(select)],
  ['aggregate', aggregate],
  ['coalesce', coalesce],
  ['extension', extension],
];

import type { Compiler, NativeFunction } from './compiler.ts';
import type { World } from './delegate.ts';
import { isPrimitive } from './existence.ts';
import { required } from './filtering.ts';
import type { Closure } from './frame.ts';
import type { Items } from './items.ts';
import { sameItem } from './sameness.ts';
import { child, type Syntax } from './syntax.ts';

/** Combining (FHIRPath 5.4 and 6.5): the union operator, union(), combine(), distinct(). */

/** `a | b` */
export function compileUnion(node: Syntax, compiler: Compiler): Closure {
  const left = compiler.operand(child(node, 0));
  const right = compiler.operand(child(node, 1));
  const { world } = compiler;
  return (_focus, frame) => distinct(joined(left(frame), right(frame)), world);
}

function joined(a: Items, b: Items): Items {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/** Above this number the package compares objects in another way, which is left to it. */
const COMPARED_ONE_BY_ONE = 6;

/** Each value once. */
export function distinct(items: Items, world: World): Items {
  if (items.length < 2) return items;
  if (items.length > COMPARED_ONE_BY_ONE && !items.some(isPrimitive)) return world.operation('%a.distinct()')(items);
  const kept: unknown[] = [];
  for (const item of items) {
    const known = isKnown(item, kept);
    if (known === undefined) return world.operation('%a.distinct()')(items);
    if (!known) kept.push(item);
  }
  return kept;
}

function isKnown(item: unknown, kept: Items): boolean | undefined {
  for (const one of kept) {
    const same = sameItem(one, item);
    if (same !== false) return same;
  }
  return false;
}

function withOther(combine: (items: Items, other: Items, world: World) => Items): NativeFunction {
  return {
    parameters: [1],
    compile: ([other], compiler) => {
      const operand = compiler.operand(required(other));
      return (focus, frame) => combine(focus, operand(frame), compiler.world);
    },
  };
}

export const COMBINING_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['union', withOther((items, other, world) => distinct(joined(items, other), world))],
  ['combine', withOther(joined)],
  [
    'distinct',
    {
      parameters: [0],
      compile:
        (_given, { world }) =>
        (focus) =>
          distinct(focus, world),
    },
  ],
  [
    'isDistinct',
    {
      parameters: [0],
      compile:
        (_given, { world }) =>
        (focus) => [distinct(focus, world).length === focus.length],
    },
  ],
];

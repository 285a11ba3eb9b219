import { type NativeFunction, onItems } from './compiler.ts';
import { BAIL, EvaluationError } from './frame.ts';
import { EMPTY, type Items } from './items.ts';
import { integerIn } from './singletons.ts';

/** Subsetting (FHIRPath 5.3) and count. */

export const SUBSETTING_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['first', onItems((items) => (items.length === 0 ? EMPTY : [items[0]]))],
  ['last', onItems((items) => (items.length === 0 ? EMPTY : [items.at(-1)]))],
  ['tail', onItems((items) => items.slice(1))],
  ['single', onItems(single)],
  ['take', counted((items, count) => items.slice(0, count))],
  ['skip', counted((items, count) => items.slice(count))],
  ['count', onItems((items) => [items.length])],
];

function single(items: Items): Items {
  if (items.length > 1) throw new EvaluationError('single() was given several items');
  return items;
}

function counted(part: (items: Items, count: number) => Items): NativeFunction {
  return {
    parameters: [1],
    compile: ([count], compiler) => {
      if (count === undefined) return () => EMPTY;
      const number = compiler.operand(count);
      return (focus, frame) => {
        const given = integerIn(number(frame));
        if (given === undefined) throw BAIL;
        return part(focus, given);
      };
    },
  };
}

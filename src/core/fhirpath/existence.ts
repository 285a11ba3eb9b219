import { type NativeFunction, onItems } from './compiler.ts';
import { forEach, holds, perItem } from './filtering.ts';
import { BAIL, type Closure, type Lambda } from './frame.ts';
import { dataOf, EMPTY, FALSE, type Items, isAskable, isObject, Node, TRUE, untraced } from './items.ts';
import { isTrue, truthIn } from './singletons.ts';
import { typeOf } from './types-of-values.ts';

/** Existence (FHIRPath 5.1), and FHIR's own hasValue() and getValue(). */

const exists: NativeFunction = {
  parameters: [0, 1],
  compile: ([criterion], compiler) => {
    if (criterion === undefined) return (focus) => (focus.length > 0 ? TRUE : FALSE);
    const lambda = compiler.lambda(criterion);
    return (focus, frame) => {
      // All items are looked at, for the criterion may fail on a later one.
      let found = false;
      forEach(focus, lambda, frame, (gave) => {
        if (holds(gave)) found = true;
        return true;
      });
      return found ? TRUE : FALSE;
    };
  },
};

function all(criterion: Lambda): Closure {
  return (focus, frame) => {
    let every = true;
    forEach(focus, criterion, frame, (gave) => {
      every = isTrue(gave);
      return every;
    });
    return every ? TRUE : FALSE;
  };
}

function not(items: Items): Items {
  const truth = truthIn(items);
  if (truth === undefined) return EMPTY;
  return truth ? FALSE : TRUE;
}

export const PRIMITIVES = new Set(
  'instant time date dateTime base64Binary decimal integer64 boolean string code markdown id integer unsignedInt positiveInt uri oid uuid canonical url Integer Long Decimal String Date DateTime Time'.split(
    ' ',
  ),
);

/** What the package counts as primitive. Its own values are left to it. */
export function isPrimitive(item: unknown): boolean {
  const value = untraced(item);
  if (value instanceof Node) {
    const type = typeOf(value);
    if (type === undefined) throw BAIL;
    return PRIMITIVES.has(type.name);
  }
  if (isObject(value) && typeOf(value) === undefined) throw BAIL;
  return !isObject(value);
}

function valueIn(items: Items): Items {
  const [item] = items;
  if (items.length !== 1 || !isAskable(dataOf(item)) || !isPrimitive(item)) return EMPTY;
  return [dataOf(item)];
}

export const EXISTENCE_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['empty', onItems((items) => (items.length === 0 ? TRUE : FALSE))],
  ['exists', exists],
  ['all', perItem(all)],
  ['not', onItems(not)],
  ['hasValue', onItems((items) => (valueIn(items).length > 0 ? TRUE : FALSE))],
  ['getValue', onItems(valueIn)],
];

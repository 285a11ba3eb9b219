import type { Frame } from '../frame.ts';
import { EMPTY, type Items, isObject } from '../items.ts';

/**
 * Expressions on plain data: the quick one of two ways to run the same expression.
 *
 * The closures of the folder above wrap every value in a `Node` that knows its type, its place and what stands under it,
 * because a finding must be able to say where something stands. As long as there is nothing to say, all that is work for
 * nothing. The closures of this folder work on the values themselves. They give the same, because they
 * - are compiled only where the types that matter (times, quantities, choices, resources) are known from the R4 model
 *   and the expression alone; for every other expression `NotPlain` is thrown when it is compiled;
 * - throw `NOTEWORTHY` on meeting data that is not as simple as the expression supposes: something under a primitive
 *   (`_birthDate`), null in a list, a list in a list, a resource where none is expected, values that only the package
 *   compares, and on every evaluation error. Whoever runs them then runs the closures with nodes instead;
 * - share with those closures, function by function, what is done with texts, numbers and comparisons.
 * test/fhirpath holds both against the fhirpath package on the same pairs.
 */

/** Thrown while running: the answer must come from the closures with nodes. One object, so that throwing costs no stack. */
export const NOTEWORTHY = new Error('left to the closures that know places');

/** Thrown while compiling: this expression needs more than plain values. */
export class NotPlain extends Error {}

/**
 * A collection: nothing, one value, or a list of two or more. Lists may be those of the input, so nobody changes one.
 * No item is null or a list itself.
 */
export type PlainItems = unknown;

/** What the expressions of one run share. It is a frame for the functions that are shared with the closures above. */
export class PlainRun implements Frame {
  /** What paths begin at, and $this outside of functions. */
  readonly input: PlainItems;
  /** $this */
  item: PlainItems;
  /** Values of variables, by the number that each has got. */
  readonly slots: unknown[];
  /** What paths from the root gave already, by the number that each has got. */
  readonly known: unknown[] = [];
  readonly given: unknown;
  readonly root: Items = EMPTY;
  readonly paths: Map<string, Items> = NO_PATHS;
  readonly variables: Readonly<Record<string, unknown>> = NO_VARIABLES;
  self: Items = EMPTY;
  index: number | undefined = undefined;
  total: Items | undefined = undefined;
  trace: undefined = undefined;

  /** @param given handed to the caller's functions */
  constructor(input: PlainItems, slots: unknown[], given: unknown) {
    this.input = input;
    this.item = input;
    this.slots = slots;
    this.given = given;
  }
}

const NO_PATHS = new Map<string, Items>();
const NO_VARIABLES: Readonly<Record<string, unknown>> = {};

/**
 * An input as plain items.
 * @param type the resource that it must be; undefined: any data but a resource
 * @throws NOTEWORTHY when it is something else
 */
export function plainInput(data: unknown, type: string | undefined): PlainItems {
  const items = plainItems(data);
  for (const item of listed(items)) {
    if ((isObject(item) ? item['resourceType'] : undefined) !== type) throw NOTEWORTHY;
  }
  return items;
}

/** A value of the data as a collection. */
export function plainItems(value: unknown): PlainItems {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return undefined;
      return Array.isArray(value) ? plainList(value) : value;
    default:
      throw NOTEWORTHY;
  }
}

function plainList(list: readonly unknown[]): PlainItems {
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    switch (typeof item) {
      case 'string':
      case 'number':
      case 'boolean':
        break;
      case 'object':
        if (item !== null && !Array.isArray(item)) break;
        throw NOTEWORTHY;
      default:
        throw NOTEWORTHY;
    }
  }
  return list.length < 2 ? list[0] : list;
}

/** A collection as a list. */
export function listed(items: PlainItems): readonly unknown[] {
  if (items === undefined) return EMPTY;
  return Array.isArray(items) ? items : [items];
}

/** A list as a collection. */
export function collected(list: readonly unknown[]): PlainItems {
  return list.length < 2 ? list[0] : list;
}

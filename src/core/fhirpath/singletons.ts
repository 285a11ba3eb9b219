import { BAIL, EvaluationError } from './frame.ts';
import { dataOf, type Items, isAskable } from './items.ts';

/** "Singleton evaluation of collections" (FHIRPath 4.5): one value where an operator or function needs one. */

/** The only value's data; undefined when there is none. */
function onlyData(items: Items): unknown {
  if (items.length === 0) return undefined;
  if (items.length > 1) throw new EvaluationError('one value was expected');
  const data = dataOf(items[0]);
  return isAskable(data) ? data : undefined;
}

/** The only value as a text; undefined when there is none. */
export function textIn(items: Items): string | undefined {
  const data = onlyData(items);
  if (data === undefined || typeof data === 'string') return data;
  throw new EvaluationError('a text was expected');
}

/** The only value as a truth: what is no boolean is true. Undefined when there is none. */
export function truthIn(items: Items): boolean | undefined {
  const data = onlyData(items);
  if (data === undefined || typeof data === 'boolean') return data;
  return true;
}

/** The only value as an integer; undefined when there is none. */
export function integerIn(items: Items): number | undefined {
  const data = onlyData(items);
  if (data === undefined) return undefined;
  if (typeof data === 'number') {
    if (Number.isInteger(data)) return data;
    throw new EvaluationError('an integer was expected');
  }
  // A quantity without unit is taken for a number.
  if (typeof data === 'object') throw BAIL;
  throw new EvaluationError('an integer was expected');
}

/** Whether a collection is exactly `true`. */
export function isTrue(items: Items): boolean {
  return items.length === 1 && dataOf(items[0]) === true;
}

import { dataOf, type Items, isAskable, isConverted, isJsonObject, isObject, isRead, Node } from './items.ts';

/**
 * Equality and equivalence of values as the package has them. Undefined: not sure (dates, quantities and the package's
 * own values), ask the package.
 */
type Verdict = boolean | undefined;

/** Whether two collections are equal (`=`). */
export function sameItems(a: Items, b: Items): Verdict {
  return sameLists(a, b, sameItem);
}

/** Whether two collections are equivalent (`~`). */
export function alikeItems(a: Items, b: Items): Verdict {
  return sameLists(a, b, alikeItem);
}

function sameLists(a: Items, b: Items, same: (one: unknown, other: unknown) => Verdict): Verdict {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  if (a.length === 1) return same(a[0], b[0]);
  for (let i = a.length - 1; i >= 0; i--) {
    const verdict = same(a[i], b[i]);
    if (verdict !== true) return verdict;
  }
  return true;
}

/** Whether two values are equal. */
export function sameItem(one: unknown, other: unknown): Verdict {
  if (isUnsure(one) || isUnsure(other)) return undefined;
  const a = dataOf(one);
  const b = dataOf(other);
  if (typeof a === 'number' && typeof b === 'number') return sameNumber(a, b) && sameUnder(one, other);
  if (a === b) return sameUnder(one, other);
  // A number is an object to the package, but equal to nothing but numbers.
  if (typeof a === 'number' || typeof b === 'number') return false;
  return isObject(a) || isObject(b) ? sameJson(a, b) : false;
}

/** Whether two values are equivalent: texts without regard to case and kind of white space. */
export function alikeItem(one: unknown, other: unknown): Verdict {
  if (isUnsure(one) || isUnsure(other)) return undefined;
  const a = dataOf(one);
  const b = dataOf(other);
  if (typeof a === 'string' && typeof b === 'string') return alikeTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') {
    return Number.isInteger(a) && Number.isInteger(b) ? a === b : undefined;
  }
  if (isObject(a) || isObject(b)) return a === b ? true : undefined;
  return a === b;
}

/** Whether only the package knows what a value is when it is compared. */
function isUnsure(item: unknown): boolean {
  if (item instanceof Node) return isConverted(item) || isOfPackage(item.data);
  return isOfPackage(item);
}

function isOfPackage(data: unknown): boolean {
  return typeof data === 'bigint' || typeof data === 'function' || (isObject(data) && !isJsonObject(data));
}

/** Two elements are equal only when their ids and extensions are. */
function sameUnder(one: unknown, other: unknown): boolean {
  if (!isRead(one) || !isRead(other)) return true;
  return one.under === other.under || sameJson(one.under, other.under);
}

/** Whether two texts are the same but for case and kind of white space. */
export function alikeTexts(a: string, b: string): boolean {
  if (a === b) return true;
  // Of other texts than these, changing the case can change the length.
  if (a.length !== b.length && isAscii(a) && isAscii(b)) return false;
  return normalized(a) === normalized(b);
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function normalized(text: string): string {
  return text.toUpperCase().replace(/\p{White_Space}/gu, ' ');
}

/** Differences below 0.00000001 are none. */
function sameNumber(a: number, b: number): boolean {
  return a === b || rounded(a) === rounded(b);
}

const STEP = 1e-8;

/** To the greatest exactness that FHIRPath has, calculated as the package does. */
export function rounded(value: number): number {
  return Math.round(value / STEP) * STEP;
}

/** Plain JSON is equal when it has the same members with equal values, in whatever order. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return sameNumber(a, b);
  if (!isAskable(a) || !isAskable(b)) return false;
  if (typeof a !== 'object' && typeof b !== 'object') return false;
  if (a['prototype'] !== b['prototype']) return false;
  const names = Object.keys(a).sort();
  const others = Object.keys(b).sort();
  if (names.length !== others.length || names.some((name, position) => name !== others[position])) return false;
  const [only] = names;
  if (names.length === 1 && only !== undefined) return sameJson(a[only], b[only]);
  return names.every((name) => sameJson(a[name], b[name])) && typeof a === typeof b;
}

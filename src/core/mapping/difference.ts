import { isObject } from './plain-value.ts';

/** One place where a result is not what was expected. A JSON Pointer, and both values as JSON (`nothing` when absent). */
export interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** All differences between two JSON values, path by path, in the order of what was expected. The order of keys does not count. */
export function differencesOf(expected: unknown, actual: unknown, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return indexes(expected, actual).flatMap((index) =>
      differencesOf(expected[index], actual[index], `${path}/${index}`),
    );
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differencesOf(own(expected, key), own(actual, key), `${path}/${escaped(key)}`));
  }
  if (Object.is(expected, actual)) return [];
  return [{ path, expected: shown(expected), actual: shown(actual) }];
}

function indexes(one: readonly unknown[], other: readonly unknown[]): number[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => index);
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

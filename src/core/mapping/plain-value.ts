import { dataOf } from '../fhirpath/items.ts';

/**
 * Copies what an expression gave into plain JSON data. The input is never handed out, so that nobody can change it
 * through the result. A member named `__proto__` is left out: receivers are known to trip over it.
 */
export function plainValue(item: unknown): unknown {
  const value = dataOf(item);
  if (typeof value !== 'object' && typeof value !== 'bigint') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const json: unknown = value.toJSON();
    return json;
  }
  return copied(value);
}

/** Empty results disappear: nothing, null, an empty list, an object without members. An empty text is a value. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(copied);
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = copied(value[key]);
  return copy;
}

/**
 * The fhirpath package reads a member `__path__` of an object that it is given as its own bookkeeping, wherever it came
 * from. A message that holds one must not reach into the evaluation.
 */
export function withoutBookkeeping(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBookkeeping);
  if (!isObject(value) || !Object.hasOwn(value, '__path__')) return value;
  const { __path__: _left, ...rest } = value;
  return rest;
}

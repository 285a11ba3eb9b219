import { isObject } from './plain-value.ts';

/** An input that notes which of its values are read. */
interface WatchedInput {
  readonly input: unknown;
  /** JSON Pointers of the values (never objects or lists) that have been read so far. */
  readonly read: ReadonlySet<string>;
}

/**
 * Wraps an input so that reading shows. For coverage and explanations only: it is slow. What is compared or copied whole
 * counts as read.
 */
export function watchedInput(input: unknown): WatchedInput {
  const read = new Set<string>();
  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = new Map<string, unknown>();
    return new Proxy(value, {
      get(target, name, receiver): unknown {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof name === 'symbol' || !Object.hasOwn(target, name) || (Array.isArray(target) && name === 'length'))
          return member;
        const here = `${path}/${escaped(name)}`;
        if (typeof member !== 'object' || member === null) {
          read.add(here);
          return member;
        }
        if (!known.has(name)) known.set(name, wrap(member, here));
        return known.get(name);
      },
    });
  };
  return { input: wrap(input, ''), read };
}

/** The pointers of all values of an input. */
export function valuesIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => valuesIn(item, `${path}/${index}`));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, member]) => valuesIn(member, `${path}/${escaped(key)}`));
  return value === undefined ? [] : [path];
}

/**
 * A place of the input as people name it, whatever its place in a list: `Patient.name.given` within a FHIR resource,
 * `/case/notes` elsewhere.
 */
export function plainPath(pointer: string, input: unknown): string {
  let here: unknown = input;
  let path = '';
  let fhir = false;
  for (const step of pointer.split('/').slice(1)) {
    if (isObject(here) && typeof here['resourceType'] === 'string') {
      path = here['resourceType'];
      fhir = true;
    }
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Array.isArray(here)) path += fhir ? `.${name}` : `/${step}`;
    here = memberOf(here, name);
  }
  return path;
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

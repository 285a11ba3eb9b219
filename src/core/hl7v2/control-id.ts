import { isObject } from '../mapping/plain-value.ts';

/**
 * Twenty characters, as many as MSH-10 has until v2.6, made of a UUID v7 (its time and 28 bits of its chance) and a letter for
 * what it is about. The same UUID and letter give the same id.
 */
export function controlIdOf(uuid: string, letter: string): string {
  const hex = uuid.replaceAll('-', '').toUpperCase();
  return `${hex.slice(0, 12)}${hex.slice(13, 16)}${hex.slice(17, 21)}${letter}`;
}

/**
 * The tree of a message with MSH-10, where the mapping left it out, as it should: a mapping cannot know which delivery it is
 * made for, and two deliveries with one id would be one message to the receiver.
 */
export function withControlId(tree: unknown, controlId: string): unknown {
  const segments = isObject(tree) ? tree['segments'] : undefined;
  if (!isObject(tree) || !Array.isArray(segments)) return tree;
  const [header, ...others]: unknown[] = segments;
  if (!isObject(header) || header['name'] !== 'MSH' || header['f10'] !== undefined) return tree;
  return { ...tree, segments: [{ ...header, f10: controlId }, ...others] };
}

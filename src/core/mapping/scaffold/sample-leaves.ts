import { isVariableName } from '../expression-tree.ts';
import { isObject } from '../plain-value.ts';

/** One value of a sample payload, with the FHIRPath that reads it. Of a list, the first item stands for all. */
export interface SampleLeaf {
  readonly path: string;
  /** The last name on the way to it. */
  readonly key: string;
  readonly value: string | number | boolean;
}

export function leavesOfSample(sample: unknown, path: readonly string[] = []): SampleLeaf[] {
  if (Array.isArray(sample)) return leavesOfSample(sample[0], path);
  if (isObject(sample)) return Object.entries(sample).flatMap(([key, value]) => leavesOfSample(value, [...path, key]));
  if (typeof sample !== 'string' && typeof sample !== 'number' && typeof sample !== 'boolean') return [];
  return [{ path: path.map(quotedName).join('.'), key: calledBy(path), value: sample }];
}

/** An attribute of XML is called by its name, the text of an element by the name of the element. */
function calledBy(path: readonly string[]): string {
  return (path.findLast((name) => name !== '#text') ?? '').replace(/^@/, '');
}

/** A name as FHIRPath reads it: in backticks when it is a word of the language or holds other signs. */
function quotedName(name: string): string {
  return isVariableName(name) ? name : `\`${name.replaceAll('`', '\\`')}\``;
}

/** `9/5/1941` and the like: dates as forms in the UK have them. */
export function isUkDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,2}\/\d{1,2}\/\d{4}$/.test(value);
}

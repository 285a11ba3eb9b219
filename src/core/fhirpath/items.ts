import type { Shape } from './shapes.ts';

/**
 * A collection of FHIRPath: nodes (values read from data), texts, numbers and booleans that an expression made, plain
 * objects (variables), and values of the fhirpath package's own (dates, quantities, decimals with trailing zeros).
 */
export type Items = readonly unknown[];

export const EMPTY: Items = Object.freeze([]);
export const TRUE: Items = Object.freeze([true]);
export const FALSE: Items = Object.freeze([false]);

/** A value of the input (or of a variable), with what is known of it and where it stands. */
export class Node {
  readonly data: unknown;
  readonly shape: Shape;
  readonly parent: Node | undefined;
  /** Its position when it stands in a list, else -1. */
  readonly index: number;
  /** What FHIR writes under `_name` beside a primitive: its id and extensions. Null when there is nothing. */
  under: unknown;

  constructor(data: unknown, shape: Shape, parent: Node | undefined, index: number) {
    this.data = data;
    this.shape = shape;
    this.parent = parent;
    this.index = index;
    this.under = null;
  }
}

/** While tracing, a value that an expression made, with the nodes that it was made from. */
export class Derived extends Node {
  readonly sources: readonly Node[];

  constructor(data: unknown, shape: Shape, sources: readonly Node[]) {
    super(data, shape, undefined, -1);
    this.sources = sources;
  }
}

/** The value itself. */
export function dataOf(item: unknown): unknown {
  return item instanceof Node ? item.data : item;
}

/** A value as it is without tracing: what an expression made is no node. */
export function untraced(item: unknown): unknown {
  return item instanceof Derived ? item.data : item;
}

/** Whether a value was read from data. */
export function isRead(item: unknown): item is Node {
  return item instanceof Node && !(item instanceof Derived);
}

/** Whether a value can be asked for a member. Texts can: the package asks them too. */
export function isAskable(data: unknown): data is Readonly<Record<string | number, unknown>> {
  return data !== null && data !== undefined;
}

export function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null;
}

/** A list or an object as JSON has them, and no value of the package. */
export function isJsonObject(data: unknown): data is Readonly<Record<string, unknown>> {
  if (!isObject(data)) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null || Array.isArray(data);
}

/** Whether the package would take a value for a date, time or quantity where it compares, adds or writes it. */
export function isConverted(node: Node): boolean {
  if (node.shape.conversion === 'none') return false;
  if (node.shape.conversion === 'time') return isAskable(node.data);
  return isObject(node.data) && 'system' in node.data;
}

import type { Items, Node } from './items.ts';

/** What an expression is evaluated in. `self`, `index` and `total` are $this, $index and $total. */
export interface Frame {
  readonly root: Items;
  /** What paths from the root gave already, by their text: one input is asked by many expressions. */
  readonly paths: Map<string, Items>;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Handed on to the caller's functions. */
  readonly given: unknown;
  self: Items;
  index: number | undefined;
  total: Items | undefined;
  trace: Tracing | undefined;
}

/**
 * What tracing collects: the values that the operation being evaluated has been given, and what conditions looked at (a
 * node as often as it was looked at).
 */
export interface Tracing {
  seen: unknown[];
  readonly decided: Node[];
  /** The same of texts that were compared without making nodes of them. */
  readonly looked: LookedAt[];
}

/** A member of an object of the input. */
export interface LookedAt {
  readonly holder: object;
  readonly field: string;
}

/** A compiled part of an expression: from what it is applied to, to what it gives. */
export type Closure = (focus: Items, frame: Frame) => Items;

/** A compiled argument or operand: it is evaluated on $this, whatever the function is applied to. */
export type Operand = (frame: Frame) => Items;

/** A compiled criterion or projection: evaluated with the given collection as $this. */
export type Lambda = (self: Items, frame: Frame) => Items;

/** Compiling finds something that only the fhirpath package evaluates: it gets the whole expression. */
export class LeftToPackage extends Error {}

/**
 * Thrown while running on seeing what the closures cannot be sure about: the whole expression is evaluated again by the
 * fhirpath package. One object, so that throwing costs no stack.
 */
export const BAIL = new Error('left to the fhirpath package');

/** What FHIRPath calls an error: an operator or function was given something it cannot take. */
export class EvaluationError extends Error {}

import { Derived, isObject, type Node } from '../../fhirpath/items.ts';
import { rootOf } from '../../fhirpath/places.ts';

/** Where a value stands in parsed JSON: the object or list that holds it, and under which name or number. */
export interface Spot {
  readonly holder: object;
  readonly key: string | number;
}

/** Undefined for a root, and for what stands below none of the input's objects. */
export function spotOf({ parent, index, shape }: Node): Spot | undefined {
  const field = shape.field ?? shape.name;
  if (parent === undefined || field === undefined) return undefined;
  const holder = isObject(parent.data) && field in parent.data ? parent.data : parent.under;
  if (!isObject(holder)) return undefined;
  if (index < 0) return { holder, key: field };
  const list = holder[field];
  return Array.isArray(list) ? { holder: list, key: index } : undefined;
}

/** Whether a node lies within a value that a template made. */
export function isOfTemplate(node: Node): boolean {
  return rootOf(node) instanceof Derived;
}

/** The nodes of the input that a node stands for: what lies within a value that a template made comes from where that came from. */
export function inputNodes(node: Node): readonly Node[] {
  if (node instanceof Derived) return node.sources;
  const root = rootOf(node);
  if (root instanceof Derived) return root.sources;
  return root === node ? NONE : [node];
}

const NONE: readonly Node[] = [];

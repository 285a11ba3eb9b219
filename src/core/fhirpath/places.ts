import type { Node } from './items.ts';

/** Where a node stands: FHIRPath in a resource (`Bundle.entry[2].resource.name[0].family`), a JSON Pointer elsewhere. */
export function placeOf(node: Node): string {
  const parts = waysTo(node);
  const root = rootOf(node).shape.path;
  if (root === undefined) return pointerOf(node);
  return parts.reduce((path, { name, index }) => `${path}.${name}${index < 0 ? '' : `[${index}]`}`, root);
}

/** The same as a JSON Pointer into the data, with JSON's names: `/valueQuantity/value`. */
export function pointerOf(node: Node): string {
  return waysTo(node)
    .map(({ field, index }) => `/${escaped(field)}${index < 0 ? '' : `/${index}`}`)
    .join('');
}

interface Way {
  readonly name: string;
  readonly field: string;
  readonly index: number;
}

function waysTo(node: Node): Way[] {
  const ways: Way[] = [];
  for (let one: Node | undefined = node; one?.parent !== undefined; one = one.parent) {
    const { name = '', field = name } = one.shape;
    ways.push({ name, field, index: one.index });
  }
  return ways.reverse();
}

/** The value that a node was reached from: the input, or a variable. */
export function rootOf(node: Node): Node {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

function escaped(field: string): string {
  return field.replaceAll('~', '~0').replaceAll('/', '~1');
}

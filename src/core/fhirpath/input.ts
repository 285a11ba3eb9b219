import type { World } from './delegate.ts';
import { type Items, isObject } from './items.ts';
import { nodeFor } from './navigation.ts';

/** An input that several expressions are asked about: what their common paths give is looked up once. */
export class PreparedInput {
  readonly data: unknown;
  readonly root: Items;
  readonly paths = new Map<string, Items>();

  constructor(data: unknown, world: World) {
    this.data = data;
    this.root = rootItems(data, world);
  }
}

function rootItems(input: unknown, world: World): Items {
  if (Array.isArray(input)) return input.map((item) => rootItem(item, world));
  return input === null || input === undefined ? [] : [rootItem(input, world)];
}

function rootItem(item: unknown, world: World): unknown {
  return isObject(item) && item['resourceType'] ? nodeFor(item, world) : item;
}

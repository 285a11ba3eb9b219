import type { Path } from './problem.ts';

/**
 * A place in the configuration as it was written, right or wrong. Checks that compare several places read through spots
 * and pass over what is not what they expect, so that one mistake does not hide the others.
 */
export interface Spot {
  readonly value: unknown;
  readonly path: Path;
}

export function rootSpot(value: unknown): Spot {
  return { value, path: [] };
}

/** What stands under a key; its value is undefined when there is nothing. */
export function field(spot: Spot, ...keys: readonly string[]): Spot {
  let found = spot;
  for (const key of keys) {
    const { value } = found;
    const inside = isSection(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    found = { value: inside, path: [...found.path, key] };
  }
  return found;
}

export function items(spot: Spot): Spot[] {
  const { value, path } = spot;
  return Array.isArray(value) ? value.map((item, position) => ({ value: item, path: [...path, position] })) : [];
}

export function textOf(spot: Spot): string | undefined {
  return typeof spot.value === 'string' ? spot.value : undefined;
}

export function numberOf(spot: Spot): number | undefined {
  return typeof spot.value === 'number' ? spot.value : undefined;
}

export function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Leg } from '../../message.ts';

/**
 * Legs by the translation that made them: the messages of one list (`to: messages`) in their order, every other leg alone.
 * Nothing has arrived before the whole set has.
 */
export function setsOf(legs: readonly Leg[]): readonly Leg[][] {
  const sets = new Map<string, Leg[]>();
  for (const leg of legs) {
    const set = leg.part?.set ?? leg.id;
    sets.set(set, [...(sets.get(set) ?? []), leg]);
  }
  return [...sets.values()].map((set) => set.sort((one, other) => numberOf(one) - numberOf(other)));
}

/** Those of the same set that come after this leg. */
export function restOfSet(leg: Leg, legs: readonly Leg[]): Leg[] {
  return legs.filter((other) => other.part?.set === leg.part?.set && numberOf(other) > numberOf(leg));
}

function numberOf({ part }: Leg): number {
  return part?.number ?? 1;
}

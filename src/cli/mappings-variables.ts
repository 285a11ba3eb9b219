import { givenNames } from '../core/mapping/constants.ts';
import type { MappingFrom } from '../core/mapping/direction.ts';

const INSTANT = '2026-01-01T00:00:00.000Z';

/** Values for the engine's variables when a file is run that says none: the same each time, and seen to be none of a real run. */
export function sampleVariables(from: MappingFrom): Readonly<Record<string, string>> {
  return Object.fromEntries(
    givenNames(from).map((name) => [name, name === 'now' || name === 'receivedAt' ? INSTANT : `(${name})`]),
  );
}

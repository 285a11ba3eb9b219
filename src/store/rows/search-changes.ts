import type { SearchEntry } from '../../core/referral.ts';
import { sound } from './sound-text.ts';

/** What has to be written so that a resource is found by what its new version says, and by nothing else. */
export interface SearchChanges {
  readonly gone: readonly SearchEntry[];
  readonly come: readonly SearchEntry[];
}

/**
 * Most of what a Task is found by stays from one version to the next. To write all of it anew was the larger part of what a
 * new version cost: each entry stands in three indexes.
 */
export function searchChanges(former: readonly SearchEntry[], next: readonly SearchEntry[]): SearchChanges {
  const [before, after] = [byName(former), byName(next)];
  return {
    gone: [...before].flatMap(([name, entry]) => (after.has(name) ? [] : [entry])),
    come: [...after].flatMap(([name, entry]) => (before.has(name) ? [] : [entry])),
  };
}

/** By what the table holds: two values that it cannot tell apart are one entry there. */
function byName(entries: readonly SearchEntry[]): Map<string, SearchEntry> {
  return new Map(entries.map((entry) => [`${entry.param}\n${sound(entry.value)}`, entry]));
}

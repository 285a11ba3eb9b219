import type { LoopEvent } from './event.ts';
import { stateRow } from './states.ts';

/**
 * The one order in which a set of events is read: when it happened, then rank, then id; each id once. Arrival plays
 * no part, so any order and repetition of the same events gives the same list.
 */
export function inOrder(events: readonly LoopEvent[]): LoopEvent[] {
  const once = new Map(events.map((event) => [event.id, event]));
  return [...once.values()].sort(
    (a, b) => compare(a.at, b.at) || stateRow(a.kind).rank - stateRow(b.kind).rank || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

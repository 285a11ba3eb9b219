import { notKept } from '../../../src/core/loop/read-back/reading.ts';
import type { Loop } from './read-loops.ts';

/** How what was written stands in the GP's record, counted from what was read back. */
export interface Written {
  readonly entries: number;
  readonly kept: number;
  readonly degraded: number;
  /** Not found among them. */
  readonly lost: number;
}

/** The last look at each write-back: earlier ones may have come too soon. The patient is no entry. */
function lastLooks({ described }: Loop) {
  const byLeg = new Map(described.readings.map((reading) => [reading.leg, reading]));
  return [...byLeg.values()].map(({ entries }) => entries.filter(({ type }) => type !== 'Patient'));
}

export function countWritten(loops: readonly Loop[]): Written {
  const entries = loops.flatMap((loop) => lastLooks(loop).flat());
  const count = (...words: readonly string[]) => entries.filter(({ is }) => words.includes(is)).length;
  return {
    entries: entries.length,
    kept: count('kept'),
    degraded: count('degraded'),
    lost: count('lost', 'not-found'),
  };
}

/** Every entry that is not as it was sent, each with its reason: ids and words of ours. */
export function notAsSent(loops: readonly Loop[]): string[] {
  return loops.flatMap((loop) =>
    lastLooks(loop)
      .flatMap(notKept)
      .map((what) => `${loop.number}: ${what}`),
  );
}

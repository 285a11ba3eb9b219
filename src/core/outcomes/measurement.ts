import type { Observation } from 'fhir/r4.js';
import type { InstrumentSet, ScoreOf } from './instrument-set.ts';
import { judgeStated } from './judge-stated.ts';

/** One score of one person at one time. */
export interface Measurement extends ScoreOf {
  readonly value: number;
  /** The day it was taken, or by which: `2026-11-21`. */
  readonly day: string;
  /** What the platform called it, where it did. */
  readonly stage?: 'baseline' | 'follow-up';
}

/** An Observation as a measurement; undefined when it is no score of an instrument, is void, or has no time. */
export function measurementOf(observation: Observation, instruments: InstrumentSet): Measurement | undefined {
  if (observation.status === 'entered-in-error' || observation.status === 'cancelled') return undefined;
  const { stated } = judgeStated(observation, instruments, '');
  const { effectiveDateTime, effectiveInstant, effectivePeriod } = observation;
  const time = effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start;
  if (stated === undefined || time === undefined) return undefined;
  const { instrument, score, value } = stated;
  const stage = observation.note?.map(({ text }) => text).find(isStage);
  return { instrument, score, value, day: time.slice(0, 10), ...(stage !== undefined && { stage }) };
}

/** The two words by which a mapping says which of two scores a score is (Observation.note, a text by itself). */
function isStage(text: string): text is 'baseline' | 'follow-up' {
  return text === 'baseline' || text === 'follow-up';
}

/** In the order in which they were taken; of one day the baseline first. */
export function inOrder<T extends Pick<Measurement, 'day' | 'stage'>>(all: readonly T[]): T[] {
  const rank = ({ stage }: Pick<Measurement, 'stage'>) => (stage === 'baseline' ? 0 : stage === 'follow-up' ? 2 : 1);
  return [...all].sort((one, other) =>
    one.day === other.day ? rank(one) - rank(other) : one.day < other.day ? -1 : 1,
  );
}

/** Whether the second can be a follow-up of the first: taken on a later day, or called so where both are of one day. */
export function follows(
  first: Pick<Measurement, 'day' | 'stage'>,
  second: Pick<Measurement, 'day' | 'stage'>,
): boolean {
  if (second.stage === 'baseline') return false;
  if (second.day !== first.day) return second.day > first.day;
  return first.stage === 'baseline' && second.stage === 'follow-up';
}

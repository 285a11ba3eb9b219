import type { Leg } from '../../message.ts';
import { LEVELS } from '../promises/need.ts';
import type { AckLevel, LoopPromise } from '../promises/promise.ts';
import { notKept, type Reading } from '../read-back/reading.ts';
import { isDocument } from '../told-by.ts';

/** How far the GP was really told: what a closed loop may claim. */
export interface ClosureLabel {
  /** The weakest acknowledgement by which the GP counts as told; absent while nothing was told. */
  readonly level?: AckLevel;
  /** What must be said beside "closed": each way in which less was proven, or less arrived, than was sent. */
  readonly labels: readonly string[];
}

interface LabelGiven {
  readonly promises: readonly LoopPromise[];
  readonly legs: readonly Leg[];
  readonly readings: readonly Reading[];
}

/** Labels of a loop, from what kept its promises to the GP and how its write-backs stand in the record. */
export function closureLabel({ promises, legs, readings }: LabelGiven): ClosureLabel {
  const levels = promises.flatMap(({ kind, keptAs }) => (kind === 'tell-gp' && keptAs !== undefined ? [keptAs] : []));
  const level = LEVELS.find((one) => levels.includes(one));
  const weak = level === 'transport' || level === 'technical' ? [WEAK[level]] : [];
  return { ...(level && { level }), labels: [...weak, ...legs.flatMap((leg) => ofLeg(leg, readings))] };
}

const WEAK = {
  transport: 'only transport: the GP system took the bytes, and nobody knows whether it filed them',
  technical: 'only technical: the GP system said that it processed them, and its record was not read back',
} as const;

function ofLeg(leg: Leg, readings: readonly Reading[]): string[] {
  const byDocument = isDocument(leg) && leg.status === 'acknowledged';
  const route = byDocument ? [`told by document, the structured way being off or refused: delivery ${leg.id}`] : [];
  return [...route, ...ofReading(leg, readings)];
}

function ofReading({ id, readBack }: Leg, readings: readonly Reading[]): string[] {
  if (readBack === undefined || readBack.is === 'kept') return [];
  const entries = readings.find((reading) => reading.id === readBack.reading)?.entries ?? [];
  const taken = readBack.accepted === 'person' ? 'taken by a person as it is: ' : '';
  const what = notKept(entries).join('; ') || 'the record was not read';
  return [`write-back ${id}: ${taken}${what}`];
}

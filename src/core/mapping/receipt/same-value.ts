import { isoDate, ukDate } from '../local-time.ts';

/**
 * Whether a value says all that its source says: it is the same, as text where the source was a number or boolean, or a date
 * in another notation of the same day.
 */
export function saysTheSame(made: unknown, source: unknown): boolean {
  if (made === source) return true;
  if (typeof source === 'number' || typeof source === 'boolean') return made === String(source);
  if (typeof made !== 'string' || typeof source !== 'string')
    return typeof made === 'number' && String(made) === source;
  return isDayInOtherWords(made, source) || isInstantOf(made, source);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isDayInOtherWords(made: string, source: string): boolean {
  if (DAY.test(source)) return ukDate(source) === made;
  return DAY.test(made) && isoDate(source) === made;
}

/** A local time that has been given its offset. */
function isInstantOf(made: string, source: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(source) && made.startsWith(source);
}

import type { ElementReading } from './reading.ts';

/** Compares FHIR dates and times of any precision; nothing when none was sent. The same instant may be written with another offset. */
export function compareDates(sent: string | undefined, found: string | undefined): ElementReading[] {
  if (sent === undefined) return [];
  if (found === undefined) return [{ element: 'date', is: 'lost', why: 'it has no date there' }];
  if (sent === found || (isInstant(sent) && isInstant(found) && Date.parse(sent) === Date.parse(found))) {
    return [{ element: 'date', is: 'kept' }];
  }
  if (sameDay(sent, found)) return [{ element: 'date', is: 'degraded', why: 'the day is the same, the time is not' }];
  return [{ element: 'date', is: 'lost', why: 'another date stands there' }];
}

function isInstant(text: string): boolean {
  return text.includes('T');
}

/** A day as it was written, or as it is at the same moment where the other was written. */
function sameDay(sent: string, found: string): boolean {
  const day = (text: string) => text.slice(0, 10);
  if (sent.length < 10 || found.length < 10) return sent.startsWith(found) || found.startsWith(sent);
  if (day(sent) === day(found)) return true;
  if (!isInstant(sent) || !isInstant(found)) return false;
  const [one, other] = [new Date(sent), new Date(found)];
  return day(one.toISOString()) === day(other.toISOString());
}

/** How pages write instants, ages and numbers. Pure: the same on every machine, whatever its language and zone. */

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `26 November 2026, 04:33:07 UTC`; seconds where they matter. Undefined for what is no instant. */
export function instantInWords(instant: string, precision: 'minute' | 'second' = 'minute'): string | undefined {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return undefined;
  const time = at.toISOString().slice(11, precision === 'second' ? 19 : 16);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${time} UTC`;
}

/** A sentence of the engine's with each instant in it written as pages write instants. */
export function withInstantsInWords(sentence: string): string {
  return sentence.replace(
    /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
    (instant) => instantInWords(instant) ?? instant,
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 days`, `1 hour`, `less than a minute`: the largest unit that fits, rounded down. */
export function spanInWords(milliseconds: number): string {
  const span = Math.abs(milliseconds);
  if (span >= DAY) return counted(Math.floor(span / DAY), 'day');
  if (span >= HOUR) return counted(Math.floor(span / HOUR), 'hour');
  if (span >= MINUTE) return counted(Math.floor(span / MINUTE), 'minute');
  return 'less than a minute';
}

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${numberInWords(count)} ${count === 1 ? one : several}`;
}

/** `12,345` */
export function numberInWords(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

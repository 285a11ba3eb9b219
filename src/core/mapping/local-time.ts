/** Dates as people in the UK write them on forms, and local times. Pure; zones come from the runtime's own zone data. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})/;

/** `1970-05-09` (or an instant that begins with it) as `09/05/1970`; undefined for a year or month alone. */
export function ukDate(text: string): string | undefined {
  const [, year, month, day] = DAY.exec(text) ?? [];
  return year === undefined ? undefined : `${day}/${month}/${year}`;
}

/** `9/5/1970` or `09/05/1970` as `1970-05-09`; undefined when it is not a day of the calendar. */
export function isoDate(text: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4})\s*$/.exec(text) ?? [];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDay(date) ? date : undefined;
}

/**
 * A local date and time (`2026-11-21T14:30`, seconds optional) in an IANA zone as an instant with its offset
 * (`2026-11-21T14:30:00+00:00`). Of an hour that comes twice the first is taken; one that does not exist is taken
 * with the offset before it, which moves it an hour on (the "compatible" reading of ECMAScript Temporal).
 */
export function toInstant(text: string, zone: string): string | undefined {
  const [, date = '', hour = '', minute = '', second = '00'] =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim()) ?? [];
  if (!isCalendarDay(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const local = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  const before = offsetAt(local - DAY_MS, zone);
  const after = offsetAt(local + DAY_MS, zone);
  const instant = [local - before, local - after].find((at) => at + offsetAt(at, zone) === local) ?? local - before;
  const offset = offsetAt(instant, zone);
  return new Date(instant + offset).toISOString().slice(0, 19) + offsetText(offset);
}

/** Whether the runtime knows a zone by this name. */
export function isZone(zone: string): boolean {
  try {
    return formatFor(zone) !== undefined;
  } catch {
    return false;
  }
}

const DAY_MS = 86_400_000;

function isCalendarDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return DAY.test(date) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Map(
    formatFor(zone)
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return Date.parse(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`) - instant;
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

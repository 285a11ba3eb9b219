import { toInstant } from '../mapping/local-time.ts';

/** A date or time as HL7 v2 writes it (DTM, and TS before v2.6: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`), in parts. */
interface Hl7Time {
  /** `2026`, `2026-07` or `2026-07-21`: as precise as it is. */
  readonly date: string;
  /** `13:30` or `13:30:05`; absent when it is a date. Minutes that are not given are 00. */
  readonly clock?: string;
  /** `+01:00`; absent when it is not said. */
  readonly offset?: string;
}

const WRITTEN =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:([01]\d|2[0-3])(?:([0-5]\d)(?:([0-5]\d)(?:\.\d{1,4})?)?)?)?)?)?(?:([+-])(0\d|1[0-4])([0-5]\d))?$/;

function parse(text: string): Hl7Time | undefined {
  const found = writtenTime(text);
  if (found === undefined) return undefined;
  const [, year = '', month, day, hour, minute = '00', second, sign, hours, minutes] = found;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  return {
    date,
    ...(hour !== undefined && { clock: [hour, minute, second].filter((part) => part !== undefined).join(':') }),
    ...(sign !== undefined && { offset: `${sign}${hours}:${minutes}` }),
  };
}

/** Its parts as WRITTEN has them; undefined when it is no time of the calendar. */
function writtenTime(text: string): RegExpExecArray | undefined {
  const found = WRITTEN.exec(text);
  if (found === null) return undefined;
  const [, year, month = 1, day = 1] = found;
  return isCalendar(Number(year), Number(month), Number(day)) ? found : undefined;
}

/** Of the proleptic Gregorian calendar; years have four digits. */
function isCalendar(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0));
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a date or time of the calendar, as HL7 v2 writes it. */
export function isHl7Time(text: string): boolean {
  return writtenTime(text) !== undefined;
}

/**
 * `20190822140527` as `2019-08-22T14:05:27+01:00`: a dateTime of FHIR with the precision of what is written. The offset that
 * is written is kept; where there is none, it is the zone's (IANA) at that time. `19990521` is `1999-05-21`, and `1999` is
 * `1999`. Undefined when it is no time of the calendar. Fractions of a second are left out.
 */
export function hl7Time(text: string, zone: string): string | undefined {
  const time = parse(text.trim());
  if (time === undefined) return undefined;
  const { date, clock, offset } = time;
  if (clock === undefined) return date;
  if (offset === undefined) return toInstant(`${date}T${clock}`, zone);
  return `${date}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`;
}

/** The date of a date or time: `199905211215` as `1999-05-21`, as precise as it is written. */
export function hl7Date(text: string): string | undefined {
  return parse(text.trim())?.date;
}

const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The other way: a date, dateTime or instant of FHIR as HL7 v2 writes it, with its offset: `20190822140527+0100`. */
export function toHl7Time(text: string): string | undefined {
  const found = ISO.exec(text.trim());
  if (found === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', offset = ''] = found;
  const digits = year + month + day + hour + minute + second;
  return digits + (offset === 'Z' ? '+0000' : offset.replace(':', ''));
}

/**
 * Durations as they are written in the configuration: ISO 8601 with weeks, days, hours, minutes and seconds (`P14D`, `P12W`,
 * `PT1H30M`), or one number with a unit for trials (`30s`, `5m`, `2h`, `3d`, `500ms`). Months and years are refused: their length varies.
 */
export const DURATION_PATTERN =
  /^(?:P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?|(\d{1,7})(ms|s|m|h|d))$/;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Longest time that is not taken for a slip of the pen. */
export const LONGEST_MS = 3_660 * DAY;

/** Milliseconds, or undefined when the text is no duration, is nothing at all, or is longer than ten years. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return undefined;
  const [, weeks, days, hours, minutes, seconds, count, unit] = match;
  const short = unit === undefined ? 0 : Number(count) * (UNITS[unit] ?? 0);
  const total =
    short +
    number(weeks) * 7 * DAY +
    number(days) * DAY +
    number(hours) * HOUR +
    number(minutes) * MINUTE +
    number(seconds) * SECOND;
  return total > 0 && total <= LONGEST_MS ? total : undefined;
}

function number(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits);
}

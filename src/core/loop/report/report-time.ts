import { checkPrimitive } from '../../fhir/primitives.ts';
import type { Finding } from '../../finding.ts';

/** An instant in UTC with the offset that was written, when one was. */
interface ReportTime {
  readonly at: string;
  readonly offset?: string;
  readonly findings: readonly Finding[];
}

/** Two clocks may differ by this much before we distrust theirs. */
const SKEW_MS = 5 * 60_000;
/** A year before it is a slip of the pen, or a mapping that lost the century. */
const FIRST_YEAR = 1900;

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * When a reported thing happened. `written` is a FHIR dateTime or undefined. A moment keeps its offset. A day without a
 * time stands for its last moment, or for the receipt when that was earlier: so it follows what is known to have
 * happened that day. Nothing usable is recorded at the receipt, with a warning. What cannot be, is an error: a time in its
 * place would decide what the referral is.
 */
export function reportTime(written: string | undefined, receivedAt: string, expression: string): ReportTime {
  if (written === undefined) return { at: receivedAt, findings: [finding(MISSING, expression)] };
  const moment = MOMENT.exec(written);
  const instant = moment === null ? lastMomentOf(written) : Date.parse(written);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(instant) || checkPrimitive('dateTime', written) !== undefined)
    return { at: receivedAt, findings: [finding(UNREADABLE, expression)] };
  const received = Date.parse(receivedAt);
  const begins = moment === null ? Date.parse(`${written}T00:00:00Z`) : instant;
  const findings = cannotBe(instant, begins, received + SKEW_MS) ? [finding(IMPOSSIBLE, expression)] : [];
  const at = new Date(moment === null ? Math.min(instant, received) : instant).toISOString();
  const offset = moment?.[1];
  return offset === undefined || offset === 'Z' ? { at, findings } : { at, offset, findings };
}

/** A day for dates without a time zone. */
const DAY_MS = 24 * 3_600_000;

/** When a result was taken, where it says so: no year with its century lost, and no day to come. */
export function resultTimes(resource: object, receivedAt: string, at: string): Finding[] {
  const { effectiveDateTime, effectiveInstant, effectivePeriod, issued, authored } = timesOf(resource);
  const period = timesOf(effectivePeriod);
  const written: readonly (readonly [string, unknown])[] = [
    ['effectiveDateTime', effectiveDateTime],
    ['effectiveInstant', effectiveInstant],
    ['effectivePeriod.start', period['start']],
    ['effectivePeriod.end', period['end']],
    ['issued', issued],
    ['authored', authored],
  ];
  return written.flatMap(([element, value]) => {
    const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    const wrong = !Number.isNaN(instant) && cannotBe(instant, instant, Date.parse(receivedAt) + DAY_MS);
    return wrong ? [finding(IMPOSSIBLE, `${at}.${element}`)] : [];
  });
}

function timesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function cannotBe(instant: number, begins: number, latest: number): boolean {
  return new Date(instant).getUTCFullYear() < FIRST_YEAR || begins > latest;
}

function lastMomentOf(written: string): number {
  return DAY.test(written) ? Date.parse(`${written}T23:59:59.999Z`) : Number.NaN;
}

interface Words {
  readonly severity: Finding['severity'];
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

const MISSING: Words = {
  severity: 'warning',
  rule: 'report/time-missing',
  message: 'The report does not say when it happened; it is recorded at the time of receipt.',
  remedy: 'Send the time of what happened, with Z or an offset.',
};

const UNREADABLE: Words = {
  severity: 'warning',
  rule: 'report/time-unreadable',
  message: 'The time of the report is not a day or a moment with a time zone; it is recorded at the time of receipt.',
  remedy: 'Write it as YYYY-MM-DD, or as YYYY-MM-DDThh:mm:ss with Z or an offset.',
};

const IMPOSSIBLE: Words = {
  severity: 'error',
  rule: 'report/time',
  message: `This time cannot be: it is in the future, or before the year ${FIRST_YEAR}.`,
  remedy: 'Have the clock, the time zone or the mapping mended and retry, or abandon it and have it sent again.',
};

function finding(words: Words, expression: string): Finding {
  return { ...words, place: { expression }, issue: 'value' };
}

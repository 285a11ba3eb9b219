import { checkPrimitive } from '../fhir/primitives.ts';
import type { Finding } from '../finding.ts';

/** An instant in UTC with the offset that was written, when one was. */
interface ReportTime {
  readonly at: string;
  readonly offset?: string;
  readonly findings: readonly Finding[];
}

/** Two clocks may differ by this much before we distrust theirs. */
const SKEW_MS = 5 * 60_000;

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * When a reported thing happened. `written` is a FHIR dateTime or undefined. A moment keeps its offset. A day without a
 * time stands for its last moment, or for the receipt when that was earlier: so it follows what is known to have
 * happened that day. Nothing usable, and anything in the future, is recorded at the receipt, with a warning.
 */
export function reportTime(written: string | undefined, receivedAt: string, expression: string): ReportTime {
  if (written === undefined) return { at: receivedAt, findings: [] };
  const received = Date.parse(receivedAt);
  const moment = MOMENT.exec(written);
  const instant = moment === null ? lastMomentOf(written) : Date.parse(written);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(instant) || checkPrimitive('dateTime', written) !== undefined)
    return { at: receivedAt, findings: [warning(UNREADABLE, expression)] };
  if (moment === null)
    return {
      at: new Date(Math.min(instant, received)).toISOString(),
      findings: futureDay(written, receivedAt, expression),
    };
  if (instant > received + SKEW_MS) return { at: receivedAt, findings: [warning(FUTURE, expression)] };
  const offset = moment[1];
  const at = new Date(instant).toISOString();
  return offset === undefined || offset === 'Z' ? { at, findings: [] } : { at, offset, findings: [] };
}

function lastMomentOf(written: string): number {
  return DAY.test(written) ? Date.parse(`${written}T23:59:59.999Z`) : Number.NaN;
}

function futureDay(written: string, receivedAt: string, expression: string): Finding[] {
  return Date.parse(`${written}T00:00:00Z`) > Date.parse(receivedAt) + SKEW_MS ? [warning(FUTURE, expression)] : [];
}

interface Words {
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

const UNREADABLE: Words = {
  rule: 'report/time-unreadable',
  message: 'The time of the report is not a day or a moment with a time zone; it is recorded at the time of receipt.',
  remedy: 'Write it as YYYY-MM-DD, or as YYYY-MM-DDThh:mm:ss with Z or an offset.',
};

const FUTURE: Words = {
  rule: 'report/time-future',
  message: 'The report says that it happened in the future; it is recorded at the time of receipt.',
  remedy: 'Check the clock and the time zone of the sending system.',
};

function warning(words: Words, expression: string): Finding {
  return { severity: 'warning', ...words, place: { expression }, issue: 'value' };
}

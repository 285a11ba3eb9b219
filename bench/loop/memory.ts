import type { Carrier } from './contenders.ts';
import type { LoopBench } from './loop-bench.ts';

/** Resident memory over the messages of some hours, in megabytes. */
export interface Memory {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** England's referrals of a year (docs/sizing.md says where the figure is from), spread over its hours. */
const REFERRALS_A_YEAR = 1_300_000;
const HOURS_A_YEAR = 8_760;
export const LOOPS_AN_HOUR = Math.round(REFERRALS_A_YEAR / HOURS_A_YEAR);
const HOURS = { quick: 1, thorough: 10 };

/** Whether an engine keeps anything of what it has carried: all of England's loops of an hour, at once and not over the hour. */
export async function memoryOverHours(carrier: Carrier, { say, isQuick }: LoopBench): Promise<Memory> {
  const hours = isQuick ? HOURS.quick : HOURS.thorough;
  const half = Math.round((hours * LOOPS_AN_HOUR) / 2);
  const start = megabytes(carrier);
  await carrier.carry(half);
  const middle = megabytes(carrier);
  await carrier.carry(half);
  const end = megabytes(carrier);
  say(
    `resident memory over ${2 * half} loops (England's of ${hours} h): ${start} MB, ${middle} MB in the middle, ${end} MB at the end`,
  );
  return { start, middle, end };
}

function megabytes(carrier: Carrier): number {
  return Math.round(carrier.resident() / 1_000_000);
}

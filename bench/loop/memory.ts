import type { Carrier } from './contenders.ts';
import type { LoopBench } from './loop-bench.ts';

/** Resident memory over the messages of an hour, in megabytes. */
export interface Memory {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** As docs/sizing.md assumes and reckons. */
const REFERRALS_A_YEAR = 1_300_000;
const HOURS_A_YEAR = 2_530;
const BUSIEST = 3;
const PEOPLE = { region: 2_000_000, england: 57_000_000 };
const ENGLAND_AN_HOUR = REFERRALS_A_YEAR / HOURS_A_YEAR;
/** Loops of an hour. */
export const HOURS = {
  quick: {
    loops: Math.round((ENGLAND_AN_HOUR * BUSIEST * PEOPLE.region) / PEOPLE.england),
    whose: 'those of a region in its busiest hour',
  },
  thorough: { loops: Math.round(ENGLAND_AN_HOUR), whose: 'those of England in an average hour' },
};

/** Whether an engine keeps anything of what it has carried: all loops of an hour, at once and not over the hour. */
export async function memoryOverAnHour(carrier: Carrier, { say, isQuick }: LoopBench): Promise<Memory> {
  const { loops, whose } = isQuick ? HOURS.quick : HOURS.thorough;
  const half = Math.round(loops / 2);
  const start = megabytes(carrier);
  await carrier.carry(half);
  const middle = megabytes(carrier);
  await carrier.carry(half);
  const end = megabytes(carrier);
  say(
    `resident memory over ${2 * half} loops (${whose}): ${start} MB, ${middle} MB in the middle, ${end} MB at the end`,
  );
  return { start, middle, end };
}

function megabytes(carrier: Carrier): number {
  return Math.round(carrier.resident() / 1_000_000);
}

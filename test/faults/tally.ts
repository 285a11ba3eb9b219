import type { Kind } from './plan.ts';
import type { RunResult } from './run.ts';

/** The counts of all runs: the last line that is printed. */
export interface Tally {
  /** Runs that were made; one that was left out is none. */
  readonly runs: number;
  readonly messages: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly stuck: number;
  readonly logVerified: boolean;
  /** Kinds that could not be tried here, with the reason; absent when all could. */
  readonly skipped?: Readonly<Partial<Record<Kind, string>>>;
}

export function newTally(skipped: Readonly<Partial<Record<Kind, string>>>): Tally {
  const none = { runs: 0, messages: 0, lost: 0, doubled: 0, outOfOrder: 0, stuck: 0, logVerified: true };
  return { ...none, ...(Object.keys(skipped).length > 0 && { skipped }) };
}

export function addRun(tally: Tally, result: Omit<RunResult, 'struck' | 'repeated' | 'decided' | 'seconds'>): Tally {
  return {
    ...tally,
    runs: tally.runs + 1,
    messages: tally.messages + result.messages,
    lost: tally.lost + result.lost.length,
    doubled: tally.doubled + result.doubled.length,
    outOfOrder: tally.outOfOrder + result.outOfOrder.length,
    stuck: tally.stuck + result.stuck.length,
    logVerified: tally.logVerified && result.logFaults.length === 0,
  };
}

/** Something was tried, and nothing was wrong with it. */
export function isClean({ runs, lost, doubled, outOfOrder, stuck, logVerified }: Tally): boolean {
  return runs > 0 && lost + doubled + outOfOrder + stuck === 0 && logVerified;
}

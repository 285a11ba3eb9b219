import type { Carrier } from './contenders.ts';
import type { LoopBench } from './loop-bench.ts';

/** Milliseconds from when a referral is accepted (the GP has the answer) to when the webhook is at the platform. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const MS = { quick: 3_000, thorough: 12_000 };

/** Referrals at an even pace of half of what the engine can do. */
export async function latencyAtHalfLoad(carrier: Carrier, full: number, { say, isQuick }: LoopBench): Promise<Latency> {
  const perSecond = full / 2;
  const delays = await carrier.pace({ perSecond, ms: isQuick ? MS.quick : MS.thorough });
  const found = { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) };
  say(
    `at half load (${perSecond.toFixed(1)} referrals/s, ${delays.length} of them) from accepted to webhook sent: p50 ${found.p50} ms, p99 ${found.p99} ms`,
  );
  return found;
}

/** The smallest value that so large a part of them does not exceed (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

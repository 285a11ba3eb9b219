export interface Percentiles {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** How long each of so many calls takes, one after another, after a tenth as many that are not counted. */
export async function timed(times: number, call: (time: number) => Promise<unknown>): Promise<Percentiles> {
  const warm = Math.ceil(times / 10);
  for (let time = 0; time < warm; time += 1) await call(time);
  const spent: number[] = [];
  for (let time = warm; time < warm + times; time += 1) {
    const began = performance.now();
    await call(time);
    spent.push(performance.now() - began);
  }
  return percentiles(spent);
}

/** The smallest value that so many hundredths of all do not exceed. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN) * 100) / 100;
  return { p50: at(0.5), p95: at(0.95) };
}

import type { Pace } from './interleave.ts';

/** What a benchmark is given: how long it may take, and whom to tell. */
export interface BenchOutput {
  /** Tables and remarks, for people, line by line. */
  readonly say: (line: string) => void;
  readonly pace: Pace;
  /** Where the time goes, in place of how much it is; for the benchmarks that can say. */
  readonly isProfile: boolean;
}

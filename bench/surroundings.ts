import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Surroundings } from './interleave.ts';

/** The process's own clock and garbage collector. */
export function processSurroundings(): Surroundings {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return {
    clock: () => performance.now(),
    settle: () => {
      // Not a full collection: that also throws away compiled code that rested since the last one, and whoever has much
      // code would begin each turn by compiling it again.
      if (typeof collect === 'function') collect({ type: 'minor' });
    },
  };
}

/** What figures depend on beside the code, in a line. */
export function machineLine(): string {
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, load ${load}`;
}

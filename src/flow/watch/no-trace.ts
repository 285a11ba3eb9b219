import type { Trace } from '../../ports.ts';

/** Where nobody follows. */
export const NO_TRACE: Trace = {
  spans: false,
  step: (_step, run) => run(),
  about: () => undefined,
  current: () => undefined,
};

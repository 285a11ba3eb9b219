import type { Meter } from '../../ports.ts';

/** Where nobody watches. */
export const NO_METER: Meter = { stopwatch: () => () => 0, note: () => undefined };

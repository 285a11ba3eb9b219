/** How long to wait between attempts. Milliseconds. */
export interface BackoffOptions {
  /** The longest wait before the second attempt. */
  readonly baseMs: number;
  /** The longest wait before any attempt. */
  readonly capMs: number;
  /** What the longest wait is multiplied by with each failure; 2 when left out. */
  readonly factor?: number;
}

/**
 * The wait after the `attempt`th failure (counts from 1), in whole milliseconds: exponential with full jitter, so that
 * deliveries which failed together do not come back together. What the receiver asked for (`Retry-After`) wins when it is longer.
 *
 * @param random in [0, 1)
 */
export function delayMs(attempt: number, options: BackoffOptions, random: () => number, retryAfterMs = 0): number {
  const { baseMs, capMs, factor = 2 } = options;
  // Infinity times 0 is not a number, and a timer with it fires at once.
  const growth = Math.min(factor ** Math.max(0, attempt - 1), Number.MAX_VALUE);
  const ceiling = Math.min(capMs, baseMs * growth);
  return Math.max(Math.floor(random() * ceiling), retryAfterMs);
}

/** How often a record may be read. */
export interface ThrottleOptions {
  readonly reads: number;
  readonly perMs: number;
}

/** As one supplier's interface does it: a second read within 30 seconds is turned away (6b.digital IM1 article). */
export const ONE_IN_30_S: ThrottleOptions = { reads: 1, perMs: 30_000 };

/** Counts the reads of a practice; a read that is turned away does not count. */
export function newThrottle({ reads, perMs }: ThrottleOptions, now: () => Date): () => { readonly waitMs: number } {
  let served: number[] = [];
  return () => {
    const at = now().getTime();
    served = served.filter((one) => at - one < perMs);
    const [oldest] = served;
    if (oldest !== undefined && served.length >= reads) return { waitMs: perMs - (at - oldest) };
    served.push(at);
    return { waitMs: 0 };
  };
}

/** What the rounds of one contender came to. */
export interface Standing {
  readonly name: string;
  /** Operations per second, one figure a round, in the order of the rounds. */
  readonly rounds: readonly number[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How fast it is compared with the first contender: the median of the ratios that the rounds have, each round by itself. */
  readonly ratio: number;
}

/**
 * Sums up the rounds of all contenders. Ratios are taken within a round, because what else the machine is doing changes
 * from round to round and meets all contenders of one round alike.
 */
export function summarise(
  contenders: readonly { readonly name: string; readonly rounds: readonly number[] }[],
): Standing[] {
  const first = contenders[0]?.rounds ?? [];
  return contenders.map(({ name, rounds }) => ({
    name,
    rounds,
    median: median(rounds),
    min: Math.min(...rounds),
    max: Math.max(...rounds),
    ratio: median(rounds.map((figure, round) => figure / (first[round] ?? Number.NaN))),
  }));
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  if (!Number.isInteger(middle)) return upper;
  return (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

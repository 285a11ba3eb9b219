const MAX_LENGTH = 60;

/** The candidate that a misspelt name most likely meant: the same but for case, or at most two (short names: one) edits away. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = name.length <= 4 ? 2 : 3;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = [];
  let oneBack = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(cheapest({ a, b, i, j }, { row, oneBack, twoBack }));
    twoBack = oneBack;
    oneBack = row;
  }
  return oneBack[b.length] ?? 0;
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly i: number;
  readonly j: number;
}
interface Rows {
  readonly row: readonly number[];
  readonly oneBack: readonly number[];
  readonly twoBack: readonly number[];
}

function cheapest({ a, b, i, j }: Cell, { row, oneBack, twoBack }: Rows): number {
  const far = Number.POSITIVE_INFINITY;
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    (row[j - 1] ?? far) + 1,
    (oneBack[j] ?? far) + 1,
    (oneBack[j - 1] ?? far) + (same ? 0 : 1),
    swapped ? (twoBack[j - 2] ?? far) + 1 : far,
  );
}

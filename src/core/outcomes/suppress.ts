/** A count, or null where it is too small to be printed. */
export type Count = number | null;

/**
 * Hides counts below a limit (zero is shown). Where one part of a whole is hidden alone, the whole would give it away: then the
 * next smallest part is hidden with it.
 */
export function suppressed<K extends string>(parts: Readonly<Record<K, number>>, under: number): Record<K, Count>;
export function suppressed(parts: Readonly<Record<string, number>>, under: number): Record<string, Count> {
  const small = Object.entries(parts).filter(([, count]) => count > 0 && count < under);
  const hidden = new Set(small.map(([name]) => name));
  if (hidden.size === 1) {
    const [next] = Object.entries(parts)
      .filter(([name, count]) => count > 0 && !hidden.has(name))
      .sort(([, one], [, other]) => one - other);
    if (next !== undefined) hidden.add(next[0]);
  }
  return Object.fromEntries(Object.entries(parts).map(([name, count]) => [name, hidden.has(name) ? null : count]));
}

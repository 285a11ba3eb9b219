import { hiddenFigures } from './hidden-figures.ts';

/** A count, or null where it is too small to be printed. */
export type Count = number | null;

/**
 * Hides counts below a limit (zero is shown), and the smallest of the others with them until none of them follows from what the
 * parts come to.
 */
export function suppressed<K extends string>(parts: Readonly<Record<K, number>>, under: number): Record<K, Count>;
export function suppressed(parts: Readonly<Record<string, number>>, under: number): Record<string, Count> {
  const counts = new Map(Object.entries(parts).map(([name, count]) => [`part ${name}`, count]));
  const sums = [{ whole: 'whole', parts: [...counts.keys()] }];
  const whole = [...counts.values()].reduce((all, count) => all + count, 0);
  const hidden = hiddenFigures({ counts: new Map([...counts, ['whole', whole]]), sums, unprinted: new Set() }, under);
  return Object.fromEntries(
    Object.entries(parts).map(([name, count]) => [name, hidden.has(`part ${name}`) ? null : count]),
  );
}

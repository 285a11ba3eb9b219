/**
 * A release as expressions and subsumption see it. Concepts are known by their position (0 to size - 1), in the order of
 * their identifiers: what works on many of them works on numbers.
 */
export interface ConceptGraph {
  readonly size: number;
  find(code: string): number | undefined;
  isActive(position: number): boolean;
  /** Targets and sources of active Is a relationships, one step. */
  readonly parents: (position: number) => Uint32Array;
  readonly children: (position: number) => Uint32Array;
  /** Members of a simple reference set, active or not; undefined when the release holds none of that set. */
  refset(code: string): Uint32Array | undefined;
  refsetCodes(): readonly string[];
}

/** Whether one concept is the other or stands anywhere above it. */
export function isAncestorOrSelf(graph: ConceptGraph, above: number, below: number): boolean {
  if (above === below) return true;
  const seen = new Set<number>();
  const queue = [below];
  while (queue.length > 0) {
    for (const parent of graph.parents(queue.pop() ?? 0)) {
      if (parent === above) return true;
      if (seen.has(parent)) continue;
      seen.add(parent);
      queue.push(parent);
    }
  }
  return false;
}

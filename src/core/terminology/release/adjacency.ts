/** Neighbours by position in two arrays: those of `p` are `neighbours` from `starts[p]` to `starts[p + 1]`. */
export interface Adjacency {
  readonly starts: Uint32Array;
  readonly neighbours: Uint32Array;
}

/** Groups pairs by their first member (a counting sort); what the same pair says twice is kept twice. */
export function adjacencyOf(size: number, from: Uint32Array, to: Uint32Array): Adjacency {
  const starts = new Uint32Array(size + 1);
  for (const position of from) starts[position + 1] = (starts[position + 1] ?? 0) + 1;
  for (let position = 0; position < size; position += 1) {
    starts[position + 1] = (starts[position + 1] ?? 0) + (starts[position] ?? 0);
  }
  const next = starts.slice();
  const neighbours = new Uint32Array(from.length);
  from.forEach((position, pair) => {
    const place = next[position] ?? 0;
    neighbours[place] = to[pair] ?? 0;
    next[position] = place + 1;
  });
  return { starts, neighbours };
}

/** The same pairs from the other end. */
export function reversed({ starts, neighbours }: Adjacency): Adjacency {
  const from = new Uint32Array(neighbours.length);
  for (let position = 0; position + 1 < starts.length; position += 1) {
    from.fill(position, starts[position], starts[position + 1]);
  }
  return adjacencyOf(starts.length - 1, neighbours, from);
}

export function neighboursOf({ starts, neighbours }: Adjacency, position: number): Uint32Array {
  return neighbours.subarray(starts[position] ?? 0, starts[position + 1] ?? 0);
}

/** A concept that stands above itself, if there is one: such a hierarchy says nothing. Depth first, without recursion. */
export function cycleIn({ starts, neighbours }: Adjacency): number | undefined {
  const size = starts.length - 1;
  const next = starts.slice(0, size);
  /** 0 not seen, 1 on the way, 2 done */
  const state = new Uint8Array(size);
  for (let root = 0; root < size; root += 1) {
    if (state[root] !== 0) continue;
    const path = [root];
    state[root] = 1;
    while (path.length > 0) {
      const here = path[path.length - 1] ?? 0;
      const place = next[here] ?? 0;
      if (place >= (starts[here + 1] ?? 0)) {
        state[here] = 2;
        path.pop();
        continue;
      }
      next[here] = place + 1;
      const other = neighbours[place] ?? 0;
      if (state[other] === 1) return other;
      if (state[other] === 0) {
        state[other] = 1;
        path.push(other);
      }
    }
  }
  return undefined;
}

/** Nodes are kept every so many levels (C2SP tlog-tiles): a proof reads at most 256 hashes of each kept level. */
export const TILE_HEIGHT = 8;

/** Leaves from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A subtree of 2^height leaves, the `index`-th of that height. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The perfect subtrees that make up a span whose start is a multiple of the largest of them, from left to right. */
export function subtreesOf({ start, end }: Span): Subtree[] {
  const found: Subtree[] = [];
  for (let at = start; at < end; ) {
    const height = heightWithin(end - at);
    found.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return found;
}

/** The perfect subtrees of a tree of this size, the largest first. */
export function edgeOf(size: number): Subtree[] {
  return subtreesOf({ start: 0, end: size });
}

/** Where the hash of a subtree is made from: so many nodes of a kept level (0: the leaves), joined in pairs. */
export function keptUnder({ height, index }: Subtree): { level: number; from: number; count: number } {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height - level * TILE_HEIGHT);
  return { level, from: index * count, count };
}

/**
 * Whose hashes prove that a leaf is in a tree: the audit path of RFC 9162 §2.1.3.1, from the leaf's sibling up.
 * @throws RangeError when the tree has no such leaf
 */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!(Number.isInteger(index) && index >= 0 && index < size)) throw new RangeError('the tree has no such leaf');
  const spans: Span[] = [];
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const middle = start + split(end - start);
    if (index < middle) {
      spans.push({ start: middle, end });
      end = middle;
    } else {
      spans.push({ start, end: middle });
      start = middle;
    }
  }
  return spans.reverse();
}

/**
 * Whose hashes prove that a tree of `later` leaves begins with the tree of `earlier`: RFC 9162 §2.1.4.1.
 * @throws RangeError when it cannot
 */
export function consistencySpans(earlier: number, later: number): Span[] {
  if (!(earlier > 0 && earlier <= later)) throw new RangeError('no tree of that size came before');
  const spans: Span[] = [];
  let [start, end] = [0, later];
  /* Until what is left of the earlier tree is a subtree of the later one. */
  while (end !== earlier) {
    const middle = start + split(end - start);
    if (earlier <= middle) {
      spans.push({ start: middle, end });
      end = middle;
    } else {
      spans.push({ start, end: middle });
      start = middle;
    }
  }
  /* Whoever asks holds the root of the earlier tree: where that itself is the subtree, it need not be told. */
  if (start > 0) spans.push({ start, end });
  return spans.reverse();
}

/** The largest power of two below a number of leaves. */
function split(leaves: number): number {
  return 2 ** heightWithin(leaves - 1);
}

/** The height of the largest perfect subtree within a number of leaves. Exact beyond 32 bits, where shifts are not. */
function heightWithin(leaves: number): number {
  let height = 0;
  while (2 ** (height + 1) <= leaves) height += 1;
  return height;
}

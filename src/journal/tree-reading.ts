import { type GrowingTree, growTree, joinSubtrees } from '../core/seal/growing-tree.ts';
import { type Hash, hashNode } from '../core/seal/hash-tree.ts';
import {
  consistencySpans,
  edgeOf,
  inclusionSpans,
  keptUnder,
  type Span,
  type Subtree,
  subtreesOf,
} from '../core/seal/subtree.ts';
import type { LogStore } from '../ports-log.ts';

/** What of the record's tree is read: its leaves and the nodes kept above them. */
type Kept = Pick<LogStore, 'logLeaves' | 'logNodes'>;

/** The record's tree misses something that belongs to it. */
export class TreeIncomplete extends Error {
  constructor(level: number, index: number) {
    super(
      level === 0
        ? `the record holds no leaf ${index} of the log's tree`
        : `the record holds no node ${index} at level ${level} of the log's tree`,
    );
  }
}

/** The tree of the first `size` leaves, ready to grow. Reads the right edge alone: a few hundred hashes, however large it is. */
export async function readTree(log: Kept, size: number): Promise<GrowingTree> {
  return growTree(size, await Promise.all(edgeOf(size).map((subtree) => hashOf(log, subtree))));
}

/** The root over the first `size` leaves, from what is kept; nothing is recomputed from entries. */
export async function rootAt(log: Kept, size: number): Promise<Hash> {
  return (await readTree(log, size)).root();
}

/** RFC 9162 §2.1.3.1 @throws RangeError, TreeIncomplete */
export function proveInclusion(log: Kept, index: number, size: number): Promise<Hash[]> {
  return hashesOf(log, inclusionSpans(index, size));
}

/** RFC 9162 §2.1.4.1 @throws RangeError, TreeIncomplete */
export function proveConsistency(log: Kept, earlier: number, later: number): Promise<Hash[]> {
  return hashesOf(log, consistencySpans(earlier, later));
}

function hashesOf(log: Kept, spans: readonly Span[]): Promise<Hash[]> {
  return Promise.all(
    spans.map(async (span) => joinSubtrees(await Promise.all(subtreesOf(span).map((one) => hashOf(log, one))))),
  );
}

async function hashOf(log: Kept, subtree: Subtree): Promise<Hash> {
  const { level, from, count } = keptUnder(subtree);
  const nodes =
    level === 0
      ? (await log.logLeaves(from, count)).filter(({ index }) => index < from + count).map(({ hash }) => hash)
      : await log.logNodes(level, from, count);
  if (nodes.length < count) throw new TreeIncomplete(level, from + nodes.length);
  return pairUp(nodes);
}

/** The root over a power of two of nodes. */
function pairUp(nodes: readonly Hash[]): Hash {
  let row = [...nodes];
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left !== undefined && right !== undefined) above.push(hashNode(left, right));
    }
    row = above;
  }
  const [root] = row;
  if (root === undefined) throw new RangeError('a subtree has leaves');
  return root;
}

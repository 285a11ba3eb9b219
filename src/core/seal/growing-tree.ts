import { emptyRoot, type Hash, hashNode } from './hash-tree.ts';
import { TILE_HEIGHT } from './subtree.ts';

/** A node that is kept beside the leaves: `level` 1 stands over 256 leaves, 2 over 65,536, and so on. */
export interface KeptNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Hash;
}

/**
 * A tree that only grows. Of all its nodes it holds the right edge alone: the roots of the perfect subtrees that the leaves
 * so far make, the largest first. So adding a leaf costs about one hash, however large the tree is.
 */
export interface GrowingTree {
  readonly size: number;
  /** Every node that is complete now and is to be kept goes to `keep`. */
  add(leaf: Hash, keep?: (node: KeptNode) => void): void;
  root(): Hash;
}

/** @param edge roots of the perfect subtrees of `size` leaves, the largest first (`edgeOf`) */
export function growTree(size = 0, edge: readonly Hash[] = []): GrowingTree {
  const nodes = [...edge];
  let leaves = size;
  return {
    get size() {
      return leaves;
    },
    add(leaf, keep) {
      let hash = leaf;
      let index = leaves;
      leaves += 1;
      for (let height = 1; index % 2 === 1; height += 1) {
        const left = nodes.pop();
        if (left === undefined) throw new Error('the edge does not belong to this size');
        hash = hashNode(left, hash);
        index = (index - 1) / 2;
        if (height % TILE_HEIGHT === 0) keep?.({ level: height / TILE_HEIGHT, index, hash });
      }
      nodes.push(hash);
    },
    root: () => joinSubtrees(nodes),
  };
}

/** The root over perfect subtrees that lie side by side, the largest first. */
export function joinSubtrees(subtrees: readonly Hash[]): Hash {
  const [last, ...before] = [...subtrees].reverse();
  if (last === undefined) return emptyRoot();
  return before.reduce((right, left) => hashNode(left, right), last);
}

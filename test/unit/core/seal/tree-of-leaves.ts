import { growTree, joinSubtrees, type KeptNode } from '../../../../src/core/seal/growing-tree.ts';
import { type Hash, hashNode } from '../../../../src/core/seal/hash-tree.ts';
import { keptUnder, type Span, type Subtree, subtreesOf } from '../../../../src/core/seal/subtree.ts';

/** A tree with its leaves and the nodes that are kept beside them, as a record holds it. */
export interface WholeTree {
  readonly root: Hash;
  readonly kept: readonly KeptNode[];
  /** The hash over a span of leaves, made from what is kept. */
  over(span: Span): Hash;
}

export function treeOf(leaves: readonly Hash[]): WholeTree {
  const tree = growTree();
  const kept: KeptNode[] = [];
  for (const leaf of leaves) tree.add(leaf, (node) => kept.push(node));
  const hashOf = (subtree: Subtree): Hash => {
    const { level, from, count } = keptUnder(subtree);
    const nodes = Array.from({ length: count }, (_, step) => {
      const hash =
        level === 0
          ? leaves[from + step]
          : kept.find((node) => node.level === level && node.index === from + step)?.hash;
      if (hash === undefined) throw new Error(`nothing is kept at level ${level}, ${from + step}`);
      return hash;
    });
    return pairUp(nodes);
  };
  return { root: tree.root(), kept, over: (span) => joinSubtrees(subtreesOf(span).map(hashOf)) };
}

function pairUp(nodes: readonly Hash[]): Hash {
  const [first, second] = nodes;
  if (first === undefined) throw new Error('a subtree has leaves');
  if (second === undefined) return first;
  const half = nodes.length / 2;
  return hashNode(pairUp(nodes.slice(0, half)), pairUp(nodes.slice(half)));
}

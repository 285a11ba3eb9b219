import fhirpath from 'fhirpath';
import type { Syntax } from './syntax.ts';

/** Trees by their text. Mappings ask the same again and again, and to parse is most of what compiling an expression takes. */
const trees = new Map<string, Syntax>();
/** Whoever tries expressions by the thousand must not be remembered for it. */
const MOST = 4_000;

/**
 * The tree of an expression. The same text gives the same tree, frozen: nobody may write into what others read.
 * Throws as the fhirpath package does when it cannot be parsed.
 */
export function parsedTree(text: string): Syntax {
  const known = trees.get(text);
  if (known !== undefined) return known;
  const tree: Syntax = frozen(fhirpath.parse(text));
  if (trees.size >= MOST) trees.clear();
  trees.set(text, tree);
  return tree;
}

function frozen(node: Syntax): Syntax {
  for (const below of node.children ?? []) frozen(below);
  if (node.children !== undefined) Object.freeze(node.children);
  return Object.freeze(node);
}

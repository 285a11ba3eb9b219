import { anyBelow, child, identifierOf, type Syntax } from '../../fhirpath/syntax.ts';

/** The types (elements begin with a small letter) that expressions begin with, outside of arguments: `Bundle` of `Bundle.entry.resource`. */
export function rootTypesIn(trees: readonly Syntax[]): ReadonlySet<string> {
  const types = new Set<string>();
  for (const tree of trees) {
    anyBelow(tree, (node) => {
      if (node.type !== 'MemberInvocation' || node.atRoot !== 1) return false;
      const name = identifierOf(child(node).text ?? '');
      if (/^[A-Z]/.test(name)) types.add(name);
      return false;
    });
  }
  return types;
}

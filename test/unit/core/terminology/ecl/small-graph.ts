import type { ConceptGraph } from '../../../../../src/core/terminology/release/concept-graph.ts';
import { syntheticIdentifier } from '../../../../fixtures/snomed/identifiers.ts';

/** A small release: each concept with its parents. `gone` is inactive. */
export interface SmallRelease {
  readonly parents: Readonly<Record<string, readonly string[]>>;
  readonly inactive: readonly string[];
  readonly refsets: Readonly<Record<string, readonly string[]>>;
}

/** The release as a graph, with plain loops; names stand for synthetic identifiers. */
export function smallGraph({ parents, inactive, refsets }: SmallRelease) {
  const names = Object.keys(parents);
  const codes = names.map((_name, position) => syntheticIdentifier('concept', position + 1));
  const position = (name: string) => names.indexOf(name);
  const positions = (some: readonly string[]) => Uint32Array.from(some.map(position));
  const codeOf = (name: string) => codes[position(name)] ?? name;
  const graph: ConceptGraph = {
    size: names.length,
    find: (code) => (codes.includes(code) ? codes.indexOf(code) : undefined),
    isActive: (at) => !inactive.includes(names[at] ?? ''),
    parents: (at) => positions(parents[names[at] ?? ''] ?? []),
    children: (at) => positions(names.filter((name) => parents[name]?.includes(names[at] ?? ''))),
    refset(code) {
      const found = Object.entries(refsets).find(([name]) => codeOf(name) === code);
      return found && positions(found[1]);
    },
    refsetCodes: () => Object.keys(refsets).map(codeOf),
  };
  return {
    graph,
    codeOf,
    /** An expression written with names, with identifiers. */
    written: (text: string) =>
      text.replaceAll(/\|[^|]*\||\/\*.*?\*\/|[a-z]+/g, (word) => (names.includes(word) ? codeOf(word) : word)),
    namesOf: (flags: Uint8Array) => names.filter((_name, at) => flags[at] === 1),
  };
}

import type { BackTranslation, Source } from './code-book.ts';
import { type ConceptMapTable, tokenOf } from './concept-map.ts';
import { inverseOf, keepsMeaning } from './equivalence.ts';
import type { MapStamp } from './map-stamp.ts';

/**
 * The way back through concept maps, the first of which decides where several know a code (a partner's own, then the
 * general one). Only one code that means the same is a match: what was narrowed on the way cannot be widened again.
 */
export function translateBack(tables: readonly ConceptMapTable[], system: string, code: string): BackTranslation {
  const decided = new Set<string>();
  const sources: Source[] = [];
  let map: MapStamp | undefined;
  for (const table of tables) {
    for (const [token, one] of table) {
      if (decided.has(token)) continue;
      if (one.kind !== 'match' || tokenOf(one.system, one.code) !== tokenOf(system, code)) continue;
      map ??= one.map;
      const bar = token.lastIndexOf('|');
      const equivalence = inverseOf(one.equivalence);
      sources.push({ system: token.slice(0, bar), code: token.slice(bar + 1), equivalence });
    }
    for (const token of table.keys()) decided.add(token);
  }
  if (sources.length === 0) return { kind: 'unknown' };
  const same = sources.filter(({ equivalence }) => keepsMeaning(equivalence));
  const [only, second] = same;
  const stamp = map ?? { url: '' };
  // Others that were narrowed to the word take nothing from the one that it stands for.
  if (only !== undefined && second === undefined) return { kind: 'match', source: only, map: stamp };
  return { kind: 'narrowed', sources, map: stamp };
}

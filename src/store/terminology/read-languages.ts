import { type ConceptIndex, findIn, indexOf } from '../../core/terminology/release/concept-index.ts';
import { GB_ENGLISH, PREFERRED } from '../../core/terminology/release/metadata.ts';
import { GrowingIdentifiers } from '../../core/terminology/rf2/growing-array.ts';
import { type Reading, readRows } from './read-rows.ts';

/** How much a description is preferred: 3 by a national language reference set, 2 by GB English, 1 by another one, 0 by none. */
export type Preference = (description: string) => number;

/** Which descriptions the language reference sets of a release prefer. */
export async function readLanguages(reading: Reading): Promise<Preference> {
  const byRank = [new GrowingIdentifiers(), new GrowingIdentifiers(), new GrowingIdentifiers()];
  await readRows('languages', reading, ({ row: [, , active, , refset = '', description = '', acceptability] }) => {
    if (active === '1' && acceptability === PREFERRED) byRank[rankOf(refset) - 1]?.push(description);
  });
  const ranked = byRank
    .map((identifiers, place): [number, ConceptIndex] => [place + 1, indexOf(identifiers.values())])
    .reverse();
  return (description) => ranked.find(([, index]) => findIn(index, description) !== undefined)?.[0] ?? 0;
}

/** A reference set with a namespace of its own (partition 10) is a national one. */
function rankOf(refset: string): number {
  if (refset.slice(-3, -1) === '10') return 3;
  return refset === GB_ENGLISH ? 2 : 1;
}

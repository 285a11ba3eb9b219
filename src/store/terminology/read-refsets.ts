import { findIn } from '../../core/terminology/release/concept-index.ts';
import { GrowingUint32 } from '../../core/terminology/rf2/growing-array.ts';
import type { Concepts } from './read-concepts.ts';
import { type Reading, readRows } from './read-rows.ts';
import type { ReleaseFile } from './release-file.ts';

/** Members by reference set; a member that is no concept of the release (a description, say) is counted and left out. */
export async function readSimpleRefsets(
  concepts: Concepts,
  reading: Reading,
): Promise<{ readonly members: ReadonlyMap<string, Uint32Array>; readonly leftOut: number }> {
  const growing = new Map<string, GrowingUint32>();
  let leftOut = 0;
  await readRows('simpleRefsets', reading, ({ row: [, , active, , refset = '', component = ''] }) => {
    if (active !== '1') return;
    const concept = findIn(concepts.index, component);
    if (concept === undefined) leftOut += 1;
    const members = growing.get(refset) ?? new GrowingUint32();
    growing.set(refset, members);
    if (concept !== undefined) members.push(concept);
  });
  const members = [...growing].map(([refset, values]): [string, Uint32Array] => [
    refset,
    Uint32Array.from(new Set(values.values().slice().sort())),
  ]);
  return { members: new Map(members), leftOut };
}

/** Historical associations and reasons of inactive concepts, and maps to other code systems, written row by row. */
export async function readOtherRefsets(concepts: Concepts, reading: Reading, file: ReleaseFile): Promise<void> {
  await readRows('associations', reading, ({ row: [, , active, , refset = '', component = '', target = ''] }) => {
    const concept = active === '1' ? findIn(concepts.index, component) : undefined;
    if (concept !== undefined) file.addAssociation({ concept, refset, target });
  });
  await readRows('attributeValues', reading, ({ row: [, , active, , refset = '', component = '', value = ''] }) => {
    const concept = active === '1' ? findIn(concepts.index, component) : undefined;
    if (concept !== undefined) file.addAttribute({ concept, refset, value });
  });
  await readRows('simpleMaps', reading, ({ row: [, , active, , refset = '', component = '', target = ''] }) => {
    const concept = active === '1' ? findIn(concepts.index, component) : undefined;
    if (concept !== undefined) file.addMapped({ concept, refset, target });
  });
}

import type { SnomedRelease } from '../release/snomed-release.ts';
import { asObject, type JsonObject, objectsOf, textIn } from '../resource-flaw.ts';

/** What codes are answered from. */
export interface RunsOn {
  readonly edition?: string;
  readonly version?: string;
  readonly concepts?: number;
  /** Value sets that take their members from a reference set: from the release when it has them, else what is listed serves. */
  readonly referenceSets: readonly {
    readonly valueSet: string;
    readonly refset: string;
    readonly from: 'release' | 'starter';
  }[];
}

export function runsOn(resources: readonly JsonObject[], release: SnomedRelease | undefined): RunsOn {
  const referenceSets = resources
    .filter((one) => textIn(one, 'resourceType') === 'ValueSet')
    .flatMap((one) =>
      refsetsOf(one).map((refset) => ({
        valueSet: textIn(one, 'id') ?? '',
        refset,
        from: release?.refset(refset) === undefined ? ('starter' as const) : ('release' as const),
      })),
    );
  if (release === undefined) return { referenceSets };
  const { edition, version, size } = release;
  return { edition, version, concepts: size, referenceSets };
}

/** The same in words. */
export function runsOnText({ edition, version, concepts, referenceSets }: RunsOn): string {
  const base =
    edition === undefined
      ? 'Codes: the starter set; no SNOMED CT release is loaded.'
      : `Codes: SNOMED CT edition ${edition}, ${version}, ${concepts} concepts.`;
  const sets = referenceSets.map(({ valueSet, refset, from }) => `${valueSet} (${refset}): ${from}`);
  return sets.length === 0 ? base : `${base} Reference sets: ${sets.join(', ')}.`;
}

function refsetsOf(valueSet: JsonObject): string[] {
  return objectsOf(asObject(valueSet['compose'])?.['include']).flatMap(({ object }) =>
    objectsOf(object['filter']).flatMap(({ object: filter }) =>
      textIn(filter, 'property') === 'concept' && textIn(filter, 'op') === 'in' ? (textIn(filter, 'value') ?? []) : [],
    ),
  );
}

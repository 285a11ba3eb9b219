import type { ParametersParameter } from 'fhir/r4.js';
import { SNOMED_SYSTEM } from '../../referral.ts';
import { HISTORICAL } from '../release/metadata.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';
import { type JsonObject, objectsOf, textIn } from '../resource-flaw.ts';
import type { GivenCoding } from './given.ts';
import { isEdition } from './value-sets.ts';

interface Match {
  readonly equivalence: string;
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
  readonly source: string;
  readonly comment?: string;
}

const NO_COUNTERPART = new Set(['unmatched', 'disjoint']);
const TURNED: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/** What a ConceptMap says of codes; `reverse` reads it from its targets. */
export function mapMatches(
  map: JsonObject,
  codings: readonly GivenCoding[],
  reverse: boolean,
  target?: string,
): Match[] {
  const source = textIn(map, 'url') ?? '';
  return objectsOf(map['group']).flatMap(({ object: group }) => {
    const from = textIn(group, reverse ? 'target' : 'source');
    const to = textIn(group, reverse ? 'source' : 'target');
    const asked = codings.filter(({ system }) => system === undefined || system === from).map(({ code }) => code);
    if (asked.length === 0 || (target !== undefined && to !== target)) return [];
    return objectsOf(group['element']).flatMap(({ object: element }) =>
      objectsOf(element['target']).flatMap(({ object: end }): Match[] => {
        const equivalence = textIn(end, 'equivalence') ?? 'relatedto';
        const [here, there] = reverse ? [end, element] : [element, end];
        if (!asked.includes(textIn(here, 'code') ?? '') || (reverse && NO_COUNTERPART.has(equivalence))) return [];
        const [code, display, comment] = [textIn(there, 'code'), textIn(there, 'display'), textIn(end, 'comment')];
        return [
          {
            equivalence: reverse ? (TURNED[equivalence] ?? equivalence) : equivalence,
            source,
            ...(code !== undefined && to !== undefined && { system: to, code }),
            ...(display !== undefined && { display }),
            ...(comment !== undefined && { comment }),
          },
        ];
      }),
    );
  });
}

/**
 * The implicit concept maps of a release, `http://snomed.info/sct?fhir_cm=[reference set]` (R4 snomedct.html §4.3.1.0.7):
 * historical associations and simple maps. Undefined when the release has none of that reference set.
 */
export function implicitMatches(
  url: string,
  codings: readonly GivenCoding[],
  reverse: boolean,
  release: SnomedRelease | undefined,
): Match[] | undefined {
  const [, edition = '', refset = ''] = /^(http:\/\/snomed\.info\/sct[^?]*)\?fhir_cm=(\d+)$/.exec(url) ?? [];
  if (release === undefined || refset === '' || !isEdition(edition, release)) return undefined;
  const historical = HISTORICAL.get(refset);
  if (historical === undefined && !release.hasMap(refset)) return undefined;
  return codings.flatMap(({ code }): Match[] => {
    if (reverse && historical === undefined) {
      return release
        .mapSources(refset, code)
        .map((position) => snomedMatch(release.codeOf(position), 'relatedto', url, release));
    }
    const position = release.find(code);
    if (position === undefined || reverse) return [];
    if (historical === undefined) {
      return release
        .mapTargets(refset, position)
        .map((target) => ({ equivalence: 'relatedto', code: target, source: url }));
    }
    const targets = release.associations(position).filter((one) => one.refset === refset);
    return targets.map(({ target }) => snomedMatch(target, historical.equivalence, url, release));
  });
}

function snomedMatch(code: string, equivalence: string, source: string, release: SnomedRelease): Match {
  const position = release.find(code);
  const display = position === undefined ? undefined : release.display(position);
  return { equivalence, system: SNOMED_SYSTEM, code, source, ...(display !== undefined && { display }) };
}

/** The answer of $translate: whether something matches, and every match with its equivalence and its map. */
export function translationParameters(matches: readonly Match[]): ParametersParameter[] {
  const found = matches.some(({ equivalence, code }) => code !== undefined && !NO_COUNTERPART.has(equivalence));
  return [
    { name: 'result', valueBoolean: found },
    ...(matches.length === 0 ? [{ name: 'message', valueString: 'No map says anything of this code.' }] : []),
    ...matches.map(({ equivalence, system, code, display, source, comment }) => ({
      name: 'match',
      part: [
        { name: 'equivalence', valueCode: equivalence },
        ...(code === undefined
          ? []
          : [
              {
                name: 'concept',
                valueCoding: {
                  ...(system !== undefined && { system }),
                  code,
                  ...(display !== undefined && { display }),
                },
              },
            ]),
        ...(comment === undefined ? [] : [{ name: 'comment', valueString: comment }]),
        { name: 'source', valueUri: source },
      ],
    })),
  ];
}

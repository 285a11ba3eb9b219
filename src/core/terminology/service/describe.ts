import type { ParametersParameter } from 'fhir/r4.js';
import { SNOMED_SYSTEM } from '../../referral.ts';
import { HISTORICAL } from '../release/metadata.ts';
import type { SnomedRelease } from '../release/snomed-release.ts';
import type { ListedConcept, ListedSystem } from './code-systems.ts';

/** A property of $lookup with its parts. */
function property(code: string, value: Omit<ParametersParameter, 'name'>, description?: string): ParametersParameter {
  return {
    name: 'property',
    part: [
      { name: 'code', valueCode: code },
      { name: 'value', ...value },
      ...(description === undefined ? [] : [{ name: 'description', valueString: description }]),
    ],
  };
}

function designation(value: string, language?: string, use?: string): ParametersParameter {
  return {
    name: 'designation',
    part: [
      ...(language === undefined || language === '' ? [] : [{ name: 'language', valueCode: language }]),
      ...(use === undefined ? [] : [{ name: 'use', valueCoding: { system: SNOMED_SYSTEM, display: use } }]),
      { name: 'value', valueString: value },
    ],
  };
}

const USES = { name: 'Fully specified name', synonym: 'Synonym', definition: 'Definition' } as const;

/** $lookup of a concept in the loaded release. An inactive one says why and what replaces it. */
export function describeConcept(release: SnomedRelease, position: number): ParametersParameter[] {
  const concept = (other: number) => ({
    valueCoding: { system: SNOMED_SYSTEM, code: release.codeOf(other), ...shown(release.display(other)) },
  });
  return [
    { name: 'name', valueString: 'SNOMED CT' },
    { name: 'version', valueString: release.version },
    { name: 'display', valueString: release.display(position) ?? release.codeOf(position) },
    ...release.designations(position).map(({ term, language, use }) => designation(term, language, USES[use])),
    property('inactive', { valueBoolean: !release.isActive(position) }),
    property('sufficientlyDefined', { valueBoolean: release.isDefined(position) }),
    property('effectiveTime', { valueString: release.effectiveTime(position) }),
    ...[...release.parents(position)].map((parent) => property('parent', concept(parent))),
    ...[...release.children(position)].map((child) => property('child', concept(child))),
    ...(release.isActive(position) ? [] : historyOf(release, position)),
  ];
}

function historyOf(release: SnomedRelease, position: number): ParametersParameter[] {
  const reasons = release.inactivationReasons(position).map((code) => {
    const reason = release.find(code);
    return property('inactivationReason', {
      valueCoding: {
        system: SNOMED_SYSTEM,
        code,
        ...shown(reason === undefined ? undefined : release.display(reason)),
      },
    });
  });
  const replacements = release.associations(position).map(({ refset, target }) => {
    const other = release.find(target);
    return property(
      refset,
      {
        valueCoding: {
          system: SNOMED_SYSTEM,
          code: target,
          ...shown(other === undefined ? undefined : release.display(other)),
        },
      },
      HISTORICAL.get(refset)?.name,
    );
  });
  return [...reasons, ...replacements];
}

function shown(display: string | undefined): { display?: string } {
  return display === undefined ? {} : { display };
}

/** $lookup of a code that a file of the terminology directory lists. */
export function describeListed(system: ListedSystem, concept: ListedConcept, url: string): ParametersParameter[] {
  return [
    { name: 'name', valueString: url === SNOMED_SYSTEM ? 'SNOMED CT' : system.name },
    ...(system.version === undefined ? [] : [{ name: 'version', valueString: system.version }]),
    { name: 'display', valueString: concept.display ?? concept.code },
    ...concept.designations.map((value) => designation(value)),
    ...(concept.definition === undefined ? [] : [property('definition', { valueString: concept.definition })]),
    ...concept.parents.map((code) => property('parent', { valueCode: code })),
  ];
}

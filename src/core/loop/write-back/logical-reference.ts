import type { FhirResource, Identifier, Reference } from 'fhir/r4.js';
import { byName } from '../../dossier-index.ts';
import { isNhsNumberSystem } from '../../fhir/nhs-number.ts';
import { type Dossier, NHS_NUMBER_SYSTEM, ODS_SYSTEM, REFERRAL_ID_SYSTEM } from '../../referral.ts';

/**
 * References that mean something in somebody else's system: by identifier (http://hl7.org/fhir/R4/references.html#logical),
 * because the other side's ids are not ours and ours are not theirs.
 */
export function logicalReference(reference: Reference, dossier: Dossier): Reference {
  const target = byName(dossier).get(reference.reference ?? '');
  if (target === undefined) return withoutLiteral(reference);
  const identifier = identifierOf(target);
  // A patient's name is not needed to find the patient.
  const display = target.resourceType === 'Patient' ? undefined : (reference.display ?? titleOf(target));
  return {
    type: target.resourceType,
    ...(identifier && { identifier }),
    ...(display && { display }),
  };
}

/** The patient's identifier to be known by: the NHS number, otherwise the first that the referrer gave. */
export function patientIdentifier(identifiers: readonly Identifier[] | undefined): Identifier | undefined {
  const nhs = identifiers?.find((identifier) => isNhsNumberSystem(identifier.system) && identifier.value !== undefined);
  if (nhs?.value !== undefined) return { system: NHS_NUMBER_SYSTEM, value: nhs.value };
  return identifiers?.find((identifier) => identifier.system !== undefined && identifier.value !== undefined);
}

function identifierOf(resource: FhirResource): Identifier | undefined {
  if (resource.resourceType === 'Patient') return bare(patientIdentifier(resource.identifier));
  const held: Identifier | readonly Identifier[] | undefined =
    'identifier' in resource ? resource.identifier : undefined;
  const list: readonly Identifier[] = held === undefined ? [] : isList(held) ? held : [held];
  return bare(list.find(({ system }) => system === REFERRAL_ID_SYSTEM || system === ODS_SYSTEM) ?? list[0]);
}

function isList(held: Identifier | readonly Identifier[]): held is readonly Identifier[] {
  return Array.isArray(held);
}

function bare(identifier: Identifier | undefined): Identifier | undefined {
  if (identifier?.value === undefined) return undefined;
  return { ...(identifier.system && { system: identifier.system }), value: identifier.value };
}

function titleOf(resource: FhirResource): string | undefined {
  return 'name' in resource && typeof resource.name === 'string' ? resource.name : undefined;
}

function withoutLiteral({ reference, ...words }: Reference): Reference {
  const type = words.type ?? /^([A-Z][A-Za-z]+)\//.exec(reference ?? '')?.[1];
  return {
    ...(type && { type }),
    ...words,
    ...(type === undefined && Object.keys(words).length === 0 && { display: 'not sent along' }),
  };
}

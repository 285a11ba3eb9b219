import type {
  Bundle,
  BundleEntry,
  CodeableConcept,
  Consent,
  FhirResource,
  Observation,
  Provenance,
  ProvenanceAgent,
  Task,
} from 'fhir/r4.js';
import { type Dossier, FHIR_BASE, LOOP_STATE_SYSTEM, ofType, SNOMED_SYSTEM } from '../../referral.ts';

/** How little of a referral may go to the GP, as Consent.provision.securityLabel says it. */
const DISCLOSURE_SYSTEM = `${FHIR_BASE}/CodeSystem/disclosure`;
const CODES_ONLY = 'codes-only';

/** Whether the person agreed to codes alone. */
export function agreedToCodesOnly(dossier: Dossier): boolean {
  return ofType(dossier, 'Consent').some(saysCodesOnly);
}

function saysCodesOnly({ status, provision }: Consent): boolean {
  const labels = provision?.securityLabel ?? [];
  return status === 'active' && labels.some(({ system, code }) => system === DISCLOSURE_SYSTEM && code === CODES_ONLY);
}

/**
 * A write-back without any free text: of the Task its state, of Observations those with a SNOMED CT code, with code, value and
 * date; nothing of what was filled in a form, and no name but that of an organisation. An entry that is only words is left
 * out, with what points at it. The same input gives the same bytes; what is given is not changed.
 */
export function codesOnly(bundle: Bundle<FhirResource>): Bundle<FhirResource> {
  const kept = (bundle.entry ?? []).flatMap((entry): BundleEntry<FhirResource>[] => {
    const resource = entry.resource && lean(entry.resource);
    return resource === undefined ? [] : [{ ...entry, resource }];
  });
  const there = new Set(kept.map(({ fullUrl }) => fullUrl));
  return { ...bundle, entry: kept.flatMap((entry) => pointingOnlyAt(entry, there)) };
}

function lean(resource: FhirResource): FhirResource | undefined {
  switch (resource.resourceType) {
    case 'Task':
      return leanTask(resource);
    case 'Observation':
      return leanObservation(resource);
    case 'Provenance':
      return leanProvenance(resource);
    default:
      return undefined;
  }
}

/** Allow-list, as everywhere that something leaves. */
function leanTask({ resourceType, meta, identifier, status, businessStatus, intent, priority, ...rest }: Task): Task {
  const { code, focus, for: subject, authoredOn, lastModified } = rest;
  const state = businessStatus?.coding?.filter(({ system }) => system === LOOP_STATE_SYSTEM);
  return {
    resourceType,
    ...(meta && { meta }),
    ...(identifier && { identifier }),
    status,
    ...(state && { businessStatus: { coding: state } }),
    intent,
    ...(priority && { priority }),
    ...(code && { code: coded(code) }),
    ...(focus && { focus }),
    ...(subject && { for: subject }),
    ...(authoredOn && { authoredOn }),
    ...(lastModified && { lastModified }),
  };
}

function leanObservation(observation: Observation): Observation | undefined {
  const { resourceType, meta, identifier, basedOn, status, code, subject, performer = [] } = observation;
  const { effectiveDateTime, effectivePeriod, valueQuantity, valueInteger, valueBoolean, valueCodeableConcept } =
    observation;
  const concept = coded(code);
  if ((concept.coding ?? []).length === 0) return undefined;
  const organisations = performer.filter(({ type }) => type === 'Organization');
  return {
    resourceType,
    ...(meta && { meta }),
    ...(identifier && { identifier }),
    ...(basedOn && { basedOn }),
    status,
    code: concept,
    ...(subject && { subject }),
    ...(effectiveDateTime && { effectiveDateTime }),
    ...(effectivePeriod && { effectivePeriod }),
    ...(organisations.length > 0 && { performer: organisations }),
    ...(valueQuantity && { valueQuantity }),
    ...(valueInteger !== undefined && { valueInteger }),
    ...(valueBoolean !== undefined && { valueBoolean }),
    ...(valueCodeableConcept && { valueCodeableConcept: coded(valueCodeableConcept) }),
  };
}

function coded({ coding = [] }: CodeableConcept): CodeableConcept {
  return { coding: coding.filter(({ system }) => system === SNOMED_SYSTEM) };
}

/** The organisation speaks for its worker. */
function leanProvenance({ agent, ...rest }: Provenance): Provenance {
  const spoken = agent.map(({ who, onBehalfOf, ...one }): ProvenanceAgent => ({ ...one, who: onBehalfOf ?? who }));
  return { ...rest, agent: spoken };
}

function pointingOnlyAt(
  entry: BundleEntry<FhirResource>,
  there: ReadonlySet<string | undefined>,
): BundleEntry<FhirResource>[] {
  const { resource } = entry;
  if (resource?.resourceType !== 'Provenance') return [entry];
  const isThere = (reference: string | undefined) =>
    reference?.startsWith('urn:uuid:') !== true || there.has(reference);
  const [first, ...rest] = resource.target.filter(({ reference }) => isThere(reference));
  return first === undefined ? [] : [{ ...entry, resource: { ...resource, target: [first, ...rest] } }];
}

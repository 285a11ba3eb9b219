import type { Bundle, FhirResource } from 'fhir/r4.js';

/**
 * A referral and its dossier. The dossier is what the referral consists of now: FHIR R4 resources that all carry
 * server-assigned ids and refer to each other by relative url (`Patient/0198…`). There is no private clinical model.
 */

/** One number to find what we own: the identifier system of Hearback's referral id, on ServiceRequest and Task. */
export const FHIR_BASE = 'https://hearback.example/fhir';
export const REFERRAL_ID_SYSTEM = `${FHIR_BASE}/Id/referral`;
/** Identifies one thing that we wrote back, so that writing it again changes nothing. */
export const ENTRY_ID_SYSTEM = `${FHIR_BASE}/Id/entry`;
/** The canonical words of core/loop/event.ts as Task.businessStatus. */
export const LOOP_STATE_SYSTEM = `${FHIR_BASE}/CodeSystem/loop-state`;
export const NHS_NUMBER_SYSTEM = 'https://fhir.nhs.uk/Id/nhs-number';
export const ODS_SYSTEM = 'https://fhir.nhs.uk/Id/ods-organization-code';
export const SNOMED_SYSTEM = 'http://snomed.info/sct';

export interface Referral {
  readonly id: string;
  /** Counts up with every committed step; a step decided from an older version is decided again. */
  readonly version: number;
  /** Partner id of the GP system that referred. */
  readonly referrer: string;
  /** Partner ids of the platforms it was sent to, in order of sending. */
  readonly platforms: readonly string[];
  readonly parentTask: string;
  readonly status: 'open' | 'closed';
  readonly openedAt: string;
  readonly closedAt?: string;
  /** UTC instant of the earliest open promise's deadline; absent when nothing is owed. */
  readonly nextDueAt?: string;
}

/** One version of one resource of a dossier. `resource.id`, `.meta.versionId` and `.meta.lastUpdated` are filled. */
export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly referral: string;
  /** UTC instant, equal to meta.lastUpdated. */
  readonly lastUpdated: string;
  readonly resource: FhirResource;
  /** Search parameter values, as core/fhir/search-index.ts computes them. */
  readonly index: readonly SearchEntry[];
}

/** `param` as R4 names it (`patient.identifier` for the chained one); `value` as it is compared (`system|code`, `Patient/1`, an instant). */
export interface SearchEntry {
  readonly param: string;
  readonly value: string;
}

/** The dossier as the collection Bundle that mappings read: entries in a fixed order (by type, then id). */
export type Dossier = Bundle<FhirResource>;

/** Picks the resources of one type out of a dossier, in the dossier's order. */
export function ofType<T extends FhirResource['resourceType']>(
  dossier: Dossier,
  type: T,
): Extract<FhirResource, { resourceType: T }>[] {
  const found: Extract<FhirResource, { resourceType: T }>[] = [];
  for (const entry of dossier.entry ?? []) {
    if (entry.resource?.resourceType === type) found.push(entry.resource as Extract<FhirResource, { resourceType: T }>);
  }
  return found;
}

/** Whether a value is a resource of this type. Says nothing of its elements: that is the structural check's business. */
export function isResourceType<T extends FhirResource['resourceType']>(
  value: unknown,
  type: T,
): value is Extract<FhirResource, { resourceType: T }> {
  return typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === type;
}

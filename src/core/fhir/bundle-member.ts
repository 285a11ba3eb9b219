import type { Bundle, BundleEntryRequest, FhirResource } from 'fhir/r4.js';

/** One resource of the content that a sender handed over, and where it stood. */
export interface Member {
  /** As sent, without `contained`. Never changed. */
  readonly resource: FhirResource;
  /** FHIRPath of it in the content (`Bundle.entry[2].resource`); only the type for a stored one. */
  readonly at: string;
  readonly origin: 'entry' | 'contained' | 'stored';
  /** Position in Bundle.entry, from 0. */
  readonly entry?: number;
  readonly fullUrl?: string;
  readonly request?: BundleEntryRequest;
  /** Where a contained resource was. */
  readonly container?: Member;
  /** A contained resource that says the same as this one, which stands for both. */
  readonly sameAs?: Member;
}

/** A Bundle whose entries are resources of R4. */
export function isBundle(resource: FhirResource): resource is Bundle<FhirResource> {
  return resource.resourceType === 'Bundle';
}

import type { BundleEntry, FhirResource } from 'fhir/r4.js';
import { type Dossier, isResourceType } from '../referral.ts';

/** Whether a mapping made a Bundle with a list of entries. What stands in it the structural check must say. */
export function isDossier(value: unknown): value is Dossier {
  return isResourceType(value, 'Bundle') && (value.entry === undefined || Array.isArray(value.entry));
}

/**
 * A dossier that a mapping made (a collection, or a bundle without a type) as the transaction that a GP system would have sent:
 * the same rules can then be asked of it. What is none is given back as it is, and the rules say so.
 */
export function asTransaction(made: unknown): unknown {
  if (!isDossier(made)) return made;
  return { ...made, type: 'transaction', ...(made.entry !== undefined && { entry: made.entry.map(asCreate) }) };
}

function asCreate(entry: BundleEntry<FhirResource>): BundleEntry<FhirResource> {
  const type = entry?.resource?.resourceType;
  return type === undefined ? entry : { ...entry, request: { method: 'POST', url: type } };
}

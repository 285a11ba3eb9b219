import type { FhirResource } from 'fhir/r4.js';
import { byName } from '../core/dossier-index.ts';
import { indexOf } from '../core/fhir/search-index.ts';
import type { Dossier, StoredResource } from '../core/referral.ts';
import type { Snapshot } from './snapshot.ts';

/** `Type/id`. */
export function nameOf(resource: FhirResource): string {
  return `${resource.resourceType}/${resource.id}`;
}

/** The dossier with these resources in it, each in place of its earlier content; entries by type, then id. */
export function dossierWith(dossier: Dossier, resources: readonly FhirResource[]): Dossier {
  if (resources.length === 0) return dossier;
  const all = new Map(
    (dossier.entry ?? []).flatMap(({ resource }) => (resource ? [[nameOf(resource), resource]] : [])),
  );
  for (const resource of resources) all.set(nameOf(resource), resource);
  const sorted = [...all].sort(([one], [other]) => (one < other ? -1 : 1));
  return { ...dossier, entry: sorted.map(([, resource]) => ({ resource })) };
}

/** The next version of a resource as the record keeps it. The version follows the one the step read, so a step that raced another is found stale. */
export function toStored(
  resource: FhirResource,
  before: Pick<Snapshot, 'dossier'> & { readonly referral: Pick<Snapshot['referral'], 'id'> },
  after: { readonly dossier: Dossier; readonly now: string },
): StoredResource {
  const id = resource.id;
  if (id === undefined) throw new Error(`a ${resource.resourceType} without an id cannot be stored`);
  const former = byName(before.dossier).get(nameOf(resource));
  const version = Number(former?.meta?.versionId ?? 0) + 1;
  const meta = { ...resource.meta, versionId: String(version), lastUpdated: after.now };
  const kept: FhirResource = { ...resource, meta };
  return {
    type: resource.resourceType,
    id,
    version,
    referral: before.referral.id,
    lastUpdated: after.now,
    resource: kept,
    index: indexOf(kept, (reference) => byName(after.dossier).get(reference)),
  };
}

import type { FhirResource } from 'fhir/r4.js';
import { type Dossier, FHIR_BASE, type SearchEntry, type StoredResource } from '../../core/referral.ts';
import { type Bindings, integer, json, type Row, text } from './row.ts';

export function toResource(row: Row): StoredResource {
  return {
    type: text(row, 'type'),
    id: text(row, 'id'),
    version: integer(row, 'version'),
    referral: text(row, 'referral'),
    lastUpdated: text(row, 'last_updated'),
    resource: json<FhirResource>(row, 'body'),
    index: json<SearchEntry[]>(row, 'search_entries'),
  };
}

/** The current resources of one referral. What they are searched by is not read: it is more than they are. */
export function toDossier(rows: readonly Row[]): Dossier {
  const entry = rows.map((row) => ({
    fullUrl: `${FHIR_BASE}/${text(row, 'type')}/${text(row, 'id')}`,
    resource: json<FhirResource>(row, 'body'),
  }));
  return { resourceType: 'Bundle', type: 'collection', entry };
}

export function fromResource(resource: StoredResource): Bindings {
  return {
    type: resource.type,
    id: resource.id,
    version: resource.version,
    referral: resource.referral,
    lastUpdated: resource.lastUpdated,
    body: JSON.stringify(resource.resource),
    searchEntries: JSON.stringify(resource.index),
  };
}

export function fromSearchEntry(resource: StoredResource, entry: SearchEntry): Bindings {
  const { type, id } = resource;
  const code = entry.value.slice(entry.value.lastIndexOf('|') + 1);
  return { type, id, param: entry.param, value: entry.value, code };
}

import type { FhirResource } from 'fhir/r4.js';
import type { SearchEntry, StoredResource } from '../../core/referral.ts';
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

import type { FhirResource } from 'fhir/r4.js';
import { indexOf } from '../../../../src/core/fhir/search-index.ts';
import type { Referral, StoredResource } from '../../../../src/core/referral.ts';
import type { ResourcePage, ResourceQuery, SearchCondition } from '../../../../src/ports-queries.ts';
import type { Store } from '../../../../src/ports-record.ts';

/** A record in memory with as much of the Store as the FHIR endpoint asks of it. */
export interface MemoryRecord extends Pick<Store, 'resource' | 'search' | 'referral'> {
  readonly queries: ResourceQuery[];
  add(resource: FhirResource, given: { readonly referral: string; readonly at: string }): StoredResource;
  addReferral(id: string, referrer: string): void;
}

export function memoryRecord(): MemoryRecord {
  const resources = new Map<string, StoredResource>();
  const referrals = new Map<string, Referral>();
  const queries: ResourceQuery[] = [];
  const known = (reference: string) => resources.get(reference)?.resource;
  return {
    queries,
    addReferral(id, referrer) {
      const openedAt = '2026-11-21T09:00:00.000Z';
      referrals.set(id, { id, version: 1, referrer, platforms: [], parentTask: 'x', status: 'open', openedAt });
    },
    add(resource, { referral, at }) {
      const id = resource.id ?? '';
      const key = `${resource.resourceType}/${id}`;
      const version = (resources.get(key)?.version ?? 0) + 1;
      const whole: FhirResource = { ...resource, meta: { versionId: String(version), lastUpdated: at } };
      const index = indexOf(whole, known);
      const stored = { type: resource.resourceType, id, version, referral, lastUpdated: at, resource: whole, index };
      resources.set(key, stored);
      return stored;
    },
    resource: async (type, id) => resources.get(`${type}/${id}`),
    referral: async (id) => referrals.get(id),
    async search(query) {
      queries.push(query);
      const mine = [...resources.values()].filter((one) => referrals.get(one.referral)?.referrer === query.referrer);
      return pageOf(mine, query);
    },
  };
}

function pageOf(mine: readonly StoredResource[], query: ResourceQuery): ResourcePage {
  const place = (one: StoredResource) => `${one.lastUpdated}|${one.id}`;
  const all = mine
    .filter((one) => one.type === query.type && query.where.every((condition) => holds(one, condition)))
    .sort((one, other) => (place(one) < place(other) ? -1 : 1));
  const rest = all.filter((one) => query.after === undefined || place(one) > query.after);
  const resources = rest.slice(0, query.limit);
  const last = resources.at(-1);
  const next = last !== undefined && rest.length > resources.length ? { next: place(last) } : {};
  return { total: all.length, resources, ...next };
}

function holds(one: StoredResource, { param, values, compare }: SearchCondition): boolean {
  const own = one.index.filter((entry) => entry.param === param).map((entry) => entry.value);
  switch (compare) {
    case 'missing':
      return own.length === 0;
    case 'present':
      return own.length > 0;
    case 'equal':
      return own.some((value) => values.includes(value));
    case 'code':
      return own.some((value) => values.includes(value.slice(value.lastIndexOf('|') + 1)));
    default:
      return own.some((value) => values.some((other) => compares(compare, value, other)));
  }
}

function compares(compare: 'ge' | 'gt' | 'le' | 'lt', value: string, other: string): boolean {
  if (compare === 'ge') return value >= other;
  if (compare === 'gt') return value > other;
  return compare === 'le' ? value <= other : value < other;
}

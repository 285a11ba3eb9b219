import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { findOnShelf, type Kept, type Shelf } from './shelf.ts';

export interface Filed {
  /** The record after the transaction. */
  readonly shelf: Shelf;
  readonly response: Bundle;
}

/** Why nothing was filed. */
export interface Refused {
  readonly status: 400 | 412;
  readonly expression: string;
  readonly why: string;
}

/** Where an entry goes. */
interface Target {
  readonly name: string;
  /** True for a conditional create that met its match: R4 leaves what is there untouched. */
  readonly leave: boolean;
}

/**
 * Files a transaction whole or not at all (R4 http §3.1.0.11): conditional creates and updates by identifier, updates to an id
 * that the client chose, plain creates. References to `fullUrl`s of the same transaction become references to what was filed.
 * What is the same as before gets no new version.
 */
export function fileTransaction(before: Shelf, bundle: Bundle<FhirResource>, newId: () => string): Filed | Refused {
  const targets: Target[] = [];
  for (const [index, entry] of (bundle.entry ?? []).entries()) {
    const target = targetOf(before, entry, newId);
    if ('why' in target) return { ...target, expression: `Bundle.entry[${index}].request` };
    targets.push(target);
  }
  const names = new Map((bundle.entry ?? []).map((entry, index) => [entry.fullUrl ?? '', targets[index]?.name ?? '']));
  const shelf: Shelf = new Map(before);
  const entry = (bundle.entry ?? []).flatMap(({ resource }, index): BundleEntry[] => {
    const target = targets[index];
    return target === undefined || resource === undefined ? [] : [put(shelf, target, relinked(resource, names))];
  });
  return { shelf, response: { resourceType: 'Bundle', type: 'transaction-response', entry } };
}

function targetOf(
  shelf: Shelf,
  entry: BundleEntry<FhirResource>,
  newId: () => string,
): Target | Omit<Refused, 'expression'> {
  const { resource, request } = entry;
  if (resource === undefined || request === undefined) return { status: 400, why: 'resource and request are wanted' };
  const type = resource.resourceType;
  const fresh = { name: `${type}/${newId()}`, leave: false };
  if (request.method === 'POST') {
    return request.ifNoneExist === undefined
      ? fresh
      : matched(shelf, { type, query: request.ifNoneExist, fresh, leave: true });
  }
  if (request.method !== 'PUT') return { status: 400, why: `${request.method} is not taken here` };
  const [path = '', query] = request.url.split('?');
  if (query !== undefined) return matched(shelf, { type, query, fresh, leave: false });
  return path.startsWith(`${type}/`)
    ? { name: path, leave: false }
    : { status: 400, why: 'the url names another type' };
}

interface Condition {
  readonly type: string;
  readonly query: string;
  readonly fresh: Target;
  /** What becomes of the one that matches: left as it is, or updated. */
  readonly leave: boolean;
}

function matched(shelf: Shelf, { type, query, fresh, leave }: Condition): Target | Omit<Refused, 'expression'> {
  const found = findOnShelf(shelf, type, query);
  switch (found.kind) {
    case 'none':
      return fresh;
    case 'one':
      return { name: found.name, leave };
    case 'several':
      return { status: 412, why: 'several resources match the condition' };
    default:
      return { status: 412, why: 'the condition is not understood here' };
  }
}

function put(shelf: Shelf, { name, leave }: Target, resource: FhirResource): BundleEntry {
  const before = shelf.get(name);
  const same = before !== undefined && (leave || JSON.stringify(before.resource) === JSON.stringify(resource));
  const after: Kept = same ? before : { resource, version: (before?.version ?? 0) + 1 };
  shelf.set(name, after);
  return {
    response: {
      status: before === undefined ? '201 Created' : '200 OK',
      location: `${name}/_history/${after.version}`,
      etag: `W/"${after.version}"`,
    },
  };
}

/** The resource with every `reference` to a fullUrl of the transaction pointing to what was filed for it. */
function relinked(resource: FhirResource, names: ReadonlyMap<string, string>): FhirResource {
  return JSON.parse(JSON.stringify(resource), (key, value: unknown) =>
    key === 'reference' && typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
}

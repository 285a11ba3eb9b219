import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import type { Refusal } from './refusal.ts';
import { findOnShelf, type Kept, type Shelf } from './shelf.ts';

export interface Filed {
  /** The record after the transaction. */
  readonly shelf: Shelf;
  readonly response: Bundle;
}

/** How this record files. */
export interface Filing {
  readonly newId: () => string;
  /** An ISO instant. */
  readonly now: string;
  /** What the record makes of a resource. */
  readonly filedAs: (resource: FhirResource) => FhirResource;
  /** Where the record already holds what no write changes, as `Type/id`: its patients. */
  readonly held: (resource: FhirResource) => string | undefined;
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
export function fileTransaction(before: Shelf, bundle: Bundle<FhirResource>, filing: Filing): Filed | Refusal {
  const targets: Target[] = [];
  for (const [index, entry] of (bundle.entry ?? []).entries()) {
    const held = entry.resource && filing.held(entry.resource);
    const target = held === undefined ? targetOf(before, entry, filing.newId) : { name: held, leave: true };
    if ('why' in target) return { ...target, code: 'processing', expression: [`Bundle.entry[${index}].request`] };
    targets.push(target);
  }
  const names = new Map(
    (bundle.entry ?? []).flatMap(({ fullUrl }, index) =>
      fullUrl === undefined ? [] : [[fullUrl, targets[index]?.name ?? fullUrl] as const],
    ),
  );
  const shelf: Shelf = new Map(before);
  const entry = (bundle.entry ?? []).flatMap(({ resource }, index): BundleEntry[] => {
    const target = targets[index];
    if (target === undefined || resource === undefined) return [];
    return [put(shelf, target, { resource: filing.filedAs(relinked(resource, names)), recorded: filing.now })];
  });
  return { shelf, response: { resourceType: 'Bundle', type: 'transaction-response', entry } };
}

type NotFiled = Pick<Refusal, 'status' | 'why'>;

function targetOf(shelf: Shelf, entry: BundleEntry<FhirResource>, newId: () => string): Target | NotFiled {
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

function matched(shelf: Shelf, { type, query, fresh, leave }: Condition): Target | NotFiled {
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

function put(shelf: Shelf, { name, leave }: Target, { resource, recorded }: Omit<Kept, 'version'>): BundleEntry {
  const before = shelf.get(name);
  const same = before !== undefined && (leave || JSON.stringify(before.resource) === JSON.stringify(resource));
  const after: Kept = same ? before : { resource, recorded, version: (before?.version ?? 0) + 1 };
  // What the record holds elsewhere is answered for and not filed.
  const elsewhere = leave && before === undefined;
  if (!elsewhere) shelf.set(name, after);
  return {
    response: {
      status: before === undefined && !elsewhere ? '201 Created' : '200 OK',
      location: `${name}/_history/${after.version}`,
      etag: `W/"${after.version}"`,
      lastModified: after.recorded,
    },
  };
}

/** The resource with every `reference` and `url` that is a fullUrl of the transaction pointing to what was filed for it. */
function relinked(resource: FhirResource, names: ReadonlyMap<string, string>): FhirResource {
  return JSON.parse(JSON.stringify(resource), (key, value: unknown) =>
    (key === 'reference' || key === 'url') && typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
}

import type { FhirResource, Identifier } from 'fhir/r4.js';

/** One resource as the record keeps it. */
export interface Kept {
  readonly resource: FhirResource;
  readonly version: number;
  /** When this version was filed: an ISO instant. */
  readonly recorded: string;
}

/** The resources of a record, by `Type/id`. */
export type Shelf = Map<string, Kept>;

export type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly name: string }
  | { readonly kind: 'several' }
  /** A search that this record cannot do: it must be refused, because ignoring it would match everything. */
  | { readonly kind: 'not-understood' };

/** What a conditional request names (R4 http §3.1.0.8.1): `identifier=system|value`, the one condition that is known here. */
export function findOnShelf(shelf: Shelf, type: string, query: string): Found {
  const params = [...new URLSearchParams(query)];
  const [name, token = ''] = params[0] ?? [];
  const bar = token.indexOf('|');
  if (params.length !== 1 || name !== 'identifier' || bar < 0) return { kind: 'not-understood' };
  const [system, value] = [token.slice(0, bar), token.slice(bar + 1)];
  const names = [...shelf].flatMap(([where, { resource }]) =>
    resource.resourceType === type &&
    identifiersOf(resource).some((one) => one.system === system && one.value === value)
      ? [where]
      : [],
  );
  const [first, second] = names;
  if (first === undefined) return { kind: 'none' };
  return second === undefined ? { kind: 'one', name: first } : { kind: 'several' };
}

/** The business identifiers of a resource, whether its type has one or many. */
export function identifiersOf(resource: FhirResource): readonly Identifier[] {
  const held: Identifier | readonly Identifier[] | undefined =
    'identifier' in resource ? resource.identifier : undefined;
  if (held === undefined) return [];
  return isList(held) ? held : [held];
}

function isList(held: Identifier | readonly Identifier[]): held is readonly Identifier[] {
  return Array.isArray(held);
}

/** A resource as it is served: under the id and with the version and time that the record gave it. */
export function served(name: string, { resource, version, recorded }: Kept): FhirResource {
  const meta = { ...resource.meta, versionId: String(version), lastUpdated: recorded };
  return { ...resource, id: name.slice(name.indexOf('/') + 1), meta };
}

/**
 * References as FHIR R4 writes them (http://hl7.org/fhir/R4/references.html): what kind one is, where they stand in a
 * resource, and copying a resource with each of them replaced.
 */
import type { FhirResource, Identifier, Reference } from 'fhir/r4.js';

/** A literal reference, taken apart. `typeId` is `Type/id` without a version. */
export type LiteralReference =
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'relative'; readonly typeId: string }
  | { readonly kind: 'absolute'; readonly url: string }
  /** `Patient?identifier=system|value`, which R4 allows inside a transaction. */
  | { readonly kind: 'conditional'; readonly type: string; readonly identifier: string | undefined };

/** A RESTful url of a resource, split: `https://gp.example/fhir/` and `Patient/1`. */
export interface RestfulUrl {
  readonly base: string;
  readonly typeId: string;
}

/** Takes a literal reference apart; the version (`/_history/3`) is left out, because a dossier holds one version. */
export function parseReference(text: string): LiteralReference {
  if (text.startsWith('#')) return { kind: 'contained', id: text.slice(1) };
  const bare = text.replace(/\/_history\/[^/]*$/, '');
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(bare)) return { kind: 'absolute', url: bare };
  const question = bare.indexOf('?');
  if (question < 0) return { kind: 'relative', typeId: bare };
  const wanted = new URLSearchParams(bare.slice(question + 1)).get('identifier') ?? undefined;
  return { kind: 'conditional', type: bare.slice(0, question), identifier: wanted };
}

/** Splits a RESTful url into its base and `Type/id`; undefined for urn:uuid, urn:oid and anything else. */
export function restfulUrl(url: string | undefined): RestfulUrl | undefined {
  const parts = /^(https?:\/\/.*\/)([A-Z][A-Za-z]*\/[A-Za-z0-9.-]{1,64})$/.exec(url ?? '');
  return parts?.[1] === undefined || parts[2] === undefined ? undefined : { base: parts[1], typeId: parts[2] };
}

/** NHS identifier systems are published with `/Id/` and `/id/` for the same thing: we compare and emit `/Id/`. */
export function canonicalSystem(system: string): string {
  return system.replace(/^(https?:\/\/fhir\.nhs\.uk\/)id\//i, '$1Id/');
}

/** `system|value` as we compare identifiers; undefined for one without a value. */
export function identifierKey(identifier: Identifier | undefined): string | undefined {
  if (identifier?.value === undefined) return undefined;
  return `${canonicalSystem(identifier.system ?? '')}|${identifier.value}`;
}

/** The identifier keys of a resource of any type (some types have one identifier instead of a list). */
export function identifierKeys(resource: FhirResource): string[] {
  return identifiersOf(resource).flatMap((identifier) => identifierKey(identifier) ?? []);
}

/** The identifiers of a resource of any type, in their order. */
export function identifiersOf(resource: FhirResource): readonly Identifier[] {
  const held: Identifier | Identifier[] | undefined = 'identifier' in resource ? resource.identifier : undefined;
  return held === undefined ? [] : Array.isArray(held) ? held : [held];
}

/** What a copy is to say instead. */
export interface PointerChanges {
  /** Replaces one Reference found at a FHIRPath; gives the same object back to keep it. */
  readonly reference: (reference: Reference, at: string) => Reference;
  /** Replaces the text of an element that points by uri (Attachment.url, QuestionnaireResponse.questionnaire). */
  readonly uri?: (uri: string) => string;
}

/** Elements of type uri, url or canonical that may name another entry or a contained resource. */
const POINTING_URIS = new Set(['url', 'questionnaire', 'instantiatesUri', 'instantiatesCanonical']);

/**
 * A deep copy of a resource with every Reference passed through `changes`. The original is not touched.
 * NHS identifier systems are written with `/Id/` in the copy.
 */
export function copyWithPointers(resource: FhirResource, at: string, changes: PointerChanges): FhirResource {
  const copied = copyNode(resource, at, changes);
  if (!isResource(copied)) throw new Error('a copied resource is a resource');
  return copied;
}

/** Every Reference of a resource that has a literal reference or an identifier, with its FHIRPath. */
export function referencesIn(
  resource: FhirResource,
  at: string,
): { readonly reference: Reference; readonly at: string }[] {
  const found: { reference: Reference; at: string }[] = [];
  const note = (reference: Reference, place: string): Reference => {
    found.push({ reference, at: place });
    return reference;
  };
  copyWithPointers(resource, at, { reference: note });
  return found;
}

/** True for anything that says which resource type it is. */
export function isResource(value: unknown): value is FhirResource {
  return (
    typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string'
  );
}

function copyNode(node: unknown, at: string, changes: PointerChanges): unknown {
  if (Array.isArray(node)) return node.map((item, index) => copyNode(item, `${at}[${index}]`, changes));
  if (typeof node !== 'object' || node === null) return node;
  // fromEntries defines properties; assigning would let a key named __proto__ replace the copy's prototype.
  const copied: object = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, copyValue(key, value, `${at}.${key}`, changes)]),
  );
  return isReference(copied) ? changes.reference(copied, at) : copied;
}

function copyValue(key: string, value: unknown, at: string, changes: PointerChanges): unknown {
  if (typeof value !== 'string') return copyNode(value, at, changes);
  if (key === 'system') return canonicalSystem(value);
  return changes.uri !== undefined && POINTING_URIS.has(key) ? changes.uri(value) : value;
}

/** R4 has no element named `reference` with a text value outside Reference; a logical one is known by its lone identifier. */
function isReference(node: object): node is Reference {
  if ('resourceType' in node) return false;
  if ('reference' in node) return typeof node.reference === 'string';
  if (!('identifier' in node) || typeof node.identifier !== 'object' || Array.isArray(node.identifier)) return false;
  return Object.keys(node).every((key) => LOGICAL_KEYS.has(key));
}

const LOGICAL_KEYS = new Set(['identifier', 'type', 'display', 'id', 'extension', '_type', '_display']);

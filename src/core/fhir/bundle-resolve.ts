/**
 * What each reference of the content points to: resources of the same content by the rules of R4 Bundles
 * (http://hl7.org/fhir/R4/bundle.html#references), else resources of the same sender that we already hold.
 */
import type { FhirResource, Reference } from 'fhir/r4.js';
import { FHIR_BASE } from '../referral.ts';
import type { Member } from './bundle-member.ts';
import {
  canonicalSystem,
  identifierKey,
  identifierKeys,
  parseReference,
  referencesIn,
  restfulUrl,
} from './references.ts';

/** A resource of this sender that is already stored, by any name the sender may use; undefined when we hold none. */
export type Known = (reference: string) => FhirResource | undefined;

export type Resolution =
  | { readonly kind: 'member'; readonly member: Member }
  /** Another referral's ServiceRequest or Task: pointed to, never copied into this dossier. */
  | { readonly kind: 'elsewhere'; readonly reference: string }
  /** By identifier only, and nobody here carries it: a legitimate way to name an organisation. */
  | { readonly kind: 'logical' }
  | { readonly kind: 'dangling' };

export interface Web {
  /** The content's members, then the stored resources they refer to. */
  readonly members: readonly Member[];
  target(reference: Reference, from: Member): Resolution;
}

interface Names {
  /** By fullUrl; undefined where two entries have the same. */
  readonly urls: ReadonlyMap<string, Member | undefined>;
  readonly typeIds: ReadonlyMap<string, readonly Member[]>;
  readonly identifiers: ReadonlyMap<string, readonly Member[]>;
  readonly contained: ReadonlyMap<string, Member>;
}

/** Resolves every reference; stored resources that the content refers to join its members, with what they refer to in turn. */
export function weave(content: readonly Member[], known: Known): Web {
  const names = namesOf(content);
  const members = [...content];
  const stored = new Map<string, Resolution>();
  const target = (reference: Reference, from: Member): Resolution => {
    const inside = from.origin === 'stored' ? undefined : withinContent(reference, from, names);
    if (inside !== undefined) return { kind: 'member', member: inside.sameAs ?? inside };
    if (reference.reference === undefined) return { kind: 'logical' };
    return stored.get(reference.reference) ?? { kind: 'dangling' };
  };
  // The list grows while it is walked: a stored resource brings those it refers to.
  for (const member of members) {
    for (const { reference } of referencesIn(member.resource, member.at)) {
      const text = reference.reference;
      if (text === undefined || stored.has(text) || target(reference, member).kind !== 'dangling') continue;
      const found = storedTarget(text, known, stored);
      if (found === undefined) continue;
      stored.set(text, found);
      if (found.kind === 'member' && !members.includes(found.member)) members.push(found.member);
    }
  }
  return { members, target };
}

function storedTarget(text: string, known: Known, stored: ReadonlyMap<string, Resolution>): Resolution | undefined {
  const parsed = parseReference(text);
  if (parsed.kind === 'contained' || parsed.kind === 'conditional') return undefined;
  const name = parsed.kind === 'relative' ? parsed.typeId : parsed.url.replace(`${FHIR_BASE}/`, '');
  const resource = known(name);
  if (resource === undefined) return undefined;
  const reference = `${resource.resourceType}/${resource.id ?? ''}`;
  if (resource.resourceType === 'ServiceRequest' || resource.resourceType === 'Task')
    return { kind: 'elsewhere', reference };
  for (const earlier of stored.values()) {
    if (earlier.kind === 'member' && sameResource(earlier.member.resource, resource)) return earlier;
  }
  return { kind: 'member', member: { resource, at: resource.resourceType, origin: 'stored' } };
}

function sameResource(one: FhirResource, other: FhirResource): boolean {
  return one.resourceType === other.resourceType && one.id === other.id;
}

function withinContent(reference: Reference, from: Member, names: Names): Member | undefined {
  const literal = reference.reference === undefined ? undefined : literalTarget(reference.reference, from, names);
  if (literal !== undefined) return literal;
  const key = identifierKey(reference.identifier);
  return key === undefined ? undefined : byIdentifier(key, reference.type, names);
}

function literalTarget(text: string, from: Member, names: Names): Member | undefined {
  const parsed = parseReference(text);
  switch (parsed.kind) {
    case 'contained': {
      const host = from.container ?? from;
      return parsed.id === '' ? host : names.contained.get(`${host.at}#${parsed.id}`);
    }
    case 'absolute':
      return names.urls.get(parsed.url);
    case 'conditional': {
      const key = parsed.identifier === undefined ? undefined : canonicalSystem(parsed.identifier);
      return key === undefined ? undefined : byIdentifier(key, parsed.type, names);
    }
    case 'relative':
      return relativeTarget(parsed.typeId, from, names);
  }
}

/**
 * A relative reference belongs to the server of the entry it stands in. Where that entry has no RESTful fullUrl R4 leaves the
 * matter open; then the one entry of that type and id is meant, if there is exactly one.
 */
function relativeTarget(typeId: string, from: Member, names: Names): Member | undefined {
  const home = restfulUrl((from.container ?? from).fullUrl);
  const onSameServer = home && names.urls.get(`${home.base}${typeId}`);
  if (onSameServer !== undefined) return onSameServer;
  const candidates = (names.typeIds.get(typeId) ?? []).filter((member) => !(home && restfulUrl(member.fullUrl)));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function byIdentifier(key: string, type: string | undefined, names: Names): Member | undefined {
  const candidates = (names.identifiers.get(key) ?? []).filter(
    (member) => !type || member.resource.resourceType === type,
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

function namesOf(members: readonly Member[]): Names {
  const urls = new Map<string, Member | undefined>();
  const typeIds = new Map<string, Member[]>();
  const identifiers = new Map<string, Member[]>();
  const contained = new Map<string, Member>();
  for (const member of members) {
    const { resource, fullUrl, container } = member;
    if (fullUrl !== undefined) urls.set(fullUrl, urls.has(fullUrl) ? undefined : member);
    if (container !== undefined) contained.set(`${container.at}#${resource.id ?? ''}`, member);
    else for (const name of typeIdsOf(member)) add(typeIds, name, member);
    if (member.sameAs === undefined) for (const key of new Set(identifierKeys(resource))) add(identifiers, key, member);
  }
  return { urls, typeIds, identifiers, contained };
}

function typeIdsOf({ resource, fullUrl }: Member): Set<string> {
  const own = resource.id === undefined ? [] : [`${resource.resourceType}/${resource.id}`];
  const fromUrl = restfulUrl(fullUrl)?.typeId;
  return new Set(fromUrl === undefined ? own : [...own, fromUrl]);
}

function add(map: Map<string, Member[]>, key: string, member: Member): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [member]);
  else list.push(member);
}

/**
 * Contained resources, lifted out: a dossier holds every resource under its own id, because a platform's mapping and a
 * polling GP system cannot address one that lives inside another.
 */
import type { FhirResource } from 'fhir/r4.js';
import type { Member } from './bundle-member.ts';
import { isResource } from './references.ts';

/** A resource and those it contained, each a member of its own; `container` says which `#` names apply to whom. */
export function liftContained(member: Member): Member[] {
  const inside = containedIn(member.resource);
  if (inside.length === 0) return [member];
  const host: Member = { ...member, resource: withoutContained(member.resource) };
  const lifted = inside.map((resource, index): Member => {
    return { resource, at: `${member.at}.contained[${index}]`, origin: 'contained', container: host };
  });
  return [host, ...lifted];
}

/**
 * Marks contained resources that say exactly the same (the Patient repeated inside ServiceRequest and Task) as the first of
 * them. Ones that themselves use `#` are left apart: the same text can mean another thing in another container.
 */
export function mergeEqualContained(members: readonly Member[]): Member[] {
  const first = new Map<string, Member>();
  return members.map((member) => {
    if (member.origin !== 'contained') return member;
    const { id: _, ...rest } = member.resource;
    const key = JSON.stringify(rest);
    if (key.includes('"#')) return member;
    const same = first.get(key);
    if (same === undefined) first.set(key, member);
    return same === undefined ? member : { ...member, sameAs: same };
  });
}

function containedIn(resource: FhirResource): FhirResource[] {
  const inside: unknown = 'contained' in resource ? resource.contained : undefined;
  return Array.isArray(inside) ? inside.filter(isResource) : [];
}

function withoutContained(resource: FhirResource): FhirResource {
  if (!('contained' in resource)) return resource;
  const { contained: _, ...rest } = resource;
  return rest;
}

/** The content's resources as a dossier holds them: under our ids, pointing to each other by `Type/id`. */
import type { FhirResource, Reference } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Member } from './bundle-member.ts';
import type { Known, Web } from './bundle-resolve.ts';
import type { Intent } from './read-intent.ts';
import { copyWithPointers, identifierKeys, isResource, referencesIn } from './references.ts';
import { CARRIED_TYPES, say } from './referral-rules-table.ts';

/** Our id of each member that goes into the dossier. */
export type Ids = ReadonlyMap<Member, string>;

/**
 * A new referral gets a new id for every resource, also for copies of stored ones: a dossier stands by itself. A later message
 * keeps the ids of what it names again (by fullUrl, `Type/id` or identifier).
 */
export function assignIds(
  members: readonly Member[],
  intent: Intent,
  given: { newId: () => string; known: Known },
): Ids {
  const ids = new Map<Member, string>();
  const taken = new Set<string>();
  for (const member of members) {
    if (!belongs(member)) continue;
    const prior = intent === 'new' ? undefined : priorId(member, given.known);
    const id = prior === undefined || taken.has(prior) ? given.newId() : prior;
    taken.add(id);
    ids.set(member, id);
  }
  return ids;
}

/** `Type/id` of a member in the dossier; undefined for one that does not go into it. */
export function addressOf(member: Member, ids: Ids): string | undefined {
  const id = ids.get(member.sameAs ?? member);
  return id === undefined ? undefined : `${member.resource.resourceType}/${id}`;
}

/** The member's resource with our id, all references rewritten; the server's own metadata is left to the server. */
export function dossierResource(member: Member, web: Web, ids: Ids): FhirResource {
  const copy = copyWithPointers(member.resource, member.at, {
    reference: (reference) => rewritten(reference, member, web, ids),
    uri: (text) => addressOfUri(text, member, web, ids) ?? text,
  });
  const { resourceType, id: _, meta, ...rest } = copy;
  const kept = Object.entries(meta ?? {}).filter(([key]) => key !== 'versionId' && key !== 'lastUpdated');
  const identity = { resourceType, id: ids.get(member), ...(kept.length > 0 && { meta: Object.fromEntries(kept) }) };
  const resource: unknown = { ...identity, ...rest };
  if (!isResource(resource)) throw new Error('a resource keeps its type');
  return resource;
}

/** A reference as it reads in the dossier; one that points to nothing there stays as it was sent. */
export function rewritten(reference: Reference, from: Member, web: Web, ids: Ids): Reference {
  const target = web.target(reference, from);
  if (target.kind === 'elsewhere') return { ...reference, reference: target.reference };
  const address = target.kind === 'member' ? addressOf(target.member, ids) : undefined;
  return address === undefined ? reference : { ...reference, reference: address };
}

/** Findings on references that lead nowhere, and on resources that a referral does not carry. */
export function checkMembers(web: Web, ids: Ids): Finding[] {
  return web.members.flatMap((member) => {
    const refused = ids.has(member) || !isRefused(member) ? [] : [say('referral/resource-type', member.at)];
    const lost = referencesIn(member.resource, member.at).filter(({ reference }) =>
      isLost(reference, member, web, ids),
    );
    return [...refused, ...lost.map(({ at }) => say('referral/reference-unresolved', at))];
  });
}

function isLost(reference: Reference, from: Member, web: Web, ids: Ids): boolean {
  const target = web.target(reference, from);
  if (target.kind === 'member') return addressOf(target.member, ids) === undefined;
  return target.kind === 'dangling';
}

function belongs({ resource, sameAs }: Member): boolean {
  return sameAs === undefined && CARRIED_TYPES.has(resource.resourceType);
}

function isRefused({ resource, sameAs }: Member): boolean {
  return sameAs === undefined && resource.resourceType !== 'MessageHeader';
}

function priorId({ resource, fullUrl, origin }: Member, known: Known): string | undefined {
  if (origin === 'stored') return resource.id;
  const own = resource.id === undefined || origin === 'contained' ? [] : [`${resource.resourceType}/${resource.id}`];
  for (const name of [...(fullUrl === undefined ? [] : [fullUrl]), ...own, ...identifierKeys(resource)]) {
    const prior = known(name);
    if (prior?.resourceType === resource.resourceType) return prior.id;
  }
  return undefined;
}

function addressOfUri(text: string, from: Member, web: Web, ids: Ids): string | undefined {
  if (!text.startsWith('#') && !text.startsWith('urn:')) return undefined;
  const target = web.target({ reference: text }, from);
  return target.kind === 'member' ? addressOf(target.member, ids) : undefined;
}

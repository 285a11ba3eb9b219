/**
 * The resources that a GP system's content consists of, whatever shape it came in: the entries of a Bundle or one
 * resource by itself, with contained resources lifted out.
 */
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import { isBundle, type Member } from './bundle-member.ts';
import { liftContained, mergeEqualContained } from './contained.ts';

/**
 * The members in an order that depends on what they are, not on where they stood in the Bundle: the same referral with its
 * entries in another order is read to the same dossier, ids included.
 */
export function membersOf(content: FhirResource): Member[] {
  const tops = isBundle(content) ? entriesOf(content) : [soleMember(content)];
  return mergeEqualContained(tops.flatMap(liftContained));
}

/** The members of one resource type, without those that another one stands for. */
export function membersOfType<T extends FhirResource['resourceType']>(
  members: readonly Member[],
  type: T,
): (Member & { readonly resource: Extract<FhirResource, { resourceType: T }> })[] {
  return members.filter((member): member is Member & { resource: Extract<FhirResource, { resourceType: T }> } => {
    return member.resource.resourceType === type && member.sameAs === undefined;
  });
}

function soleMember(resource: FhirResource): Member {
  return { resource, at: resource.resourceType, origin: 'entry', entry: 0 };
}

function entriesOf(bundle: Bundle<FhirResource>): Member[] {
  const members = (bundle.entry ?? []).flatMap((entry, index) => memberOfEntry(entry, index));
  return members.sort(byContent);
}

function memberOfEntry(entry: BundleEntry<FhirResource>, index: number): Member[] {
  const { resource, fullUrl, request } = entry;
  if (resource === undefined) return [];
  const at = `Bundle.entry[${index}].resource`;
  return [{ resource, at, origin: 'entry', entry: index, ...(fullUrl && { fullUrl }), ...(request && { request }) }];
}

function byContent(one: Member, other: Member): number {
  const [left, right] = [shortKey(one), shortKey(other)];
  if (left !== right) return left < right ? -1 : 1;
  const [more, less] = [JSON.stringify(one.resource), JSON.stringify(other.resource)];
  return more === less ? 0 : more < less ? -1 : 1;
}

function shortKey({ resource, fullUrl }: Member): string {
  return `${resource.resourceType} ${fullUrl ?? ''} ${resource.id ?? ''}`;
}

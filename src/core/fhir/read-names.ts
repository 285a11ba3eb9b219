/** By which names a sender may speak of a referral again: what an update or a cancellation is matched on. */
import type { FhirResource } from 'fhir/r4.js';
import { REFERRAL_ID_SYSTEM } from '../referral.ts';
import type { Member } from './bundle-member.ts';
import type { Focus } from './read-focus.ts';
import type { Intent } from './read-intent.ts';
import { identifierKey, identifierKeys } from './references.ts';

/**
 * `system|value` of the identifiers of ServiceRequest, Task and Bundle, the sender's `Type/id`, and fullUrls; sorted.
 * The urn fullUrl of a transaction is left out: R4 makes it a placeholder for that one Bundle, and senders reuse them.
 * Our own referral id counts only in a later message: a new referral cannot have been given one.
 */
export function readNames(content: FhirResource, focus: Focus, intent: Intent): string[] {
  const placeholders = content.resourceType === 'Bundle' && content.type === 'transaction';
  const members = [focus.request, focus.task].flatMap((member) => member ?? []);
  const names = members.flatMap((member) => namesOf(member, placeholders));
  const ofBundle = content.resourceType === 'Bundle' ? identifierKey(content.identifier) : undefined;
  const all = new Set(ofBundle === undefined ? names : [...names, ofBundle]);
  return [...all].filter((name) => intent !== 'new' || !name.startsWith(`${REFERRAL_ID_SYSTEM}|`)).sort();
}

function namesOf({ resource, fullUrl, origin }: Member, placeholders: boolean): string[] {
  const names = identifierKeys(resource);
  // A contained resource's id means nothing outside its container.
  if (resource.id !== undefined && origin === 'entry') names.push(`${resource.resourceType}/${resource.id}`);
  if (fullUrl !== undefined && !(placeholders && fullUrl.startsWith('urn:'))) names.push(fullUrl);
  return names;
}

/** By which names a sender may speak of a referral again: what an update or a cancellation is matched on. */
import type { FhirResource } from 'fhir/r4.js';
import { REFERRAL_ID_SYSTEM } from '../referral.ts';
import type { Member } from './bundle-member.ts';
import type { Focus } from './read-focus.ts';
import type { Intent } from './read-intent.ts';
import { identifierKey, identifiersOf } from './references.ts';

/** One name, and where it stands. */
export interface ReferralName {
  /** `system|value`, `Type/id` or a fullUrl. */
  readonly name: string;
  /** FHIRPath in the content: `Bundle.entry[5].resource.identifier[0]`. */
  readonly at: string;
  /** Whose name it is. */
  readonly of: 'ServiceRequest' | 'Task' | 'Bundle';
}

/**
 * `system|value` of the identifiers of ServiceRequest, Task and Bundle, the sender's `Type/id`, and fullUrls; each once, sorted.
 * The urn fullUrl of a transaction is left out: R4 makes it a placeholder for that one Bundle, and senders reuse them.
 * Our own referral id counts only in a later message: a new referral cannot have been given one.
 */
export function readNames(content: FhirResource, { request, task }: Focus, intent: Intent): ReferralName[] {
  const placeholders = content.resourceType === 'Bundle' && content.type === 'transaction';
  const ofBundle = content.resourceType === 'Bundle' ? identifierKey(content.identifier) : undefined;
  const names = [
    ...(request === undefined ? [] : namesOf(request, 'ServiceRequest', placeholders)),
    ...(task === undefined ? [] : namesOf(task, 'Task', placeholders)),
    ...(ofBundle === undefined ? [] : [{ name: ofBundle, at: 'Bundle.identifier', of: 'Bundle' as const }]),
  ];
  // Where two elements say the same name, the first stands for it.
  const once = new Map(names.toReversed().map((one) => [one.name, one]));
  return [...once.values()]
    .filter(({ name }) => intent !== 'new' || !name.startsWith(`${REFERRAL_ID_SYSTEM}|`))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function namesOf(
  { resource, fullUrl, origin, at, entry }: Member,
  of: 'ServiceRequest' | 'Task',
  placeholders: boolean,
): ReferralName[] {
  const names = identifiersOf(resource).flatMap((identifier, position): ReferralName[] => {
    const name = identifierKey(identifier);
    return name === undefined ? [] : [{ name, at: `${at}.identifier[${position}]`, of }];
  });
  // A contained resource's id means nothing outside its container.
  if (resource.id !== undefined && origin === 'entry') {
    names.push({ name: `${resource.resourceType}/${resource.id}`, at: `${at}.id`, of });
  }
  if (fullUrl !== undefined && !(placeholders && fullUrl.startsWith('urn:'))) {
    names.push({ name: fullUrl, at: entry === undefined ? at : `Bundle.entry[${entry}].fullUrl`, of });
  }
  return names;
}

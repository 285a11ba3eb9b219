import type { FhirResource } from 'fhir/r4.js';
import type { Store } from '../../ports-record.ts';

/** More references than a referral can sensibly hold to what we already store: the rest are left dangling and reported so. */
const MOST = 50;

/**
 * The resources that a message refers to by our own ids (`Patient/0198…`), read before the pure part begins.
 * Only the sender's own: another partner's ids are as unknown as wrong ones.
 */
export async function knownResources(
  content: unknown,
  partner: string,
  store: Pick<Store, 'resource' | 'referral'>,
): Promise<ReadonlyMap<string, FhirResource>> {
  const known = new Map<string, FhirResource>();
  for (const reference of [...relativeReferences(content)].slice(0, MOST)) {
    const [type = '', id = ''] = reference.split('/');
    const stored = await store.resource(type, id);
    if (stored === undefined) continue;
    const owner = await store.referral(stored.referral);
    if (owner?.referrer === partner) known.set(reference, stored.resource);
  }
  return known;
}

function relativeReferences(content: unknown): Set<string> {
  const found = new Set<string>();
  const waiting: unknown[] = [content];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'reference' && typeof inner === 'string' && /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(inner))
        found.add(inner);
      else if (typeof inner === 'object') waiting.push(inner);
    }
  }
  return found;
}

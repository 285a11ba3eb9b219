import type { ReferralName } from '../../core/fhir/read-names.ts';
import type { Finding } from '../../core/finding.ts';
import { REFERRAL_ID_SYSTEM } from '../../core/referral.ts';
import type { Reference } from '../../ports-changes.ts';
import type { RoadParts } from '../road-parts.ts';

/**
 * The referrals that this sender already named so: none, one, or several, and then nothing is guessed. Only identifiers
 * count (`system|value`, `urn:uuid:…`): `ServiceRequest/1` is everybody's first.
 */
export async function referralsNamed(
  partner: string,
  names: readonly string[],
  parts: Pick<RoadParts, 'store'>,
): Promise<Reference[]> {
  const found = new Map<string, Reference>();
  for (const name of names.filter(isIdentifier)) {
    for (const one of await byName(partner, name, parts)) found.set(one.referral, one);
  }
  return [...found.values()];
}

/** Those of the names by which this sender has named a referral already, in the order in which a reader comes upon them. */
export async function namesTaken(
  partner: string,
  names: readonly ReferralName[],
  parts: Pick<RoadParts, 'store'>,
): Promise<ReferralName[]> {
  const taken = await lookUp(partner, names, parts);
  // Of a referral that was recorded between two looks only the later names were seen.
  const all = taken.length === 0 ? taken : await lookUp(partner, names, parts);
  return all.sort((one, other) => ORDER.indexOf(one.of) - ORDER.indexOf(other.of));
}

async function lookUp(
  partner: string,
  names: readonly ReferralName[],
  parts: Pick<RoadParts, 'store'>,
): Promise<ReferralName[]> {
  const taken: ReferralName[] = [];
  for (const one of names.filter(({ name }) => isIdentifier(name))) {
    if ((await byName(partner, one.name, parts)).length > 0) taken.push(one);
  }
  return taken;
}

const ORDER: readonly ReferralName['of'][] = ['ServiceRequest', 'Task', 'Bundle'];

async function byName(partner: string, name: string, parts: Pick<RoadParts, 'store'>): Promise<Reference[]> {
  const [system, value = ''] = [name.slice(0, name.lastIndexOf('|')), name.slice(name.lastIndexOf('|') + 1)];
  if (system !== REFERRAL_ID_SYSTEM) return parts.store.namesakes(partner, 'resource', name);
  const referral = await parts.store.referral(value);
  return referral?.referrer === partner ? [{ partner, kind: 'resource', value: name, referral: value }] : [];
}

export function isIdentifier(name: string): boolean {
  return name.includes('|') || name.startsWith('urn:uuid:');
}

/** @param remedy in the terms of the message that it came in */
export function unknownReferral(remedy: string): Finding {
  return {
    severity: 'error',
    rule: 'referral/unknown',
    place: { expression: 'ServiceRequest.identifier' },
    message: 'No referral of yours is known by any of the identifiers in this message.',
    remedy,
    issue: 'not-found',
  };
}

/** @param remedy in the terms of the message that it came in */
export function ambiguousReferral(remedy: string): Finding {
  return {
    severity: 'error',
    rule: 'referral/ambiguous',
    place: { expression: 'ServiceRequest.identifier' },
    message: 'The identifiers in this message are those of more than one referral of yours.',
    remedy,
    issue: 'conflict',
  };
}

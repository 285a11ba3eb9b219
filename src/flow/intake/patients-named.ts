import type { Patient } from 'fhir/r4.js';
import { FORMER_IDENTIFIER } from '../../core/fhir/search-index.ts';
import { isResourceType } from '../../core/referral.ts';
import type { Store } from '../../ports-record.ts';

/** A Patient of one dossier as it stands. */
export interface KnownPatient {
  readonly referral: string;
  readonly patient: Patient;
}

const PAGE = 500;

/**
 * Every Patient of this sender's referrals that bears one of these identifiers (`system|value`): now or formerly, or formerly
 * alone. Never one of another sender: what a practice says of a patient is about its own referrals.
 */
export async function patientsNamed(
  referrer: string,
  keys: readonly string[],
  store: Pick<Store, 'search'>,
  when: 'ever' | 'formerly' = 'ever',
): Promise<KnownPatient[]> {
  const found: KnownPatient[] = [];
  const param = when === 'ever' ? 'identifier' : FORMER_IDENTIFIER;
  const query = {
    type: 'Patient',
    where: [{ param, values: keys, compare: 'equal' as const }],
    referrer,
    limit: PAGE,
  };
  for (let after: string | undefined, more = keys.length > 0; more; ) {
    const page = await store.search({ ...query, ...(after !== undefined && { after }) });
    for (const { referral, resource } of page.resources) {
      if (isResourceType(resource, 'Patient')) found.push({ referral, patient: resource });
    }
    after = page.next;
    more = after !== undefined;
  }
  return found;
}

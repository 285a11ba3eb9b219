import type { Patient } from 'fhir/r4.js';
import { isResourceType } from '../core/referral.ts';
import type { Store } from '../ports.ts';

/** A Patient of one dossier as it stands. */
export interface KnownPatient {
  readonly referral: string;
  readonly patient: Patient;
  /** Whether its loop is. */
  readonly isOpen: boolean;
}

const PAGE = 500;

/**
 * Every Patient of this sender's referrals that bears one of these identifiers (`system|value`), now or formerly. Never one of
 * another sender: what a practice says of a patient is about its own referrals.
 */
export async function patientsNamed(
  referrer: string,
  keys: readonly string[],
  store: Pick<Store, 'search' | 'referral'>,
): Promise<KnownPatient[]> {
  const found: KnownPatient[] = [];
  const query = {
    type: 'Patient',
    where: [{ param: 'identifier', values: keys, compare: 'equal' as const }],
    referrer,
    limit: PAGE,
  };
  for (let after: string | undefined, more = keys.length > 0; more; ) {
    const page = await store.search({ ...query, ...(after !== undefined && { after }) });
    for (const { referral, resource } of page.resources) {
      if (!isResourceType(resource, 'Patient')) continue;
      const isOpen = (await store.referral(referral))?.status === 'open';
      found.push({ referral, patient: resource, isOpen });
    }
    after = page.next;
    more = after !== undefined;
  }
  return found;
}

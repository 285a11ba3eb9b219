import type { ReferralReading } from '../../core/fhir/read-result.ts';
import { MERGED_NUMBER, nhsNumberOf, underSurvivor } from '../../core/fhir/surviving-number.ts';
import type { Finding } from '../../core/finding.ts';
import { NHS_NUMBER_SYSTEM } from '../../core/referral.ts';
import type { Store } from '../../ports-record.ts';
import { patientsNamed } from './patients-named.ts';

type Reads = Pick<Store, 'search'>;

/**
 * A referral that comes after its sender merged its patient's number into another, as if it had come before: so it does not
 * matter which of the two messages was first. Known are merges that referrals of this sender show; of patients without a
 * referral nothing is kept.
 */
export async function underSurvivingNumber(
  reading: ReferralReading,
  partner: string,
  store: Reads,
): Promise<{ reading: ReferralReading; findings: readonly Finding[] }> {
  const unchanged = { reading, findings: [] };
  const [number] = reading.resources.flatMap((one) => nhsNumberOf(one) ?? []);
  if (number === undefined) return unchanged;
  const survivor = await survivorOf(number, partner, store, new Set());
  if (survivor === undefined) return unchanged;
  const resources = reading.resources.map((one) =>
    one.resourceType === 'Patient' ? underSurvivor(one, survivor) : one,
  );
  return { reading: { ...reading, resources }, findings: [MERGED_NUMBER] };
}

/** Through merges of merges, to the number that was merged no further. Undefined when there is none, or not one alone. */
async function survivorOf(
  number: string,
  partner: string,
  store: Reads,
  seen: ReadonlySet<string>,
): Promise<string | undefined> {
  const known = await patientsNamed(partner, [`${NHS_NUMBER_SYSTEM}|${number}`], store, 'formerly');
  const next = new Set(known.flatMap(({ patient }) => nhsNumberOf(patient) ?? []));
  const ends = new Set<string>();
  for (const one of next) {
    if (!seen.has(one)) ends.add((await survivorOf(one, partner, store, new Set([...seen, number]))) ?? one);
  }
  const [only, ...others] = ends;
  return others.length === 0 ? only : undefined;
}

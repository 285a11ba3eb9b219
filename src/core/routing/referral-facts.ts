import type { CodeableConcept, Coding, Patient } from 'fhir/r4.js';
import { type Dossier, ODS_SYSTEM, ofType } from '../referral.ts';

/** What routes may choose by, read once from the dossier. Codes are written `system|code`. */
export interface ReferralFacts {
  readonly needs: readonly string[];
  readonly services: readonly string[];
  /** ODS codes of the organisations named: the referrer's practice and the patient's registered one. */
  readonly practices: readonly string[];
  /** Outward part of the home postcode, upper case (`SE15`). */
  readonly postcodeDistricts: readonly string[];
  /** In whole years on the day of `now`; absent without a full birth date. */
  readonly age?: number;
}

/**
 * Reads the facts of a dossier.
 * @param now UTC instant, for the age
 * @param referrerOds the ODS code of the partner that referred, counted as a practice
 */
export function referralFacts(dossier: Dossier, now: string, referrerOds?: string): ReferralFacts {
  const patient = ofType(dossier, 'Patient')[0];
  const age = patient?.birthDate === undefined ? undefined : ageOn(patient.birthDate, now);
  return {
    needs: unique([
      ...ofType(dossier, 'ServiceRequest').flatMap((request) => codesOf(request.reasonCode)),
      ...ofType(dossier, 'Condition').flatMap((condition) => codesOf(condition.code ? [condition.code] : [])),
    ]),
    services: unique([
      ...ofType(dossier, 'ServiceRequest').flatMap((request) => codesOf(request.code ? [request.code] : [])),
      ...ofType(dossier, 'Task').flatMap((task) => codesOf(task.code ? [task.code] : [])),
    ]),
    practices: unique([...practiceCodes(dossier), ...(referrerOds === undefined ? [] : [referrerOds.toUpperCase()])]),
    postcodeDistricts: districts(patient),
    ...(age !== undefined && { age }),
  };
}

function codesOf(concepts: readonly CodeableConcept[] | undefined): string[] {
  return (concepts ?? []).flatMap((concept) => (concept.coding ?? []).flatMap(asToken));
}

function asToken(coding: Coding): string[] {
  return coding.code === undefined ? [] : [`${coding.system ?? ''}|${coding.code}`];
}

function practiceCodes(dossier: Dossier): string[] {
  return ofType(dossier, 'Organization').flatMap((organisation) =>
    (organisation.identifier ?? []).flatMap((identifier) =>
      // Published material writes both /Id/ and /id/ (a practice must not be missed for that).
      identifier.system?.toLowerCase() === ODS_SYSTEM.toLowerCase() && identifier.value
        ? [identifier.value.toUpperCase()]
        : [],
    ),
  );
}

function districts(patient: Patient | undefined): string[] {
  const homes = (patient?.address ?? []).filter((address) => address.use !== 'old');
  return unique(homes.flatMap((address) => outward(address.postalCode)));
}

/** The outward code: all but the last three characters (BS 7666: the inward code is always digit, letter, letter). */
function outward(postcode: string | undefined): string[] {
  const tight = (postcode ?? '').replace(/\s+/g, '').toUpperCase();
  const match = /^([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}$/.exec(tight);
  return match?.[1] === undefined ? [] : [match[1]];
}

function ageOn(birthDate: string, now: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return undefined;
  const years = Number(now.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return now.slice(5, 10) < birthDate.slice(5, 10) ? years - 1 : years;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

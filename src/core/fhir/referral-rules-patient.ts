/** The rules on whom a referral is about: one patient, everything about that patient, and enough to know who it is. */
import type { FhirResource, HumanName, Identifier, Patient, Reference } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import type { Located } from './consent.ts';
import { isNhsNumberSystem, nhsNumberFault } from './nhs-number.ts';
import { say } from './referral-rules-table.ts';

/** A century and three decades: longer than anybody on record has lived by a few years. */
const OLDEST_YEARS = 130;

/** Findings on the one Patient. `now` is a UTC instant; `checkDigit` is the severity that policy gives a wrong one. */
export function checkPatient(
  { resource, at }: Located<Patient>,
  now: string,
  checkDigit: 'error' | 'warning',
): Finding[] {
  const found = [...checkNhsNumber(resource, at, checkDigit), ...checkBirthDate(resource, at, now)];
  if (!(resource.name ?? []).some(isUsable)) found.push(say('referral/patient-name', `${at}.name`));
  if (resource.deceasedBoolean === true || resource.deceasedDateTime !== undefined) {
    found.push(say('referral/deceased', `${at}.deceased`));
  }
  return found;
}

/** Everything that names a patient must name this one (`Patient/id`). A group, or nobody we can read, is not this one. */
export function checkSamePatient(resources: readonly Located[], patient: string): Finding[] {
  return resources.flatMap(({ resource, at }) =>
    patientElements(resource)
      .filter(({ reference }) => reference.reference !== patient)
      .map(({ element }) => say('referral/same-patient', `${at}.${element}`)),
  );
}

function checkNhsNumber(patient: Patient, at: string, checkDigit: 'error' | 'warning'): Finding[] {
  const numbers = (patient.identifier ?? [])
    .map((identifier, index) => ({ identifier, index }))
    .filter(isCurrentNhsNumber);
  const found = numbers.flatMap(({ identifier, index }) => {
    const fault = nhsNumberFault(identifier.value ?? '');
    const place = `${at}.identifier[${index}].value`;
    if (fault === 'format') return [say('referral/nhs-number-format', place)];
    return fault === undefined ? [] : [say('referral/nhs-number-check-digit', place, checkDigit)];
  });
  const different = new Set(numbers.map(({ identifier }) => identifier.value));
  if (different.size > 1) found.push(say('referral/nhs-number-conflict', `${at}.identifier`));
  if (numbers.length > 0) return found;
  return [
    say(
      statesUnavailable(patient) ? 'referral/nhs-number-unavailable' : 'referral/nhs-number-absent',
      `${at}.identifier`,
    ),
  ];
}

function isCurrentNhsNumber({ identifier }: { readonly identifier: Identifier }): boolean {
  return isNhsNumberSystem(identifier.system) && identifier.value !== undefined && identifier.use !== 'old';
}

/** By the end of the extension's url: UK Core has published the unavailability reason under more than one base. */
function statesUnavailable(patient: Patient): boolean {
  const extensions = [
    ...(patient.extension ?? []),
    ...(patient.identifier ?? []).flatMap((identifier) => [
      ...(identifier.extension ?? []),
      ...(identifier._value?.extension ?? []),
    ]),
  ];
  return extensions.some(({ url }) => /NHSNumberUnavailableReason$|data-absent-reason$/i.test(url));
}

function checkBirthDate({ birthDate }: Patient, at: string, now: string): Finding[] {
  const place = `${at}.birthDate`;
  if (birthDate === undefined) return [say('referral/birth-date-absent', place)];
  const oldest = Number(now.slice(0, 4)) - OLDEST_YEARS;
  const plausible = birthDate <= tomorrow(now) && Number(birthDate.slice(0, 4)) >= oldest;
  return plausible ? [] : [say('referral/birth-date', place)];
}

/** A child born today east of us has tomorrow's date. */
function tomorrow(now: string): string {
  return new Date(Date.parse(now) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

function isUsable({ family, given, text }: HumanName): boolean {
  return text !== undefined || family !== undefined || (given ?? []).length > 0;
}

function patientElements(resource: FhirResource): { readonly element: string; readonly reference: Reference }[] {
  return ['subject', 'patient', 'for', 'beneficiary'].flatMap((element) => {
    const value: unknown = Object.entries(resource).find(([key]) => key === element)?.[1];
    return isPatientReference(value) ? [{ element, reference: value }] : [];
  });
}

/** A subject that says it is something else (a device, a location) concerns no patient. */
function isPatientReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const text = 'reference' in value && typeof value.reference === 'string' ? value.reference : undefined;
  const type = 'type' in value && typeof value.type === 'string' ? value.type : text?.match(/^([A-Z][A-Za-z]+)\//)?.[1];
  if (type !== undefined) return type === 'Patient' || type === 'Group';
  return text !== undefined || 'identifier' in value;
}

import type { FhirResource, Identifier, Patient } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { NHS_NUMBER_SYSTEM } from '../referral.ts';
import { isNhsNumberSystem } from './nhs-number.ts';

/** The NHS number by which a resource's patient is known now; undefined for another type, or when it has none. */
export function nhsNumberOf(resource: FhirResource): string | undefined {
  if (resource.resourceType !== 'Patient') return undefined;
  return resource.identifier?.find(({ system, use }) => isNhsNumberSystem(system) && use !== 'old')?.value;
}

/** A new referral under a number that its sender has merged into another: known by the one that stays, and found by both. */
export function underSurvivor(patient: Patient, survivor: string): Patient {
  const told = patient.identifier ?? [];
  const isNhs = ({ system }: Identifier) => isNhsNumberSystem(system);
  return {
    ...patient,
    identifier: [
      { system: NHS_NUMBER_SYSTEM, value: survivor },
      ...told.filter((one) => !isNhs(one)),
      ...told.filter(isNhs).map((one): Identifier => ({ ...one, use: 'old' })),
    ],
  };
}

export const MERGED_NUMBER: Finding = {
  severity: 'warning',
  rule: 'patient/merged-number',
  place: { expression: 'Patient.identifier' },
  message:
    'This NHS number was merged into another one by an earlier message of yours: the referral goes on under that.',
  remedy: 'Refer under the number that stayed; if the merge was wrong, tell us.',
  issue: 'business-rule',
};

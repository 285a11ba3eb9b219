import type { Address, HumanName, Patient } from 'fhir/r4.js';
import { isNhsNumberSystem } from '../../../core/fhir/nhs-number.ts';
import { type Dossier, ofType } from '../../../core/referral.ts';
import type { ConsoleRole } from '../../../ports-console.ts';
import { type MaskedValue, maskedValue, type PatientField } from '../../mask/mask.ts';

interface Seen {
  readonly unmasked: boolean;
  readonly roles: readonly ConsoleRole[];
}

export interface PatientLine {
  readonly label: string;
  readonly value: MaskedValue;
}

/** What a loop's page shows of who the patient is: nothing of it readable before it was asked for. */
export function viewPatient(dossier: Dossier, seen: Seen): PatientLine[] {
  const patient = ofType(dossier, 'Patient')[0];
  if (patient === undefined) return [];
  const lines: readonly (readonly [string, PatientField, string | undefined])[] = [
    ['Name', 'name', nameOf(patient.name)],
    ['NHS number', 'nhsNumber', nhsNumberOf(patient)],
    ['Born', 'birthDate', patient.birthDate],
    ['Telephone and e-mail', 'contact', telecomOf(patient)],
    ['Address', 'contact', addressOf(patient.address)],
  ];
  return lines.flatMap(([label, field, value]) =>
    value === undefined || value === '' ? [] : [{ label, value: maskedValue(field, value, seen) }],
  );
}

function nameOf(names: readonly HumanName[] = []): string | undefined {
  const name = names.find(({ use }) => use === 'official') ?? names.find(({ use }) => use !== 'old') ?? names[0];
  if (name === undefined) return undefined;
  return name.text ?? [...(name.given ?? []), name.family ?? ''].join(' ').trim();
}

function nhsNumberOf({ identifier = [] }: Patient): string | undefined {
  return identifier.find(({ system, use }) => isNhsNumberSystem(system) && use !== 'old')?.value;
}

function telecomOf({ telecom = [] }: Patient): string {
  return telecom.flatMap(({ value, use }) => (value === undefined || use === 'old' ? [] : [value])).join(', ');
}

function addressOf(addresses: readonly Address[] = []): string | undefined {
  const home = addresses.find(({ use }) => use !== 'old');
  if (home === undefined) return undefined;
  return home.text ?? [...(home.line ?? []), home.city, home.postalCode].filter(Boolean).join(', ');
}

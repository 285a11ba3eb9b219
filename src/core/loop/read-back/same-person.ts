import type { Patient } from 'fhir/r4.js';
import { isNhsNumberSystem } from '../../fhir/nhs-number.ts';
import { ODS_SYSTEM } from '../../referral.ts';
import type { ElementReading } from './reading.ts';

/** How the patient at the practice's door is the one of the referral. Which elements differ, never what they hold. */
export interface PersonReading {
  readonly is: 'same' | 'differs';
  /** Elements of Patient that differ, or are not there: `identifier`, `birthDate`, `name.family`, `gender`. */
  readonly differing: readonly string[];
  /** Why nobody may file for another reason than a difference. */
  readonly why?: 'not-registered' | 'several' | 'moved' | 'left';
}

/**
 * Whether the practice's patient is the referral's: NHS number, birth date, surname and, where both say it, gender are the same.
 * A surname is compared without regard to case and spaces at its ends, and in no other way: the match is never loosened, because
 * the other side files into a record by it. `found` is what the practice gives for the NHS number; `practice` its ODS code.
 */
export function comparePerson(ours: Patient | undefined, found: readonly Patient[], practice?: string): PersonReading {
  const [theirs, other] = found;
  if (ours === undefined || nhsNumberOf(ours) === undefined) return { is: 'differs', differing: ['identifier'] };
  if (theirs === undefined) return { is: 'differs', differing: [], why: 'not-registered' };
  if (other !== undefined) return { is: 'differs', differing: [], why: 'several' };
  const differing = [
    ...(nhsNumberOf(ours) === nhsNumberOf(theirs) ? [] : ['identifier']),
    ...(ours.birthDate !== undefined && ours.birthDate === theirs.birthDate ? [] : ['birthDate']),
    ...(haveSameFamily(ours, theirs) ? [] : ['name.family']),
    ...(ours.gender === undefined || theirs.gender === undefined || ours.gender === theirs.gender ? [] : ['gender']),
  ];
  const why = differing.length > 0 ? undefined : gone(theirs, practice);
  return { is: differing.length > 0 || why !== undefined ? 'differs' : 'same', differing, ...(why && { why }) };
}

/** As the readings of a record have it. */
export function personElements({ is, differing, why }: PersonReading): ElementReading[] {
  if (is === 'same') return [{ element: 'patient', is: 'kept' }];
  return [{ element: 'patient', is: 'lost', why: why ?? `${differing.join(', ')} differ` }];
}

/** Registered elsewhere by now, or nowhere. A practice that does not say where somebody is registered says nothing. */
function gone(
  { active, generalPractitioner = [], managingOrganization }: Patient,
  practice?: string,
): PersonReading['why'] {
  if (active === false) return 'left';
  const registered = [...generalPractitioner, ...(managingOrganization ? [managingOrganization] : [])].flatMap(
    ({ identifier }) => (isOds(identifier?.system) ? (identifier?.value ?? []) : []),
  );
  const isHere = registered.some((code) => code.toUpperCase() === practice?.toUpperCase());
  return practice === undefined || registered.length === 0 || isHere ? undefined : 'moved';
}

function isOds(system: string | undefined): boolean {
  return system?.toLowerCase() === ODS_SYSTEM.toLowerCase();
}

function nhsNumberOf({ identifier = [] }: Patient): string | undefined {
  return identifier
    .find(({ system, value }) => isNhsNumberSystem(system) && value !== undefined)
    ?.value?.replace(/\s/g, '');
}

/** Any surname that is in use on one side must be one on the other: old names do not count. */
function haveSameFamily(ours: Patient, theirs: Patient): boolean {
  const families = ({ name = [] }: Patient) =>
    new Set(name.flatMap(({ family, use }) => (family === undefined || use === 'old' ? [] : [plain(family)])));
  const [one, other] = [families(ours), families(theirs)];
  return [...one].some((family) => other.has(family));
}

function plain(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/**
 * What news of a patient make of the Patient in one dossier. Least data: a dossier learns nothing of its patient that its
 * referral did not tell. What the referral told is kept right; that somebody died, and who they are, everybody must know.
 */
import type { Identifier, Patient } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { isNhsNumberSystem } from './nhs-number.ts';
import { currentKeys, type PatientNews } from './patient-news.ts';
import { sameValue } from './read-same-value.ts';
import { canonicalSystem, identifierKey, identifierKeys } from './references.ts';

export type AppliedNews =
  /** This is another patient, or there is nothing new. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'changed';
      readonly patient: Patient;
      /** Names of what changed, as disclosures are called: `address`, `nhsNumber`. Never values. */
      readonly elements: readonly string[];
      readonly merged: boolean;
    }
  | { readonly kind: 'contradiction'; readonly findings: readonly Finding[] };

/** What a dossier can learn anew of its patient: only what it knows in another form. */
const TOLD = ['name', 'telecom', 'gender', 'birthDate', 'address', 'contact', 'communication'] as const;

/** What is known of the one who stays, from all dossiers of the sender: news must not contradict it. */
export interface Evidence {
  /** The number that is to stay was merged into another one before. */
  readonly retired: boolean;
  readonly nhsNumbers: readonly string[];
  readonly birthDates: readonly string[];
}

/**
 * @param open the Patients of open loops that the message may be about
 * @param all those of closed ones too: what was merged once stays so, but whoever corrects a date does not correct it there
 */
export function evidenceFor({ told }: PatientNews, open: readonly Patient[], all: readonly Patient[]): Evidence {
  const staying = new Set(currentKeys(told.resource));
  const survivors = open.filter((one) => identifierKeys(one).some((key) => staying.has(key)));
  const isRetired = ({ identifier = [] }: Patient) =>
    identifier.some((one) => one.use === 'old' && staying.has(identifierKey(one) ?? ''));
  return {
    retired: all.some(isRetired),
    nhsNumbers: [...new Set(survivors.flatMap((one) => nhsNumbers(one)))],
    birthDates: [...new Set([told.resource, ...survivors].flatMap(({ birthDate }) => birthDate ?? []))],
  };
}

/** @param stored the Patient of one dossier */
export function applyPatientNews(stored: Patient, news: PatientNews, evidence: Evidence): AppliedNews {
  const { told, replaced } = news;
  const named = new Set(identifierKeys(stored));
  const isMerged = replaced.flatMap(currentKeys).some((key) => named.has(key));
  if (!isMerged && !currentKeys(told.resource).some((key) => named.has(key))) return { kind: 'nothing' };
  const findings = isMerged ? mergeFlaws(stored, news, evidence) : identityFlaws(stored, news);
  if (findings.length > 0) return { kind: 'contradiction', findings };
  const identifier = isMerged ? survivingIdentity(stored, news) : grownIdentity(stored, told.resource);
  const patient = withDeath({ ...withTold(stored, told.resource), identifier: [...identifier] }, told.resource);
  const elements = [...changedIdentity(stored, identifier), ...changedElements(stored, patient)];
  return elements.length === 0 ? { kind: 'nothing' } : { kind: 'changed', patient, elements, merged: isMerged };
}

/* ------------------------------------------------------------------ who it is */

/** What stays is first, because a mapping takes the first; what is no more is kept as such, so that it is found by it. */
function survivingIdentity(stored: Patient, { told, replaced }: PatientNews): Identifier[] {
  const former = new Set(replaced.flatMap(currentKeys));
  const grown = grownIdentity(stored, told.resource);
  const staying = new Set(currentKeys(told.resource));
  const isOld = (one: Identifier): boolean => {
    const key = identifierKey(one) ?? '';
    return !staying.has(key) && (one.use === 'old' || former.has(key));
  };
  const current = grown.filter((one) => !isOld(one));
  const nhs = current.filter(({ system }) => isNhsNumberSystem(system));
  const others = current.filter(({ system }) => !isNhsNumberSystem(system));
  return [...nhs, ...others, ...grown.filter(isOld).map((one): Identifier => ({ ...one, use: 'old' }))];
}

/** An NHS number that was traced since, and what the sender calls its patient where it did so before. */
function grownIdentity({ identifier = [] }: Patient, told: Patient): Identifier[] {
  const known = new Set(identifier.flatMap((one) => identifierKey(one) ?? []));
  const systems = new Set(identifier.map(({ system }) => canonicalSystem(system ?? '')));
  const added = (told.identifier ?? []).filter((one) => {
    const key = identifierKey(one);
    if (key === undefined || one.use === 'old' || known.has(key)) return false;
    return isNhsNumberSystem(one.system) || systems.has(canonicalSystem(one.system ?? ''));
  });
  const isFirst = ({ system }: Identifier) => isNhsNumberSystem(system);
  return [...added.filter(isFirst), ...identifier, ...added.filter((one) => !isFirst(one))];
}

function nhsNumbers(patient: Patient, which: 'current' | 'all' = 'current'): string[] {
  return (patient.identifier ?? []).flatMap(({ system, value, use }) =>
    isNhsNumberSystem(system) && value !== undefined && (which === 'all' || use !== 'old') ? [value] : [],
  );
}

/* ------------------------------------------------------------------ what cannot be */

function identityFlaws(stored: Patient, { told: { resource: told, at } }: PatientNews): Finding[] {
  const numbers = nhsNumbers(told);
  const own = nhsNumbers(stored, 'all');
  if (numbers.length > 0 && own.length > 0 && !numbers.some((number) => own.includes(number))) {
    return [flaw('patient/other-patient', `${at}.identifier`, OTHER_PATIENT)];
  }
  const isOtherPerson = !sameDate(told.birthDate, stored.birthDate) && !sharesFamily(told, stored);
  return isOtherPerson ? [flaw('patient/other-person', `${at}.birthDate`, OTHER_PERSON)] : [];
}

function mergeFlaws(stored: Patient, { told: { resource: told, at }, replaced }: PatientNews, evidence: Evidence) {
  const findings: Finding[] = [];
  if (evidence.retired) findings.push(flaw('patient/merged-before', `${at}.identifier`, MERGED_BEFORE));
  const ofTold = nhsNumbers(told);
  const allowed = new Set([...ofTold, ...replaced.flatMap((one) => nhsNumbers(one))]);
  const others = new Set([...nhsNumbers(stored), ...evidence.nhsNumbers]);
  // Two records known by local numbers alone, of which one has been traced, contradict nobody.
  const isCertain = others.size < 2 && ofTold.length === 0;
  if (!isCertain && [...others].some((number) => !allowed.has(number))) {
    findings.push(flaw('patient/merge-of-another', `${at}.link`, MERGE_OF_ANOTHER));
  }
  if (evidence.birthDates.some((birth) => !sameDate(birth, stored.birthDate))) {
    findings.push(flaw('patient/merge-birth-date', `${at}.birthDate`, BIRTH_DATES));
  }
  return findings;
}

/** Whether two dates can be of one day: one of them may be less precise, or not known. */
function sameDate(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return one.startsWith(other) || other.startsWith(one);
}

function sharesFamily(one: Patient, other: Patient): boolean {
  const [left, right] = [familiesOf(one), familiesOf(other)];
  return left.length === 0 || right.length === 0 || left.some((family) => right.includes(family));
}

function familiesOf({ name = [] }: Patient): string[] {
  return name.flatMap(({ family }) => (family === undefined ? [] : [family.trim().toLowerCase()]));
}

/* ------------------------------------------------------------------ what is told of them */

function withTold(stored: Patient, told: Patient): Patient {
  const next = { ...stored };
  for (const element of TOLD) {
    const value = told[element];
    if (value === undefined || stored[element] === undefined) continue;
    if (isDeleted(value)) delete next[element];
    else if (!sameValue(value, stored[element])) Object.assign(next, { [element]: value });
  }
  return next;
}

/** `""` in HL7 v2: the mapping makes one item of it that says only why it is absent. */
function isDeleted(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(saysAbsent);
}

function saysAbsent(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || Object.keys(item).join() !== 'extension') return false;
  return 'extension' in item && JSON.stringify(item.extension).includes(DATA_ABSENT_REASON);
}

const DATA_ABSENT_REASON = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

/** Nobody may go on ringing somebody who has died, whatever the referral told; that they live is no news. */
function withDeath(patient: Patient, { deceasedBoolean, deceasedDateTime }: Patient): Patient {
  const { deceasedBoolean: was, deceasedDateTime: when, ...rest } = patient;
  if (deceasedDateTime !== undefined) return { ...rest, deceasedDateTime };
  if (deceasedBoolean === true && when === undefined) return { ...rest, deceasedBoolean };
  const isCorrected = deceasedBoolean === false && (was === true || when !== undefined);
  return isCorrected ? { ...rest, deceasedBoolean: false } : patient;
}

function changedIdentity({ identifier: before = [] }: Patient, after: readonly Identifier[]): string[] {
  const of = (list: readonly Identifier[], isNhs: boolean) =>
    list.filter(({ system }) => isNhsNumberSystem(system) === isNhs);
  const changed = (isNhs: boolean) => !sameValue(of(before, isNhs), of(after, isNhs));
  return [...(changed(true) ? ['nhsNumber'] : []), ...(changed(false) ? ['identifier'] : [])];
}

function changedElements(before: Patient, after: Patient): string[] {
  const died = before.deceasedBoolean !== after.deceasedBoolean || before.deceasedDateTime !== after.deceasedDateTime;
  return [...TOLD.filter((element) => !sameValue(before[element], after[element])), ...(died ? ['deceased'] : [])];
}

type Words = readonly [message: string, remedy: string];

const OTHER_PATIENT: Words = [
  'A number in this message is that of another patient, whose NHS number is another.',
  'Correct the number, or merge the two records (ADT^A40) with both numbers in PID-3 and MRG-1.',
];
const OTHER_PERSON: Words = [
  'The patient who is known by this number has another date of birth and another family name.',
  'Make sure that the number is right. Where both really changed, send one after the other.',
];
const MERGED_BEFORE: Words = [
  'The number that is to stay was merged into another one by an earlier message of yours.',
  'Merge into the number that stayed then.',
];
const MERGE_OF_ANOTHER: Words = [
  'One of the two records has an NHS number that is neither in PID-3 nor in MRG-1.',
  'Send the NHS numbers of both, so that it is certain who is meant; or undo the merge.',
];
const BIRTH_DATES: Words = [
  'The two records have different dates of birth.',
  'Make sure that they are one patient; then correct the date (ADT^A31), and send the merge again under a new MSH-10.',
];

function flaw(rule: string, expression: string, [message, remedy]: Words): Finding {
  return { severity: 'error', rule, place: { expression }, message, remedy, issue: 'conflict' };
}

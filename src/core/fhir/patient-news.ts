/**
 * What a sender says of a patient and not of a referral: how they are called and reached now, and that two of its records are
 * one and the same patient. Read from the Bundle that a mapping makes of such a message (HL7 v2: ADT^A28, A31, A40): Patients,
 * of which one that stays names with `link` (`replaces`) the one that it stays for.
 */
import type { Patient } from 'fhir/r4.js';
import type { Finding, IssueType } from '../finding.ts';
import type { Dossier } from '../referral.ts';
import type { Located } from './consent.ts';
import { identifierKey } from './references.ts';
import { checkPatient } from './referral-rules-patient.ts';

export interface PatientNews {
  readonly told: Located<Patient>;
  /** The records that are no more: by their identifiers alone. Empty when nothing is merged. */
  readonly replaced: readonly Patient[];
}

interface Given {
  /** UTC instant. */
  readonly now: string;
  /** What a wrong check digit of an NHS number means. */
  readonly checkDigit: 'error' | 'warning';
}

/** Reads the news, in their order. All findings at once; with an error among them nothing may be done. */
export function readPatientNews(told: Dossier, given: Given): { news: PatientNews[]; findings: Finding[] } {
  const patients = (told.entry ?? []).flatMap(({ resource }, index): Located<Patient>[] =>
    resource?.resourceType === 'Patient' ? [{ resource, at: `Bundle.entry[${index}].resource` }] : [],
  );
  const findings = patients.flatMap((one) => [...checkKnown(one), ...checkIdentity(one, given)]);
  const news = patients.filter(({ resource }) => !isReplaced(resource)).map((one) => withReplaced(one, patients));
  if (news.length === 0) findings.push(flaw('patient/nobody', 'Bundle.entry', NOBODY, 'required'));
  return { news, findings: [...findings, ...news.flatMap(checkMerge)] };
}

/** Identifiers of a Patient that stand for it now, as `system|value`. */
export function currentKeys({ identifier = [] }: Patient): string[] {
  return identifier.filter(({ use }) => use !== 'old').flatMap((one) => identifierKey(one) ?? []);
}

function isReplaced({ link = [] }: Patient): boolean {
  return link.some(({ type }) => type === 'replaced-by');
}

function withReplaced(told: Located<Patient>, patients: readonly Located<Patient>[]): PatientNews {
  const named = (told.resource.link ?? []).flatMap(({ type, other }) => (type === 'replaces' ? [other.reference] : []));
  const replaced = patients.filter(({ resource }) => named.includes(`Patient/${resource.id}`));
  return { told, replaced: replaced.map(({ resource }) => resource) };
}

function checkKnown({ resource, at }: Located<Patient>): Finding[] {
  return currentKeys(resource).length > 0 ? [] : [flaw('patient/unnamed', `${at}.identifier`, UNNAMED, 'required')];
}

/** The rules on a referral's patient that speak of who somebody is. What such a message leaves out it does not change. */
function checkIdentity(one: Located<Patient>, { now, checkDigit }: Given): Finding[] {
  return checkPatient(one, now, checkDigit).filter(({ rule }) => IDENTITY.has(rule));
}

const IDENTITY: ReadonlySet<string> = new Set([
  'referral/nhs-number-format',
  'referral/nhs-number-check-digit',
  'referral/nhs-number-conflict',
  'referral/birth-date',
]);

function checkMerge({ told: { resource, at }, replaced }: PatientNews): Finding[] {
  const links = (resource.link ?? []).filter(({ type }) => type === 'replaces');
  if (links.length > replaced.length) return [flaw('patient/merge-of-nobody', `${at}.link`, OF_NOBODY, 'required')];
  const own = new Set(currentKeys(resource));
  return replaced
    .filter((one) => currentKeys(one).every((key) => own.has(key)))
    .map(() => flaw('patient/merge-into-itself', `${at}.link`, INTO_ITSELF, 'conflict'));
}

type Words = readonly [message: string, remedy: string];

const NOBODY: Words = ['The message is about no patient.', 'Send the patient (PID).'];
const UNNAMED: Words = [
  'Nothing says by which number this patient is known.',
  'Send the NHS number, or your own number of the patient (PID-3; for the one who is merged, MRG-1).',
];
const OF_NOBODY: Words = ['It is not said who is merged into this patient.', 'Send the former number (MRG-1).'];
const INTO_ITSELF: Words = [
  'Who stays and who is merged have the same numbers.',
  'Send the number that stays in PID-3, and the one that is no more in MRG-1.',
];

function flaw(rule: string, expression: string, [message, remedy]: Words, issue: IssueType): Finding {
  return { severity: 'error', rule, place: { expression }, message, remedy, issue };
}

import type { Bundle, FhirResource, Patient, Reference, Resource } from 'fhir/r4.js';
import type { Judgement, MatchMode, PatientList, Registered, Stated } from '../gp-record/registered.ts';
import type { Refusal } from './refusal.ts';

export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';

/** Patients under the ids that the record gives them. */
export interface PatientIds {
  idOf(nhsNumber: string): string | undefined;
  numberOf(name: string): string | undefined;
}

/** A registered patient has a place in the list and keeps it. */
export function patientIds(patients: PatientList): PatientIds {
  const place = (nhsNumber: string) => patients.all().findIndex((one) => one.nhsNumber === nhsNumber);
  return {
    idOf: (nhsNumber) => (place(nhsNumber) < 0 ? undefined : `Patient/pat-${place(nhsNumber) + 1}`),
    numberOf: (name) => patients.all().find((_one, index) => name === `Patient/pat-${index + 1}`)?.nhsNumber,
  };
}

/** A registered patient as the record serves it. */
export function asPatient({ nhsNumber, family, given, birthDate, gender, movedTo }: Registered, id: string): Patient {
  return {
    resourceType: 'Patient',
    id,
    meta: { versionId: '1' },
    identifier: [{ system: NHS_NUMBER, value: nhsNumber }],
    active: movedTo === undefined,
    name: [{ use: 'official', family, given: [given] }],
    gender,
    birthDate,
  };
}

/** Refuses a write whose patient is not, letter by letter, one of this practice's. Undefined when all is well. */
export function refusePatient(
  bundle: Bundle<FhirResource>,
  { patients, ids, mode }: { patients: PatientList; ids: PatientIds; mode: MatchMode },
): Refusal | undefined {
  for (const stated of statedIn(bundle, ids)) {
    const refusal = refusalOf(patients.judge(stated, mode));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refusalOf(judged: Judgement): Refusal | undefined {
  switch (judged.kind) {
    case 'ours':
      return undefined;
    case 'not-registered':
      return { status: 422, code: 'not-found', why: 'The patient is not registered here.', itk: '30002' };
    case 'moved':
      return {
        status: 422,
        code: 'business-rule',
        why: `The patient is registered with another practice now: ${judged.to}.`,
        itk: '30003',
      };
    case 'differs':
      return {
        status: 422,
        code: 'business-rule',
        why: `The patient does not match: ${judged.fields.join(', ')}.`,
        expression: judged.fields.map((field) => `Patient.${field === 'family' ? 'name.family' : field}`),
        itk: '20011',
      };
  }
}

/** Everybody whom a Bundle is about, with everything that it says of them. */
function statedIn(bundle: Bundle<FhirResource>, ids: PatientIds): readonly Stated[] {
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
  const described = resources.flatMap((one) => [one, ...containedIn(one)]).filter(isPatient);
  const pointed = resources.flatMap((one) => {
    const about = aboutWhom(one);
    return about === undefined || pointsInside(about, bundle) ? [] : [numberIn(about, ids)];
  });
  const numbers = new Set([...described.map(nhsNumberOf), ...pointed]);
  return [...numbers].map((nhsNumber): Stated => {
    const same = described.filter((one) => nhsNumberOf(one) === nhsNumber);
    return {
      ...(nhsNumber !== undefined && { nhsNumber }),
      family: same.flatMap((one) => nameOf(one)?.family ?? []),
      birthDate: same.flatMap((one) => one.birthDate ?? []),
      gender: same.flatMap((one) => one.gender ?? []),
    };
  });
}

function nameOf({ name = [] }: Patient): NonNullable<Patient['name']>[number] | undefined {
  return name.find(({ use }) => use === 'official') ?? name[0];
}

function pointsInside({ reference = '' }: Reference, bundle: Bundle<FhirResource>): boolean {
  return reference.startsWith('#') || (bundle.entry ?? []).some(({ fullUrl }) => fullUrl === reference);
}

function numberIn({ identifier, reference }: Reference, ids: PatientIds): string | undefined {
  if (isNhsNumber(identifier?.system)) return identifier?.value;
  return reference === undefined ? undefined : ids.numberOf(reference);
}

/** The patient's NHS number as a resource on the shelf names it. */
export function numberOf(resource: FhirResource, ids: PatientIds): string | undefined {
  const about = aboutWhom(resource);
  return about && numberIn(about, ids);
}

/** The resource with its patient as this record knows them: by id and number. What nobody here knows stays as it is. */
export function withOwnPatient(resource: FhirResource, ids: PatientIds): FhirResource {
  const about = aboutWhom(resource);
  if (about === undefined) return resource;
  const inside = containedIn(resource).find((one) => about.reference === `#${one.id}`);
  const nhsNumber = inside !== undefined && isPatient(inside) ? nhsNumberOf(inside) : numberIn(about, ids);
  const reference = nhsNumber === undefined ? undefined : ids.idOf(nhsNumber);
  if (nhsNumber === undefined || reference === undefined) return resource;
  const own: Reference = { reference, type: 'Patient', identifier: { system: NHS_NUMBER, value: nhsNumber } };
  const kept = withoutContained(resource, inside);
  if (kept.resourceType === 'Task') return { ...kept, for: own };
  return 'subject' in kept ? ({ ...kept, subject: own } as FhirResource) : kept;
}

function withoutContained(resource: FhirResource, gone: Resource | undefined): FhirResource {
  if (gone === undefined || !('contained' in resource) || resource.contained === undefined) return resource;
  const { contained, ...rest } = resource;
  const left = contained.filter((one) => one !== gone);
  return (left.length === 0 ? rest : { ...rest, contained: left }) as FhirResource;
}

/** Whom a resource that goes into a patient's record is about. */
function aboutWhom(resource: FhirResource): Reference | undefined {
  switch (resource.resourceType) {
    case 'Task':
      return resource.for;
    case 'Observation':
    case 'QuestionnaireResponse':
    case 'DocumentReference':
    case 'Procedure':
    case 'Condition':
      return resource.subject;
    default:
      return undefined;
  }
}

function containedIn(resource: FhirResource): readonly Resource[] {
  return 'contained' in resource ? (resource.contained ?? []) : [];
}

function isPatient(resource: Resource): resource is Patient {
  return resource.resourceType === 'Patient';
}

export function nhsNumberOf(patient: Patient): string | undefined {
  return patient.identifier?.find(({ system }) => isNhsNumber(system))?.value;
}

/** Official material writes the system in two cases. */
function isNhsNumber(system: string | undefined): boolean {
  return system?.toLowerCase() === NHS_NUMBER.toLowerCase();
}

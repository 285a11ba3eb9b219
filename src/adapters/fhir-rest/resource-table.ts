/**
 * What the FHIR endpoint offers, as one table: the routes, the search and the CapabilityStatement are all made from it,
 * so that none can promise what another does not do. Names and kinds of search parameters are R4's
 * (http://hl7.org/fhir/R4/searchparameter-registry.html).
 */

import type { FhirResource } from 'fhir/r4.js';

export type ResourceType = FhirResource['resourceType'];
export type Interaction = 'read' | 'search-type' | 'create' | 'update';

export interface SearchParam {
  readonly name: string;
  readonly kind: 'token' | 'reference' | 'date';
  /** Types that a reference given without its type may mean. */
  readonly targets?: readonly string[];
  /** The system of an element whose codes need none. */
  readonly impliedSystem?: string;
  readonly text: string;
}

/** `_include=<row's type>:<name>` follows the references in the element. */
export interface Include {
  readonly name: string;
  readonly element: string;
}

export interface ResourceRow {
  readonly type: ResourceType;
  readonly interactions: readonly Interaction[];
  readonly params: readonly SearchParam[];
  readonly includes: readonly Include[];
}

const PEOPLE = ['Practitioner', 'PractitionerRole', 'Organization', 'Patient', 'RelatedPerson', 'Device'];
const FULFILLERS = [...PEOPLE, 'CareTeam', 'HealthcareService'];
const SOURCES = ['ServiceRequest', 'CarePlan'];

const COMMON: readonly SearchParam[] = [
  { name: '_id', kind: 'token', text: 'The id that Hearback gave the resource.' },
  {
    name: '_lastUpdated',
    kind: 'date',
    text: 'With eq, ge, gt, le, lt, sa or eb. A date without a time is that day in UTC.',
  },
];
const PATIENT: SearchParam = {
  name: 'patient',
  kind: 'reference',
  targets: ['Patient'],
  text: 'patient:identifier is read as patient.identifier, as the Booking and Referral Standard uses it.',
};
const PATIENT_IDENTIFIER: SearchParam = {
  name: 'patient.identifier',
  kind: 'token',
  text: 'The NHS number with its system. Prefer POST _search: a url is written to logs on its way.',
};
const TASK_STATUS: SearchParam = {
  name: 'status',
  kind: 'token',
  impliedSystem: 'http://hl7.org/fhir/task-status',
  text: 'The status.',
};
const REQUEST_STATUS: SearchParam = { ...TASK_STATUS, impliedSystem: 'http://hl7.org/fhir/request-status' };
const CODE: SearchParam = { name: 'code', kind: 'token', text: 'The code, with its system or alone.' };
const IDENTIFIER: SearchParam = { name: 'identifier', kind: 'token', text: 'A business identifier.' };
const REQUESTER: SearchParam = { name: 'requester', kind: 'reference', targets: PEOPLE, text: 'Who asked.' };
const OWNER: SearchParam = { name: 'owner', kind: 'reference', targets: FULFILLERS, text: 'Who does it.' };
const BASED_ON: SearchParam = {
  name: 'based-on',
  kind: 'reference',
  targets: SOURCES,
  text: 'The request it answers.',
};
const TARGET: SearchParam = { name: 'target', kind: 'reference', text: 'What it speaks of, with its type.' };

const TASK_PARAMS: readonly SearchParam[] = [
  { name: 'business-status', kind: 'token', text: 'Where the referral stands, in the words of the loop-state system.' },
  { name: 'focus', kind: 'reference', targets: ['ServiceRequest'], text: 'The request it is about.' },
  { name: 'part-of', kind: 'reference', targets: ['Task'], text: 'The Task that coordinates the referral.' },
  { name: 'modified', kind: 'date', text: 'When its status last changed.' },
];

const TO_SUBJECT: Include = { name: 'patient', element: 'subject' };
const TO_REQUESTER: Include = { name: 'requester', element: 'requester' };
const TO_SOURCE: Include = { name: 'based-on', element: 'basedOn' };

const SEARCHED: readonly ResourceRow[] = [
  {
    type: 'Task',
    interactions: ['read', 'search-type', 'create', 'update'],
    params: [...COMMON, PATIENT, PATIENT_IDENTIFIER, TASK_STATUS, ...TASK_PARAMS, CODE, OWNER, REQUESTER, IDENTIFIER],
    includes: [
      { name: 'focus', element: 'focus' },
      { name: 'patient', element: 'for' },
      { name: 'owner', element: 'owner' },
      { name: 'part-of', element: 'partOf' },
      TO_REQUESTER,
    ],
  },
  {
    type: 'ServiceRequest',
    interactions: ['read', 'search-type', 'create'],
    params: [...COMMON, PATIENT, PATIENT_IDENTIFIER, REQUEST_STATUS, CODE, REQUESTER, IDENTIFIER],
    includes: [TO_SUBJECT, TO_REQUESTER],
  },
  {
    type: 'Observation',
    interactions: ['read', 'search-type'],
    params: [...COMMON, PATIENT, PATIENT_IDENTIFIER, BASED_ON, CODE],
    includes: [TO_SUBJECT, TO_SOURCE],
  },
  {
    type: 'QuestionnaireResponse',
    interactions: ['read', 'search-type'],
    params: [...COMMON, PATIENT, PATIENT_IDENTIFIER, BASED_ON],
    includes: [TO_SUBJECT, TO_SOURCE],
  },
  {
    type: 'Provenance',
    interactions: ['read', 'search-type'],
    params: [...COMMON, PATIENT, PATIENT_IDENTIFIER, TARGET],
    includes: [{ name: 'target', element: 'target' }],
  },
];

/** What else a referral may hold: read by id, because Tasks and ServiceRequests refer to it. */
const READ_ONLY: readonly ResourceType[] = [
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'Communication',
  'Condition',
  'Consent',
  'Coverage',
  'Device',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'Goal',
  'HealthcareService',
  'Location',
  'MedicationStatement',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'Questionnaire',
  'RelatedPerson',
];

export const RESOURCE_TABLE: readonly ResourceRow[] = [
  ...SEARCHED,
  ...READ_ONLY.map((type): ResourceRow => ({ type, interactions: ['read'], params: [], includes: [] })),
];

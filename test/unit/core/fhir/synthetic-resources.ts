import type {
  Bundle,
  FhirResource,
  MessageHeader,
  Observation,
  Organization,
  Patient,
  Questionnaire,
  QuestionnaireResponse,
  ServiceRequest,
  Task,
} from 'fhir/r4.js';

/** Valid R4 resources about nobody, for tests to damage. They use what checks find hard: choices, nesting, extensions, nulls. */

const surgery: Organization = { resourceType: 'Organization', id: 'gp', name: 'Invented Surgery' };

export const patient: Patient = {
  resourceType: 'Patient',
  id: 'p1',
  meta: {
    lastUpdated: '2026-03-01T09:30:00.1234567+01:00',
    profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient'],
  },
  text: {
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml"><p class="name">Ada &amp; Co, <b>weight = 60 kg</b><br/>on call</p></div>',
  },
  extension: [
    {
      url: 'https://example.org/preferences',
      extension: [
        { url: 'quiet', valueBoolean: false },
        { url: 'count', valueUnsignedInt: 0 },
        { url: 'id', valueUuid: 'urn:uuid:0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e' },
      ],
    },
  ],
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' }],
  active: true,
  name: [
    {
      use: 'official',
      family: 'Testwell',
      given: ['Ada', 'Grace'],
      _given: [null as never, { extension: [{ url: 'https://example.org/initial', valueCode: 'G' }] }],
    },
  ],
  telecom: [{ system: 'phone', value: '01632 960001', use: 'home', rank: 1 }],
  gender: 'female',
  birthDate: '1950-02-28',
  _birthDate: { id: 'born', extension: [{ url: 'https://example.org/time', valueDateTime: '1950-02-28T04:05:00Z' }] },
  _deceasedBoolean: {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
  },
  contact: [{ name: { text: 'B. Testwell' } }],
  generalPractitioner: [{ reference: '#gp' }],
  contained: [surgery],
};

export const serviceRequest: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 's1',
  status: 'active',
  intent: 'order',
  priority: 'routine',
  code: {
    coding: [
      {
        system: 'http://snomed.info/sct',
        code: '871731000000106',
        display: 'Referral to social prescribing service (procedure)',
      },
    ],
  },
  subject: { reference: 'Patient/p1' },
  occurrencePeriod: { start: '2026-03-01', end: '2026-05-01' },
  authoredOn: '2026-03-01T09:30:00+00:00',
  requester: { identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'X99999' } },
  reasonCode: [{ text: 'Feels alone' }, { coding: [{ system: 'https://example.org/needs', code: 'company' }] }],
  note: [{ text: 'O"Neil","role":"admin and {{ 1+1 }}' }],
};

export const task: Task = {
  resourceType: 'Task',
  id: 't1',
  identifier: [{ system: 'https://hearback.example/fhir/Id/referral', value: '0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e' }],
  status: 'in-progress',
  businessStatus: { coding: [{ system: 'https://hearback.example/fhir/CodeSystem/loop-state', code: 'accepted' }] },
  intent: 'order',
  focus: { reference: 'ServiceRequest/s1' },
  for: { reference: 'Patient/p1', type: 'Patient' },
  authoredOn: '2026-03-01',
  lastModified: '2026-03-02T00:00:00Z',
  restriction: { repetitions: 2, recipient: [{ display: 'A link worker' }] },
  input: [
    { type: { text: 'urgent' }, valueBoolean: false },
    { type: { text: 'distance' }, valueDecimal: 2.5 },
    { type: { text: 'visits' }, valuePositiveInt: 3 },
  ],
  output: [{ type: { text: 'score' }, valueReference: { reference: 'Observation/o1' } }],
};

export const observation: Observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code: { text: 'Wellbeing' },
  subject: { reference: 'urn:uuid:0190a3f2-7c1e-7a55-9d0e-1f2a3b4c5d6e' },
  effectiveDateTime: '2026-03-02T10:00:00Z',
  valueQuantity: { value: 21, unit: 'score', system: 'http://unitsofmeasure.org', code: '{score}' },
  component: [{ code: { text: 'Calm' }, valueInteger: 4 }],
};

export const questionnaireResponse: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  questionnaire: 'https://example.org/Questionnaire/wellbeing|1',
  status: 'completed',
  authored: '2026-03-02T10:00:00Z',
  item: [
    {
      linkId: '1',
      text: 'How are you?',
      item: [
        {
          linkId: '1.1',
          answer: [
            { valueInteger: 4, item: [{ linkId: '1.1.1', answer: [{ valueString: 'better' }] }] },
            { valueDecimal: 0.5 },
          ],
        },
        { linkId: '1.2', answer: [{ valueDate: '2026' }, { valueTime: '09:30:00' }] },
      ],
    },
  ],
};

export const questionnaire: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  item: [
    {
      linkId: '1',
      type: 'choice',
      required: true,
      enableWhen: [{ question: '0', operator: 'exists', answerBoolean: true }],
      answerOption: [{ valueInteger: 1 }, { valueCoding: { code: 'a' } }],
      initial: [{ valueInteger: 1 }],
    },
  ],
};

export const transaction: Bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [serviceRequest, task, patient].map((resource) => ({
    fullUrl: `https://example.org/${resource.resourceType}/${resource.id}`,
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}`, ifMatch: 'W/"1"' },
  })),
};

const header: MessageHeader = {
  resourceType: 'MessageHeader',
  eventCoding: { system: 'https://fhir.nhs.uk/CodeSystem/message-events-bars', code: 'servicerequest-request' },
  source: { endpoint: 'https://example.org/|1' },
  focus: [{ reference: 'urn:uuid:0190a3f2-7c1e-7a55-9d0e-000000000002' }],
};

export const message: Bundle = {
  resourceType: 'Bundle',
  type: 'message',
  identifier: { system: 'https://example.org/messages', value: '1' },
  timestamp: '2026-03-01T09:30:00Z',
  entry: [
    {
      fullUrl: 'urn:uuid:0190a3f2-7c1e-7a55-9d0e-000000000001',
      resource: header,
    },
    { fullUrl: 'urn:uuid:0190a3f2-7c1e-7a55-9d0e-000000000002', resource: serviceRequest },
    { resource: patient },
  ],
};

export const all: readonly FhirResource[] = [
  patient,
  serviceRequest,
  task,
  observation,
  questionnaireResponse,
  questionnaire,
  transaction,
  message,
];

/** A copy with some members replaced; a member given as undefined is removed. */
export function altered(resource: object, changes: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...structuredClone(resource), ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete copy[name];
  return copy;
}

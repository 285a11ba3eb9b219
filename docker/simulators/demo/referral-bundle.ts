import { randomUUID } from 'node:crypto';
import type { Bundle, BundleEntry, Coding, FhirResource, Patient, ServiceRequest, Task } from 'fhir/r4.js';
import type { Person } from './people.ts';

const SNOMED = 'http://snomed.info/sct';
const NEEDS: Readonly<Record<Person['fate']['need'], Coding>> = {
  money: { system: SNOMED, code: '160932005', display: 'Financial problem (finding)' },
  company: { system: SNOMED, code: '267076002', display: 'Feeling lonely (finding)' },
  caring: { system: SNOMED, code: '224484003', display: 'Person themselves is a carer' },
};
export const SERVICE: Coding = {
  system: SNOMED,
  code: '871731000000106',
  display: 'Referral to social prescribing service (procedure)',
};
export const PRACTICES = {
  riverside: { name: 'Riverside Surgery', ods: 'Z99001', doctor: ['Rufus', 'Okonedo-Hale'] },
  hillview: { name: 'Hillview Medical Centre', ods: 'Z99002', doctor: ['Sabine', 'Quillfeather'] },
} as const;

/** The practice's own number of a referral. */
export const NUMBER_SYSTEM = 'https://practice.example/Id/referral-number';

export function needOf(person: Person): Coding {
  return NEEDS[person.fate.need];
}

export function referralNumber(person: Person): string {
  return `${person.practice}-${String(person.number).padStart(4, '0')}`;
}

type Urns = Readonly<Record<'request' | 'patient' | 'doctor' | 'practice' | 'consent', string>>;

/** A referral as a transaction: every entry creates, and the sender's own Task asks for it to be done. */
export function transaction(person: Person, authoredOn: string): Bundle<FhirResource> {
  const urns = newUrns();
  const task: Task = {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] },
    focus: { reference: urns.request },
    for: { reference: urns.patient },
    authoredOn,
    requester: { reference: urns.practice },
  };
  const request: ServiceRequest = { ...requestOf(person, urns, authoredOn), code: { coding: [SERVICE] } };
  const entries = [[urns.request, request] as const, ...surroundings(person, urns), [newUrn(), task] as const];
  const entry = entries.map(
    ([fullUrl, resource]): BundleEntry<FhirResource> => ({
      fullUrl,
      resource,
      request: { method: 'POST', url: resource.resourceType },
    }),
  );
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

/** The same as a message in the shape of BaRS: the service stands in the code of a Task behind the CarePlan. */
export function message(person: Person, authoredOn: string): Bundle<FhirResource> {
  const urns = newUrns();
  const [plan, service] = [newUrn(), newUrn()];
  const request: ServiceRequest = {
    ...requestOf(person, urns, authoredOn),
    intent: 'plan',
    basedOn: [{ reference: plan }],
  };
  const entries: (readonly [string, FhirResource])[] = [
    [newUrn(), header(urns)],
    [urns.request, request],
    [
      plan,
      {
        resourceType: 'CarePlan',
        status: 'active',
        intent: 'plan',
        subject: { reference: urns.patient },
        activity: [{ reference: { reference: service } }],
      },
    ],
    [service, { resourceType: 'Task', status: 'requested', intent: 'order', code: { coding: [SERVICE] } }],
    ...surroundings(person, urns),
  ];
  const entry = entries.map(([fullUrl, resource]) => ({ fullUrl, resource }));
  return { resourceType: 'Bundle', id: randomUUID(), type: 'message', timestamp: authoredOn, entry };
}

function header(urns: Urns): FhirResource {
  return {
    resourceType: 'MessageHeader',
    eventCoding: { system: 'https://fhir.nhs.uk/CodeSystem/message-events-bars', code: 'servicerequest-request' },
    destination: [{ endpoint: 'https://fhir.nhs.uk/Id/dos-service-id|0000000001' }],
    source: { endpoint: 'https://fhir.nhs.uk/Id/dos-service-id|0000000002' },
    sender: { reference: urns.practice },
    reason: { coding: [{ system: 'https://fhir.nhs.uk/CodeSystem/message-reason-bars', code: 'new' }] },
    focus: [{ reference: urns.request }],
  };
}

function requestOf(person: Person, urns: Urns, authoredOn: string): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    identifier: [{ system: NUMBER_SYSTEM, value: referralNumber(person) }],
    status: 'active',
    intent: 'order',
    priority: 'routine',
    subject: { reference: urns.patient },
    authoredOn,
    requester: { reference: urns.doctor },
    reasonCode: [{ coding: [needOf(person)] }],
    note: [{ text: person.note }],
  };
}

/** Who and what stands around the request in every form. */
function surroundings(person: Person, urns: Urns): (readonly [string, FhirResource])[] {
  const { name, ods, doctor } = PRACTICES[person.practice];
  const [given, family] = doctor;
  return [
    [urns.patient, patientOf(person, urns)],
    [urns.doctor, { resourceType: 'Practitioner', name: [{ family, given: [given], prefix: ['Dr'] }] }],
    [
      urns.practice,
      {
        resourceType: 'Organization',
        identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: ods }],
        name,
      },
    ],
    [
      urns.consent,
      {
        resourceType: 'Consent',
        status: 'active',
        scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
        category: [{ coding: [{ system: 'https://fhir.nhs.uk/CodeSystem/consent-categories-bars', code: 'DRC' }] }],
        patient: { reference: urns.patient },
      },
    ],
  ];
}

function patientOf(person: Person, urns: Urns): Patient {
  return {
    resourceType: 'Patient',
    identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: person.nhsNumber }],
    name: [{ use: 'official', family: person.family, given: [person.given] }],
    telecom: [{ system: 'phone', value: `01632 960${100 + person.number}`, use: 'home' }],
    birthDate: person.birthDate,
    address: [
      { use: 'home', line: [`${person.number} Invented Row`], city: 'Sampleford', postalCode: person.postcode },
    ],
    managingOrganization: { reference: urns.practice },
  };
}

function newUrns(): Urns {
  return { request: newUrn(), patient: newUrn(), doctor: newUrn(), practice: newUrn(), consent: newUrn() };
}

function newUrn(): string {
  return `urn:uuid:${randomUUID()}`;
}

/**
 * Every rule that a referral can break or nearly break, in one table: what is wrong and what to do about it. Texts are
 * fixed, so no value of a message can reach a finding.
 */
import type { Finding } from '../finding.ts';
import { TASK_RULES } from './read-task-rules.ts';
import { error, note, type Wording, warning } from './referral-rules-wording.ts';

/** Resource types that a referral may carry into a dossier. */
export const CARRIED_TYPES: ReadonlySet<string> = new Set(
  `AllergyIntolerance Appointment CarePlan CareTeam ClinicalImpression Communication CommunicationRequest Condition Consent
   Coverage Device DiagnosticReport DocumentReference Encounter Endpoint EpisodeOfCare Flag Goal HealthcareService
   Immunization List Location MedicationRequest MedicationStatement Observation Organization Patient Practitioner
   PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RiskAssessment ServiceRequest
   Task`.split(/\s+/),
);

export const REFERRAL_RULES = {
  // What was sent
  'referral/content': error(
    'structure',
    'The content is not the kind of resource that this interaction takes.',
    'Post a transaction Bundle, a message Bundle, a ServiceRequest or a Task, each where it belongs.',
  ),
  'referral/resource-type': error(
    'not-supported',
    'A referral does not carry resources of this type.',
    `Leave it out, or send what it says in one of: ${[...CARRIED_TYPES].join(', ')}.`,
  ),
  'referral/full-url': error(
    'invariant',
    'Another entry has the same fullUrl, so references to it have two meanings.',
    'Give every entry a fullUrl of its own.',
  ),
  'referral/entry-method': error(
    'not-supported',
    'In a referral every entry creates a resource: only POST is taken, because the ids are assigned here.',
    'Send the entry with request.method POST and a urn:uuid fullUrl; to change or cancel an accepted referral, PUT its Task by itself.',
  ),
  'referral/entry-url': error(
    'value',
    'request.url of a POST must be the type of the resource in the entry.',
    'Write the resource type, without an id, in request.url.',
  ),
  'referral/if-none-exist': error(
    'not-supported',
    'A conditional create of the referral itself is not supported: a repeat is known by its message id.',
    'Leave ifNoneExist out; repeat the same bytes with the same X-Request-Id or Bundle.identifier to get the first answer again.',
  ),
  'referral/if-none-exist-ignored': warning(
    'not-supported',
    'ifNoneExist was not applied: every referral keeps its own copy of the people and organisations it names.',
    'Leave ifNoneExist out.',
  ),
  'referral/message-header': error(
    'required',
    'A message Bundle needs exactly one MessageHeader.',
    'Send one MessageHeader as the first entry.',
  ),
  'referral/message-event': error(
    'not-supported',
    'Of the booking and referral messages only servicerequest-request is taken here.',
    'Send eventCoding servicerequest-request of https://fhir.nhs.uk/CodeSystem/message-events-bars.',
  ),
  'referral/message-reason': error(
    'business-rule',
    'MessageHeader.reason and ServiceRequest.status contradict each other.',
    'Send new or update with active; update or delete with revoked or entered-in-error.',
  ),
  'referral/message-reason-absent': warning(
    'required',
    'MessageHeader.reason is missing; it was concluded from ServiceRequest.status.',
    'Send reason new, update or delete of https://fhir.nhs.uk/CodeSystem/message-reason-bars.',
  ),
  // What it is about
  'referral/service-request': error(
    'required',
    'There is no ServiceRequest that this referral consists of.',
    'Send one ServiceRequest: as an entry, contained in the Task, or by itself.',
  ),
  'referral/one-referral': error(
    'business-rule',
    'More than one ServiceRequest is referred here.',
    'Send each referral by itself, or let exactly one ServiceRequest be the focus of the Task or MessageHeader.',
  ),
  'referral/one-task': error(
    'business-rule',
    'More than one Task coordinates this ServiceRequest.',
    'Send one Task with code fulfill and focus on the ServiceRequest; it is divided among platforms here.',
  ),
  'referral/already-referred': error(
    'conflict',
    'This ServiceRequest was referred before and has a coordinating Task.',
    'Read and PUT that Task (search Task by focus), or send a new ServiceRequest that replaces it.',
  ),
  'referral/reference-unresolved': warning(
    'not-found',
    'This reference points to nothing in the content and to nothing of yours that is stored.',
    'Send the resource along, or name it by identifier.',
  ),
  'referral/status': error(
    'business-rule',
    'A referral begins with ServiceRequest.status active.',
    'Send status active; to cancel an accepted referral, PUT its Task with status cancelled (BaRS: message with revoked).',
  ),
  'referral/intent': error(
    'business-rule',
    'ServiceRequest.intent does not ask for anything to be done.',
    'Send intent plan, order, original-order or directive.',
  ),
  'referral/do-not-perform': error(
    'business-rule',
    'ServiceRequest.doNotPerform asks that the service is not given.',
    'Leave doNotPerform out.',
  ),
  'referral/task-status': error(
    'business-rule',
    'A requester begins the coordinating Task as requested; every later status is the performer’s.',
    'Send Task.status requested.',
  ),
  'referral/requested-service': error(
    'required',
    'No code says which service is requested.',
    'Code it in ServiceRequest.code, or (BaRS) in the Task.code that CarePlan.activity.reference names.',
  ),
  'referral/requested-service-code': error(
    'code-invalid',
    'The requested service is none of those that this engine is set up to refer to.',
    'Send a code of the bound value set, beside your own if you like.',
  ),
  'referral/requested-service-unknown': warning(
    'code-invalid',
    'Whether the requested service belongs to the bound value set cannot be told: its members are not loaded.',
    'Load the value set, or send one of its listed codes.',
  ),
  'referral/several-services': warning(
    'business-rule',
    'Several Tasks name a requested service; all their codes were kept.',
    'Send one service in a referral.',
  ),
  'referral/future': error(
    'value',
    'authoredOn is more than five minutes in the future.',
    'Correct the clock of the sending system, or the offset.',
  ),
  'referral/time-order': warning(
    'business-rule',
    'The Task was authored before the ServiceRequest that it fulfils.',
    'Check authoredOn of both.',
  ),
  'referral/requester': error(
    'required',
    'Nobody is named as the referrer.',
    'Name ServiceRequest.requester (or Task.requester) by a resource in the content or by identifier.',
  ),
  'referral/requester-assumed': note(
    'informational',
    'No referrer could be read, so the sending organisation is taken as the referrer.',
    'Name ServiceRequest.requester.',
  ),
  // Whom it is about
  'referral/patient': error(
    'required',
    'The referral has no Patient.',
    'Send the Patient as a resource and refer to it in ServiceRequest.subject.',
  ),
  'referral/one-patient': error(
    'business-rule',
    'A referral is about exactly one Patient.',
    'Send one Patient, and one referral for each.',
  ),
  'referral/same-patient': error(
    'business-rule',
    'This resource is about another patient, or about one that cannot be read.',
    'Refer to the Patient of this referral.',
  ),
  'referral/patient-name': warning(
    'required',
    'The Patient has no usable name.',
    'Send name.family and name.given, or name.text.',
  ),
  'referral/deceased': warning(
    'business-rule',
    'The Patient is recorded as deceased.',
    'Check that the referral is meant.',
  ),
  'referral/birth-date': error(
    'value',
    'The birth date is in the future or more than 130 years ago.',
    'Correct Patient.birthDate.',
  ),
  'referral/birth-date-absent': warning('required', 'The Patient has no birth date.', 'Send Patient.birthDate.'),
  'referral/nhs-number-format': error(
    'value',
    'An NHS number is ten digits without spaces or other signs.',
    'Send the ten digits only.',
  ),
  'referral/nhs-number-check-digit': error(
    'invariant',
    'The check digit of the NHS number is wrong.',
    'Correct the number, or leave it out and state why it is not available.',
  ),
  'referral/nhs-number-conflict': error(
    'conflict',
    'The Patient has two different NHS numbers.',
    'Send the current one only, or mark the other with use old.',
  ),
  'referral/nhs-number-absent': warning(
    'required',
    'The Patient has no NHS number and nothing says why.',
    'Send it, or state why not with the extension for the unavailability reason.',
  ),
  'referral/nhs-number-unavailable': note(
    'informational',
    'The NHS number is stated to be unavailable.',
    'Nothing needs doing.',
  ),
  // Whether it may be shared
  'referral/consent': error(
    'required',
    'Neither consent to share nor its absence is recorded.',
    'Send an active Consent (or an Observation coded 425691002); or state the absence: a proposed Consent, or a ServiceRequest.supportingInfo of type Consent, with the data-absent-reason extension.',
  ),
  'referral/consent-refused': error(
    'forbidden',
    'Consent to share is refused or withdrawn: nothing was shared.',
    'Do not refer without consent; leave out Consents that no longer hold or concern something else.',
  ),
  'referral/consent-absent': warning(
    'business-rule',
    'It is stated that consent to share is not recorded.',
    'Record consent and send it as an update.',
  ),
} satisfies Record<string, Wording>;

const ALL_RULES = { ...REFERRAL_RULES, ...TASK_RULES };

export type ReferralRule = keyof typeof ALL_RULES;

/** A finding of the table at a FHIRPath; `severity` where a policy decides it. */
export function say(rule: ReferralRule, expression: string, severity?: Finding['severity']): Finding {
  const wording: Wording = ALL_RULES[rule];
  return {
    severity: severity ?? wording.severity,
    rule,
    place: { expression },
    message: wording.message,
    remedy: wording.remedy,
    issue: wording.issue,
  };
}

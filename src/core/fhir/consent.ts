/**
 * Whether a patient consents to be referred, as the sender states it. Nothing is assumed from silence.
 *
 * Given: an active Consent (scope other than research and advance directive) whose provision is not `deny`, or an Observation
 *   or Condition coded 425691002 |Consent given for electronic record sharing|.
 * Refused: a Consent that is `rejected` or `inactive`, or active with provision `deny`; that Observation with valueBoolean false.
 *   A refusal outweighs a consent beside it.
 * Absence stated: the data-absent-reason extension on a Consent that is `draft` or `proposed` (on the resource, its status, its
 *   dateTime or its provision), or on an entry of ServiceRequest.supportingInfo whose type is Consent.
 */
import type {
  CodeableConcept,
  Condition,
  Consent,
  Extension,
  FhirResource,
  Observation,
  ServiceRequest,
} from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { SNOMED_SYSTEM } from '../referral.ts';
import { say } from './referral-rules-table.ts';

export interface Located<T extends FhirResource = FhirResource> {
  readonly resource: T;
  /** FHIRPath of it in what was sent. */
  readonly at: string;
}

const CONSENT_TO_SHARE = '425691002';
const DATA_ABSENT_REASON = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const OTHER_MATTERS = new Set(['research', 'adr']);

type Statement = 'given' | 'refused' | 'absent' | 'nothing';

/** The finding that the sender's statements on consent call for; none when consent is given. */
export function checkConsent(
  request: Located<ServiceRequest> | undefined,
  resources: readonly Located[],
  at: string,
): Finding[] {
  const statements = resources.map(({ resource, at: place }) => ({ says: statementOf(resource), place }));
  const refusals = statements.filter(({ says }) => says === 'refused');
  if (refusals.length > 0) return refusals.map(({ place }) => say('referral/consent-refused', place));
  if (statements.some(({ says }) => says === 'given')) return [];
  const absent = statements.find(({ says }) => says === 'absent');
  if (absent !== undefined) return [say('referral/consent-absent', absent.place)];
  const info = request?.resource.supportingInfo ?? [];
  const stated = info.findIndex((entry) => entry.type === 'Consent' && statesAbsence(entry.extension));
  if (request !== undefined && stated >= 0)
    return [say('referral/consent-absent', `${request.at}.supportingInfo[${stated}]`)];
  return [say('referral/consent', at)];
}

function statementOf(resource: FhirResource): Statement {
  switch (resource.resourceType) {
    case 'Consent':
      return consentStatement(resource);
    case 'Observation':
      return observationStatement(resource);
    case 'Condition':
      return conditionStatement(resource);
    default:
      return 'nothing';
  }
}

function consentStatement(consent: Consent): Statement {
  if ((consent.scope.coding ?? []).some(({ code }) => code !== undefined && OTHER_MATTERS.has(code))) return 'nothing';
  switch (consent.status) {
    case 'active':
      return consent.provision?.type === 'deny' ? 'refused' : 'given';
    case 'rejected':
    case 'inactive':
      return 'refused';
    case 'entered-in-error':
      return 'nothing';
    default:
      return consentStatesAbsence(consent) ? 'absent' : 'nothing';
  }
}

function consentStatesAbsence({ extension, _status, _dateTime, provision }: Consent): boolean {
  return [extension, _status?.extension, _dateTime?.extension, provision?.extension].some(statesAbsence);
}

function observationStatement({ status, code, valueBoolean, valueCodeableConcept }: Observation): Statement {
  if (status === 'entered-in-error' || status === 'cancelled') return 'nothing';
  if (valueCodeableConcept !== undefined && isConsentToShare(valueCodeableConcept)) return 'given';
  if (!isConsentToShare(code)) return 'nothing';
  return valueBoolean === false ? 'refused' : 'given';
}

function conditionStatement({ code, verificationStatus }: Condition): Statement {
  const verification = (verificationStatus?.coding ?? []).map((coding) => coding.code);
  if (verification.includes('entered-in-error') || verification.includes('refuted')) return 'nothing';
  return code !== undefined && isConsentToShare(code) ? 'given' : 'nothing';
}

function isConsentToShare({ coding }: CodeableConcept): boolean {
  return (coding ?? []).some(({ system, code }) => system === SNOMED_SYSTEM && code === CONSENT_TO_SHARE);
}

function statesAbsence(extensions: readonly Extension[] | undefined): boolean {
  return (extensions ?? []).some(({ url, valueCode }) => url === DATA_ABSENT_REASON && valueCode !== undefined);
}

import type { Coding } from 'fhir/r4.js';

/**
 * The codes of the audit resources. All stand in the value sets that FHIR R4 binds AuditEvent and Provenance to (audit-event-type,
 * audit-event-sub-type, audit-entity-type, object-role, audit-source-type, provenance-agent-type) or in the IHE Basic Audit Log
 * Patterns 1.1 (disclose of iso-21089-lifecycle, IRCP); a test holds them against R4's own lists.
 */
const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const REST = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';

const coding = (system: string, code: string, display: string): Coding => ({ system, code, display });

export const EVENT = {
  activity: coding(DCM, '110100', 'Application Activity'),
  logUsed: coding(DCM, '110101', 'Audit Log Used'),
  export: coding(DCM, '110106', 'Export'),
  import: coding(DCM, '110107', 'Import'),
  record: coding(DCM, '110110', 'Patient Record'),
  alert: coding(DCM, '110113', 'Security Alert'),
  authentication: coding(DCM, '110114', 'User Authentication'),
  rest: coding(REST, 'rest', 'RESTful Operation'),
} as const;

export const SUB = {
  start: coding(DCM, '110120', 'Application Start'),
  login: coding(DCM, '110122', 'Login'),
  logout: coding(DCM, '110123', 'Logout'),
  security: coding(DCM, '110129', 'Security Configuration'),
  software: coding(DCM, '110131', 'Software Configuration'),
  userSecurity: coding(DCM, '110137', 'User security Attributes Changed'),
  read: coding(INTERACTION, 'read', 'read'),
  disclose: coding(LIFECYCLE, 'disclose', 'Disclose Record Lifecycle Event'),
} as const;

export const ROLE = {
  application: coding(DCM, '110150', 'Application'),
  destination: coding(DCM, '110152', 'Destination Role ID'),
  source: coding(DCM, '110153', 'Source Role ID'),
  recipient: coding('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP', 'information recipient'),
  human: coding('http://terminology.hl7.org/CodeSystem/extra-security-role-type', 'humanuser', 'human user'),
} as const;

const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';

export const ENTITY = {
  person: coding(ENTITY_TYPE, '1', 'Person'),
  object: coding(ENTITY_TYPE, '2', 'System Object'),
  other: coding(ENTITY_TYPE, '4', 'Other'),
  referral: coding('http://hl7.org/fhir/resource-types', 'ServiceRequest', 'ServiceRequest'),
} as const;

export const OBJECT = {
  patient: coding(OBJECT_ROLE, '1', 'Patient'),
  resource: coding(OBJECT_ROLE, '4', 'Domain Resource'),
  security: coding(OBJECT_ROLE, '13', 'Security Resource'),
} as const;

export const SERVER = coding('http://terminology.hl7.org/CodeSystem/security-source-type', '4', 'Application Server');

/**
 * What a mapping reads and what it makes. Everything that is not FHIR is a JSON tree: a form is one object of texts, a CSV
 * row one object by column, an HL7 v2 message a tree of segments (`PID.f3.c1`; see core/hl7v2/tree.ts), an XML document a tree
 * of elements.
 */
export type MappingFrom = 'fhir/referral' | 'fhir/message' | 'json' | 'form' | 'xml' | 'csv' | 'hl7v2';
export type MappingTo =
  | 'json'
  | 'form'
  | 'xml'
  /** A list of several small messages for one event. */
  | 'messages'
  /** One HL7 v2 message: its segments in order (see core/hl7v2/write-tree.ts). */
  | 'hl7v2'
  | 'fhir/report'
  | 'fhir/referral'
  | 'fhir/message';

/** The roads there are: what may be made of what. Outward the dossier is read; inward a report or a dossier is made. */
const ROADS: Readonly<Record<MappingFrom, readonly MappingTo[]>> = {
  'fhir/referral': ['json', 'form', 'xml', 'messages', 'hl7v2', 'fhir/message'],
  'fhir/message': ['fhir/report', 'fhir/referral'],
  json: ['fhir/report', 'fhir/referral'],
  form: ['fhir/report', 'fhir/referral'],
  xml: ['fhir/report', 'fhir/referral'],
  csv: ['fhir/report', 'fhir/referral'],
  hl7v2: ['fhir/report', 'fhir/referral'],
};

const TO: Readonly<Record<MappingTo, true>> = {
  json: true,
  form: true,
  xml: true,
  messages: true,
  hl7v2: true,
  'fhir/report': true,
  'fhir/referral': true,
  'fhir/message': true,
};

export const MAPPING_FROM: readonly MappingFrom[] = Object.keys(ROADS).filter(isFrom);
export const MAPPING_TO: readonly MappingTo[] = Object.keys(TO).filter(isTo);

function isFrom(name: string): name is MappingFrom {
  return Object.hasOwn(ROADS, name);
}

function isTo(name: string): name is MappingTo {
  return Object.hasOwn(TO, name);
}

export function roadsFrom(from: MappingFrom): readonly MappingTo[] {
  return ROADS[from];
}

/** Whether it reads what a partner sends, rather than the dossier. Only such a mapping has an order key. */
export function isInward(from: MappingFrom): boolean {
  return from !== 'fhir/referral';
}

/** Whether its input is described by the R4 model. */
export function readsFhir(from: MappingFrom): boolean {
  return from === 'fhir/referral' || from === 'fhir/message';
}

/** Whether its result is described by the R4 model. */
export function makesFhir(to: MappingTo): boolean {
  return to === 'fhir/report' || to === 'fhir/referral' || to === 'fhir/message';
}

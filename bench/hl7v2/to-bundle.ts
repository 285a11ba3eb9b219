import type { Bundle, FhirResource, Observation, Patient } from 'fhir/r4.js';
import type { Reader, SegmentView } from './readers.ts';

const LOCAL_CODES = 'urn:example:local';

/**
 * REF^I12 and ORU^R01 to a Bundle, written by hand: the same code over every reader, so that only the reading differs.
 * It is a measure, not the product's mapping.
 */
export function toBundle(reader: Reader, text: string): Bundle<FhirResource> {
  const segments = reader.read(text);
  const patient = segments.find(({ name }) => name === 'PID');
  const resources: FhirResource[] = patient === undefined ? [] : [patientOf(patient)];
  for (const [index, segment] of segments.entries()) {
    if (segment.name === 'RF1') resources.push(requestOf(segment, segments));
    if (segment.name === 'PRD') resources.push(practitionerOf(segment));
    if (segment.name === 'OBX') resources.push(observationOf(segment, notesAfter(segments, index)));
  }
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

function patientOf(pid: SegmentView): Patient {
  const repetitions = (field: number): number[] => Array.from({ length: pid.repetitions(field) }, (_, at) => at + 1);
  return {
    resourceType: 'Patient',
    identifier: repetitions(3).map((at) => ({ system: pid.get(3, 4, at), value: pid.get(3, 1, at) })),
    name: [{ family: pid.get(5, 1), given: [pid.get(5, 2), pid.get(5, 3)], prefix: [pid.get(5, 5)] }],
    birthDate: dateOf(pid.get(7)),
    gender: pid.get(8) === 'F' ? 'female' : 'unknown',
    address: [{ line: [pid.get(11, 1), pid.get(11, 2)], city: pid.get(11, 3), postalCode: pid.get(11, 5) }],
    telecom: repetitions(13).map((at) => ({
      system: 'phone',
      value: pid.get(13, 1, at),
      use: useOf(pid.get(13, 2, at)),
    })),
  };
}

function requestOf(rf1: SegmentView, segments: readonly SegmentView[]): FhirResource {
  const order = segments.find(({ name }) => name === 'OBR');
  return {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/1' },
    identifier: [{ value: rf1.get(6, 3) }, { value: rf1.get(11, 3) }],
    priority: rf1.get(2) === 'R' ? 'routine' : 'urgent',
    code: { coding: [{ code: rf1.get(3, 1), display: rf1.get(3, 2) }] },
    reasonCode: [{ coding: [{ code: rf1.get(10, 1) }], text: rf1.get(10, 2) }],
    authoredOn: dateOf(rf1.get(7)),
    ...(order !== undefined && { requisition: { value: order.get(2) } }),
  };
}

function practitionerOf(prd: SegmentView): FhirResource {
  return {
    resourceType: 'Practitioner',
    name: [{ family: prd.get(2, 1), given: [prd.get(2, 2)] }],
    identifier: [{ value: prd.get(7, 1), system: prd.get(7, 2) }],
    telecom: [{ value: prd.get(5, 1) }],
    qualification: [{ code: { text: prd.get(1, 2) } }],
  };
}

function observationOf(obx: SegmentView, note: readonly string[]): Observation {
  const value = obx.get(5);
  return {
    resourceType: 'Observation',
    status: obx.get(11) === 'F' ? 'final' : 'preliminary',
    code: { coding: [{ system: LOCAL_CODES, code: obx.get(3, 1), display: obx.get(3, 2) }] },
    ...(obx.get(2) === 'NM' ? { valueQuantity: { value: Number(value), unit: obx.get(6) } } : { valueString: value }),
    effectiveDateTime: dateOf(obx.get(14)),
    note: note.map((text) => ({ text })),
  };
}

function notesAfter(segments: readonly SegmentView[], index: number): string[] {
  const notes: string[] = [];
  for (let at = index + 1; segments[at]?.name === 'NTE'; at += 1) notes.push(segments[at]?.get(3) ?? '');
  return notes;
}

function dateOf(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}

function useOf(code: string): 'home' | 'mobile' {
  return code === 'CP' ? 'mobile' : 'home';
}

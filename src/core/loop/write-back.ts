import type {
  Bundle,
  BundleEntry,
  FhirResource,
  Observation,
  Provenance,
  QuestionnaireResponse,
  Reference,
  Task,
} from 'fhir/r4.js';
import { copyWithPointers } from '../fhir/references.ts';
import type { Finding } from '../finding.ts';
import { type Dossier, ENTRY_ID_SYSTEM, ofType, REFERRAL_ID_SYSTEM, type Referral } from '../referral.ts';
import { resultsOf } from './attach-results.ts';
import type { LoopEvent } from './event.ts';
import { gpEntry } from './gp-entry.ts';
import { logicalReference, patientIdentifier } from './logical-reference.ts';
import { namedId } from './named-id.ts';
import { provenanceId, provenanceOf } from './provenance.ts';

interface WriteBackGiven {
  /** The dossier with the Tasks and results as this event made them. */
  readonly dossier: Dossier;
  readonly referral: Referral;
  readonly event: LoopEvent;
}

/**
 * What one event means for the GP's record, as a transaction for the GP's FHIR server: the referral's Task as it stands,
 * the results that came with the event, one entry for the event itself, and where it all came from.
 *
 * Sending it again changes nothing: the Task is a conditional update by the referral's id, results and entry are
 * conditional creates by their entry identifier. R4 gives Provenance no identifier to search by, and `entity:identifier`
 * is a modifier that few servers know and lenient ones ignore (which would double it); so it is a PUT to an id of ours,
 * a function of the event: updating to the same content is idempotent by HTTP itself.
 * The same input gives the same bytes. No bundle when the patient has no identifier that the GP's system could know.
 */
export function buildWriteBack(given: WriteBackGiven): { bundle?: Bundle; findings: Finding[] } {
  const { dossier, referral, event } = given;
  const [patient] = ofType(dossier, 'Patient');
  if (patientIdentifier(patient?.identifier) === undefined) return { findings: [unknownPatient()] };
  const parent = ofType(dossier, 'Task').find((task) => task.id === referral.parentTask);
  if (parent === undefined) throw new Error('a dossier without its parent Task');

  const results = resultsOf(event, dossier);
  const entry = gpEntry(event, dossier);
  const about = logicalReference({ reference: `Patient/${patient?.id}` }, dossier);
  const view: View = { dossier, patient: about, carried: new Set(results.map(nameOf)) };
  const created = [...results.map((result) => resultForGp(result, view)), ...(entry ? [entryForGp(entry, view)] : [])];
  const task = taskForGp(parent, referral, view);
  const targets = [task, ...created].map(({ fullUrl }): Reference => ({ reference: fullUrl }));
  const provenance = provenanceForGp(provenanceOf({ event, dossier, targets }), event, view);
  return {
    bundle: {
      resourceType: 'Bundle',
      id: writeBackId(event),
      type: 'transaction',
      entry: [task, ...created, provenance],
    },
    findings: [],
  };
}

/** The id of the write-back that tells of an event. */
export function writeBackId(event: Pick<LoopEvent, 'id'>): string {
  return namedId('write-back', event.id);
}

/** What decides how a reference looks to the GP: what travels along is pointed at, the rest is named by identifier. */
interface View {
  readonly dossier: Dossier;
  /** The patient as the GP's system knows it. */
  readonly patient: Reference;
  readonly carried: ReadonlySet<string>;
}

type Entry = BundleEntry & { readonly fullUrl: string };

/** Allow-list: what the GP needs of the Task. The patient's story stays in the referral that the GP itself wrote. */
function taskForGp(task: Task, referral: Referral, view: View): Entry {
  const {
    status,
    statusReason,
    businessStatus,
    intent,
    priority,
    code,
    focus,
    authoredOn,
    lastModified,
    note,
    output,
  } = task;
  const known = task.identifier?.some((identifier) => identifier.system === REFERRAL_ID_SYSTEM);
  const ours = { system: REFERRAL_ID_SYSTEM, value: referral.id };
  const lean: Task = {
    resourceType: 'Task',
    identifier: known ? task.identifier : [...(task.identifier ?? []), ours],
    status,
    ...(statusReason && { statusReason }),
    ...(businessStatus && { businessStatus }),
    intent,
    ...(priority && { priority }),
    ...(code && { code }),
    ...(focus && { focus }),
    for: view.patient,
    ...(authoredOn && { authoredOn }),
    ...(lastModified && { lastModified }),
    ...(note && { note }),
    ...(output && { output }),
  };
  return {
    fullUrl: `urn:uuid:${task.id}`,
    resource: seenByGp(lean, view),
    request: { method: 'PUT', url: `Task?identifier=${REFERRAL_ID_SYSTEM}|${referral.id}` },
  };
}

function resultForGp(resource: Observation | QuestionnaireResponse, view: View): Entry {
  const { id = '', meta: _, ...content } = resource;
  return createOnce(id, { ...content, subject: view.patient }, view);
}

function entryForGp(entry: Observation, view: View): Entry {
  const { id = '', ...content } = entry;
  const [request] = ofType(view.dossier, 'ServiceRequest');
  const basedOn = request === undefined ? {} : { basedOn: [{ reference: `ServiceRequest/${request.id}` }] };
  return createOnce(id, { ...content, subject: view.patient, ...basedOn }, view);
}

function createOnce(id: string, resource: Observation | QuestionnaireResponse, view: View): Entry {
  return {
    fullUrl: `urn:uuid:${id}`,
    resource: seenByGp(resource, view),
    request: { method: 'POST', url: resource.resourceType, ifNoneExist: `identifier=${ENTRY_ID_SYSTEM}|${id}` },
  };
}

function provenanceForGp(provenance: Provenance, event: LoopEvent, view: View): Entry {
  const { meta: _, ...content } = provenance;
  const id = provenanceId(event);
  return {
    fullUrl: `urn:uuid:${id}`,
    resource: seenByGp(content, view),
    request: { method: 'PUT', url: `Provenance/${id}` },
  };
}

function seenByGp(resource: FhirResource, view: View): FhirResource {
  const reference = (pointer: Reference): Reference => {
    const literal = pointer.reference;
    if (literal === undefined || literal.startsWith('urn:uuid:') || literal.startsWith('#')) return pointer;
    if (!view.carried.has(literal)) return logicalReference(pointer, view.dossier);
    return { ...pointer, reference: `urn:uuid:${literal.slice(literal.indexOf('/') + 1)}` };
  };
  return copyWithPointers(resource, resource.resourceType, { reference });
}

function nameOf(resource: FhirResource): string {
  return `${resource.resourceType}/${resource.id}`;
}

function unknownPatient(): Finding {
  return {
    severity: 'error',
    rule: 'write-back/patient',
    place: { expression: 'Patient.identifier' },
    message: 'The patient has no identifier by which the GP system could find the record.',
    remedy: 'Ask the practice for the NHS number and have the referral sent again with it.',
    issue: 'required',
  };
}

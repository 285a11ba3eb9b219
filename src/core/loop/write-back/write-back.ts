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
import { isDossier } from '../../fhir/as-transaction.ts';
import { copyWithPointers } from '../../fhir/references.ts';
import type { Finding } from '../../finding.ts';
import { type Dossier, ENTRY_ID_SYSTEM, ofType, REFERRAL_ID_SYSTEM, type Referral } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import { isRestricted, restricted } from '../patient-view.ts';
import { resultsOf } from '../report/attach-results.ts';
import type { ResultResource } from '../report/read-report.ts';
import { stateRow } from '../states.ts';
import { sayerOf } from '../who-said.ts';
import { codesOnly } from './codes-only.ts';
import { digestEntry, episodeEntry } from './digest-entry.ts';
import { gpEntry, saidBy } from './gp-entry.ts';
import { logicalReference, patientIdentifier } from './logical-reference.ts';
import { provenanceId, provenanceOf } from './provenance.ts';

export interface WriteBackGiven {
  /** The dossier with the Tasks and results as this event made them. */
  readonly dossier: Dossier;
  readonly referral: Referral;
  /** What is told; of several, the newest. */
  readonly event: LoopEvent;
  /** Several events that are told together, in order, the newest included. */
  readonly digest?: readonly LoopEvent[];
  /** Anything restricted that the Task's notes may repeat. */
  readonly restrictsTask?: boolean;
  /** False where an older write-back may still arrive, and would set the Task back. */
  readonly withTask?: boolean;
  /** The first yes of this episode, where the national referral code is Hearback's to write. */
  readonly episode?: Pick<LoopEvent, 'referral' | 'at'>;
  /** No free text leaves. */
  readonly codesOnly?: boolean;
}

/**
 * What happened, as a transaction for the GP's FHIR server: the referral's Task as it stands, the results that came with the
 * events, an entry for the event itself (of several events one for each that has a code, and one for all others), and where
 * it all came from.
 *
 * Sending it again changes nothing: the Task is a conditional update by the referral's id, results and entry are
 * conditional creates by their entry identifier. R4 gives Provenance no identifier to search by, and `entity:identifier`
 * is a modifier that few servers know and lenient ones ignore (which would double it); so it is a PUT to an id of ours,
 * a function of the event: updating to the same content is idempotent by HTTP itself.
 * The same input gives the same bytes. No bundle when the patient has no identifier that the GP's system could know.
 */
export function buildWriteBack(given: WriteBackGiven): { bundle?: Bundle; findings: Finding[] } {
  const { dossier, referral, event, digest = [event] } = given;
  const [patient] = ofType(dossier, 'Patient');
  if (patientIdentifier(patient?.identifier) === undefined) return { findings: [unknownPatient()] };
  const parent = ofType(dossier, 'Task').find((task) => task.id === referral.parentTask);
  if (parent === undefined) throw new Error('a dossier without its parent Task');

  const told = toldEvents(digest, dossier);
  const about = logicalReference({ reference: `Patient/${patient?.id}` }, dossier);
  const results = told.flatMap((one) => one.results);
  const view: View = { dossier, patient: about, carried: new Set(results.map(nameOf)) };
  const task = given.withTask === false ? [] : [taskForGp(parent, given, view)];
  const created = told.map((one) => ({ ...one, entries: createdOf(one, view) }));
  const summary = summaryOf(told, dossier).map((entry) => createOnce(entry, view));
  const episode = given.episode === undefined ? [] : [createOnce(episodeEntry(given.episode), view)];
  const provenances = created.map((one) => {
    const entries = [...task, ...one.entries, ...(one.inSummary ? summary : [])];
    const targets = entries.map(({ fullUrl }): Reference => ({ reference: fullUrl }));
    return provenanceForGp(provenanceOf({ event: one.event, dossier, targets }), one.event, view);
  });
  const bundle: Bundle = {
    resourceType: 'Bundle',
    id: namedId('write-back', ...digest.map(({ id }) => id)),
    type: 'transaction',
    entry: [...task, ...created.flatMap(({ entries }) => entries), ...summary, ...episode, ...provenances],
  };
  return { bundle: given.codesOnly && isDossier(bundle) ? codesOnly(bundle) : bundle, findings: [] };
}

interface Told {
  readonly event: LoopEvent;
  readonly results: readonly ResultResource[];
  /** Its own entry; absent where it stands in the summary, and for an outcome. */
  readonly entry?: Observation;
  readonly inSummary: boolean;
}

/**
 * One event has an entry of its own. Of several, so have those with a code, which text would lose, and those that the patient
 * should not see, which the summary would show.
 */
function toldEvents(digest: readonly LoopEvent[], dossier: Dossier): Told[] {
  return digest.map((event) => {
    const results = resultsOf(event, dossier);
    const entry = gpEntry(event, dossier);
    const isAlone = digest.length === 1 || stateRow(event.kind).code !== undefined || isRestricted(event);
    return { event, results, inSummary: !isAlone, ...(isAlone && entry && { entry }) };
  });
}

function summaryOf(told: readonly Told[], dossier: Dossier): Observation[] {
  const events = told.flatMap(({ event, inSummary }) => (inSummary ? [event] : []));
  return events.length === 0 ? [] : [digestEntry(events, dossier)];
}

function createdOf({ event, results, entry }: Told, view: View): Entry[] {
  const all = [...results.map((result) => authored(result, event, view.dossier)), ...(entry ? [entry] : [])];
  return all.map((one) => createOnce(isRestricted(event) ? restricted(one) : one, view));
}

/** A score names who took it, like every entry: record systems show the sending system's user. */
function authored(result: ResultResource, event: LoopEvent, dossier: Dossier): ResultResource {
  if (result.resourceType !== 'Observation' || event.by === 'hearback') return result;
  const performers = result.performer ?? [];
  const { organisation } = sayerOf(event, dossier);
  const isNamed = performers.some(({ display }) => display !== undefined && display === organisation?.display);
  return {
    ...result,
    performer: isNamed || organisation === undefined ? performers : [...performers, organisation],
    note: [...(result.note ?? []), { text: saidBy(event, dossier) }],
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
function taskForGp(task: Task, { referral, restrictsTask }: WriteBackGiven, view: View): Entry {
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
    resource: seenByGp(restrictsTask ? restricted(lean) : lean, view),
    request: { method: 'PUT', url: `Task?identifier=${REFERRAL_ID_SYSTEM}|${referral.id}` },
  };
}

function createOnce({ id = '', meta, ...content }: Observation | QuestionnaireResponse, view: View): Entry {
  const [request] = ofType(view.dossier, 'ServiceRequest');
  const basedOn = request === undefined ? {} : { basedOn: [{ reference: `ServiceRequest/${request.id}` }] };
  const security = meta?.security && { meta: { security: meta.security } };
  const resource = { ...basedOn, ...content, ...security, subject: view.patient };
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

import type { Identifier, Observation, QuestionnaireResponse, Reference } from 'fhir/r4.js';
import { copyWithPointers } from '../../fhir/references.ts';
import { type Dossier, ENTRY_ID_SYSTEM, ofType } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import type { Report, ResultResource } from './read-report.ts';

interface AttachResults {
  readonly report: Pick<Report, 'results'>;
  readonly dossier: Dossier;
  /** The event that the report became; its message names the results. */
  readonly event: LoopEvent;
}

/**
 * A report's results as resources of the dossier: with ids of ours, about the patient, based on the request. Id and entry
 * identifier are a function of the message and the result's place in it, so the same report again makes the same
 * resources. References among the results are kept; a reference to anything else would dangle and keeps only its words.
 */
export function attachResults({ report, dossier, event }: AttachResults): ResultResource[] {
  const ids = report.results.map((_, position) => resultId(event, position));
  const names = new Map<string, string>();
  for (const [position, { fullUrl, resource }] of report.results.entries()) {
    const ours = `${resource.resourceType}/${ids[position]}`;
    if (fullUrl !== undefined) names.set(fullUrl, ours);
    if (resource.id !== undefined) names.set(`${resource.resourceType}/${resource.id}`, ours);
  }
  const about = links(dossier);
  return report.results.map(({ resource }, position) =>
    attach(relink(resource, names), { id: ids[position] ?? '', about, event }),
  );
}

/** The results in a dossier that came with this event's message, in the message's order. */
export function resultsOf(event: LoopEvent, dossier: Dossier): ResultResource[] {
  const own = bySource(dossier).get(sourceOf(event)) ?? new Map<string, ResultResource>();
  const found: ResultResource[] = [];
  // Places of results that were known before stay empty: at most as many as there are results altogether.
  for (let position = 0; found.length < own.size && position < MOST_PLACES; position += 1) {
    const result = own.get(resultId(event, position));
    if (result !== undefined) found.push(result);
  }
  return found;
}

const MOST_PLACES = 100_000;

type BySource = ReadonlyMap<string, ReadonlyMap<string, ResultResource>>;
const KNOWN = new WeakMap<Dossier, BySource>();

/** The results of a dossier by what they came with, then by id. Made once for each dossier, which is never changed. */
function bySource(dossier: Dossier): BySource {
  const known = KNOWN.get(dossier);
  if (known !== undefined) return known;
  const made = new Map<string, Map<string, ResultResource>>();
  for (const result of [...ofType(dossier, 'Observation'), ...ofType(dossier, 'QuestionnaireResponse')]) {
    const source = result.meta?.source ?? '';
    const own = made.get(source) ?? new Map<string, ResultResource>();
    made.set(source, own.set(result.id ?? '', result));
  }
  KNOWN.set(dossier, made);
  return made;
}

/** meta.source of what came with an event. */
function sourceOf(event: LoopEvent): string {
  return `urn:uuid:${event.message ?? event.id}`;
}

function resultId(event: LoopEvent, position: number): string {
  return namedId('result', event.message ?? event.id, position);
}

function relink(resource: ResultResource, names: ReadonlyMap<string, string>): ResultResource {
  const reference = (pointer: Reference): Reference => {
    const ours = names.get(pointer.reference ?? '');
    if (ours !== undefined) return { ...pointer, reference: ours };
    return pointer.reference?.startsWith('#') ? pointer : wordsOnly(pointer);
  };
  const copy = copyWithPointers(resource, resource.resourceType, { reference });
  if (copy.resourceType !== 'Observation' && copy.resourceType !== 'QuestionnaireResponse') {
    throw new Error('a copied result is a result');
  }
  return copy;
}

function wordsOnly({ reference: _, ...words }: Reference): Reference {
  return words.display === undefined && words.identifier === undefined
    ? { ...words, display: 'not sent along' }
    : words;
}

interface Place {
  readonly id: string;
  readonly about: Links;
  readonly event: LoopEvent;
}

function attach(resource: ResultResource, place: Place): ResultResource {
  return resource.resourceType === 'Observation' ? observation(resource, place) : response(resource, place);
}

function observation(resource: Observation, place: Place): Observation {
  const { event } = place;
  const dated =
    resource.effectiveDateTime ?? resource.effectivePeriod ?? resource.effectiveInstant ?? resource.effectiveTiming;
  const performer = resource.performer ?? worker(event);
  return {
    ...resource,
    ...stamp(place, resource),
    identifier: [...(resource.identifier ?? []), entryIdentifier(place.id)],
    ...place.about,
    ...(dated === undefined && { effectiveDateTime: event.at }),
    ...(performer && { performer }),
  };
}

/** R4 gives a QuestionnaireResponse one identifier only: ours, or a repeat could not be recognised. */
function response(resource: QuestionnaireResponse, place: Place): QuestionnaireResponse {
  const author = resource.author ?? worker(place.event)?.[0];
  return {
    ...resource,
    ...stamp(place, resource),
    identifier: entryIdentifier(place.id),
    ...place.about,
    authored: resource.authored ?? place.event.at,
    ...(author && { author }),
  };
}

/** Labels stay (who may see it is the sender's to say); everything else of meta is ours. */
function stamp({ id, event }: Place, { meta }: ResultResource): Pick<ResultResource, 'id' | 'meta'> {
  const security = meta?.security && { security: meta.security };
  return { id, meta: { versionId: '1', lastUpdated: event.recordedAt, source: sourceOf(event), ...security } };
}

function entryIdentifier(value: string): Identifier {
  return { system: ENTRY_ID_SYSTEM, value };
}

interface Links {
  readonly subject?: Reference;
  readonly basedOn?: Reference[];
}

function links(dossier: Dossier): Links {
  const [patient] = ofType(dossier, 'Patient');
  const [request] = ofType(dossier, 'ServiceRequest');
  return {
    ...(patient && { subject: { reference: `Patient/${patient.id}` } }),
    ...(request && { basedOn: [{ reference: `ServiceRequest/${request.id}` }] }),
  };
}

function worker(event: LoopEvent): Reference[] | undefined {
  return event.actor === undefined ? undefined : [{ display: event.actor }];
}

import type { Identifier, Observation, QuestionnaireResponse, Reference } from 'fhir/r4.js';
import { copyWithPointers } from '../fhir/references.ts';
import { type Dossier, ENTRY_ID_SYSTEM, ofType } from '../referral.ts';
import type { LoopEvent } from './event.ts';
import { namedId } from './named-id.ts';
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
  return report.results.map(({ resource }, position) =>
    attach(relink(resource, names), { id: ids[position] ?? '', dossier, event }),
  );
}

/** The results in a dossier that came with this event's message, in the message's order. */
export function resultsOf(event: LoopEvent, dossier: Dossier): ResultResource[] {
  const results = [...ofType(dossier, 'Observation'), ...ofType(dossier, 'QuestionnaireResponse')];
  const byId = new Map(results.map((resource) => [resource.id, resource]));
  return results.flatMap((_, position) => byId.get(resultId(event, position)) ?? []);
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
  readonly dossier: Dossier;
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
    ...stamp(place),
    identifier: [...(resource.identifier ?? []), entryIdentifier(place.id)],
    ...links(place.dossier),
    ...(dated === undefined && { effectiveDateTime: event.at }),
    ...(performer && { performer }),
  };
}

/** R4 gives a QuestionnaireResponse one identifier only: ours, or a repeat could not be recognised. */
function response(resource: QuestionnaireResponse, place: Place): QuestionnaireResponse {
  const author = resource.author ?? worker(place.event)?.[0];
  return {
    ...resource,
    ...stamp(place),
    identifier: entryIdentifier(place.id),
    ...links(place.dossier),
    authored: resource.authored ?? place.event.at,
    ...(author && { author }),
  };
}

function stamp({ id, event }: Place): Pick<ResultResource, 'id' | 'meta'> {
  return { id, meta: { versionId: '1', lastUpdated: event.recordedAt } };
}

function entryIdentifier(value: string): Identifier {
  return { system: ENTRY_ID_SYSTEM, value };
}

function links(dossier: Dossier): { subject?: Reference; basedOn?: Reference[] } {
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

import type { Annotation, FhirResource, Task } from 'fhir/r4.js';
import type { LoopEvent } from '../../core/loop/event.ts';
import { eventNote } from '../../core/loop/tasks/task-notes.ts';
import { type Dossier, ENTRY_ID_SYSTEM } from '../../core/referral.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * The dossier as one platform may be told of it: what the GP sent, in the GP's words, and this platform's own part. What
 * came back, from this platform or another, is for the GP; a mapping that reads notes or reasons must not meet it here.
 */
export function platformView(dossier: Dossier, task: string, of: Pick<Snapshot, 'referral' | 'events'>): Dossier {
  const entry = (dossier.entry ?? []).flatMap(({ resource }) => {
    const shown = resource && view(resource, task, { ...of, dossier });
    return shown === undefined ? [] : [{ resource: shown }];
  });
  return { ...dossier, entry };
}

type Given = Pick<Snapshot, 'referral' | 'events' | 'dossier'>;

function view(resource: FhirResource, task: string, given: Given): FhirResource | undefined {
  if (resource.resourceType === 'Task') {
    if (resource.id === given.referral.parentTask) return asGpSaidIt(resource, given);
    return resource.partOf === undefined || resource.id === task ? resource : undefined;
  }
  return cameBack(resource) ? undefined : resource;
}

/** The results that platforms reported carry an entry identifier of ours. */
function cameBack(resource: FhirResource): boolean {
  if (resource.resourceType === 'Observation')
    return resource.identifier?.some(({ system }) => system === ENTRY_ID_SYSTEM) === true;
  if (resource.resourceType === 'QuestionnaireResponse') return resource.identifier?.system === ENTRY_ID_SYSTEM;
  return false;
}

/** The status of a Task and its reason follow what platforms say; the reason here is the one with which the GP ended it. */
function asGpSaidIt({ statusReason: _, note: notes = [], ...task }: Task, { referral, events, dossier }: Given): Task {
  const others = new Set(
    events.filter(({ by }) => by !== referral.referrer).map((event) => sameness(eventNote(event, dossier))),
  );
  const note = notes.filter((one) => one.authorString !== 'Hearback' && !others.has(sameness(one)));
  const reason = events.findLast((event) => event.by === referral.referrer && isEnding(event))?.reason;
  return { ...task, ...(note.length > 0 && { note }), ...(reason && { statusReason: reason }) };
}

function isEnding({ kind }: LoopEvent): boolean {
  return kind === 'cancel-requested' || kind === 'cancelled' || kind === 'entered-in-error';
}

function sameness({ time, authorString, text }: Annotation): string {
  return JSON.stringify([time, authorString, text]);
}

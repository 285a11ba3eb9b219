import type { Reference } from 'fhir/r4.js';
import { type Dossier, ofType } from '../referral.ts';
import type { LoopEvent } from './event.ts';

/** Who stands behind an event: the worker as the platform wrote it, and the organisation worked for. */
interface Sayer {
  readonly worker?: string;
  readonly organisation?: Reference;
}

/** The organisation is the owner of the Task the event speaks of; nobody but Hearback stands behind its own events. */
export function sayerOf(event: LoopEvent, dossier: Dossier): Sayer {
  if (event.by === 'hearback') return {};
  const owner = ofType(dossier, 'Task').find((task) => task.id === event.task)?.owner;
  const organisation = owner === undefined ? undefined : withDisplay(owner, dossier);
  return {
    ...(event.actor === undefined ? {} : { worker: event.actor }),
    ...(organisation === undefined ? {} : { organisation }),
  };
}

/** `Sam Okoro, Riverside Casework`; the GP's record shows the sending system as author, so the text must say who it was. */
export function sayerText(event: LoopEvent, sayer: Sayer): string {
  if (event.by === 'hearback') return 'Hearback';
  const parts = [sayer.worker, sayer.organisation?.display].filter((part) => part !== undefined);
  return parts.length === 0 ? event.by : parts.join(', ');
}

function withDisplay(reference: Reference, dossier: Dossier): Reference {
  if (reference.display !== undefined) return reference;
  const organisation = ofType(dossier, 'Organization').find((one) => `Organization/${one.id}` === reference.reference);
  return organisation?.name === undefined ? reference : { ...reference, display: organisation.name };
}

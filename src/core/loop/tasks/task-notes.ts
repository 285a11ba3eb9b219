import type { Annotation } from 'fhir/r4.js';
import type { Dossier } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { stateRow } from '../states.ts';
import { sayerOf, sayerText } from '../who-said.ts';
import type { TaskState } from './task-state.ts';

/** One event as a note that a person reads: when, who, and what in the word's display and the sender's own words. */
export function eventNote(event: LoopEvent, dossier: Dossier): Annotation {
  const { display } = stateRow(event.kind);
  return {
    authorString: sayerText(event, sayerOf(event, dossier)),
    time: event.at,
    text: event.note === undefined ? `${display}.` : `${display}: ${event.note}`,
  };
}

/** Both sides are told when a request to cancel lost the race: neither could know it from a status. */
export function overtakenNote(state: TaskState): Annotation[] {
  if (state.cancel !== 'overtaken' || state.end === undefined) return [];
  const text = `The request to cancel came to nothing: it had ended already (${stateRow(state.end.kind).display}).`;
  return [{ authorString: 'Hearback', time: state.end.recordedAt, text }];
}

/** The notes that stand, and after them those that are not among them yet. */
export function addNotes(standing: readonly Annotation[], more: readonly Annotation[]): Annotation[] {
  const seen = new Set(standing.map(sameness));
  const added = more.filter((note) => !seen.has(sameness(note)) && seen.add(sameness(note)));
  return [...standing, ...added];
}

function sameness(note: Annotation): string {
  return JSON.stringify([note.time, note.authorString, note.text]);
}

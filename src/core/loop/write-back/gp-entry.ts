import type { Observation, Reference } from 'fhir/r4.js';
import { deterioratedIn } from '../../outcomes/mark-deteriorated.ts';
import { type Dossier, ENTRY_ID_SYSTEM, SNOMED_SYSTEM } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { namedId } from '../named-id.ts';
import { resultsOf } from '../report/attach-results.ts';
import { stateRow } from '../states.ts';
import { sayerOf, sayerText } from '../who-said.ts';

/**
 * An event as one entry in the GP's record: coded where a concept means exactly this, in words otherwise. Its identifier
 * is a function of the event. Absent for an outcome, whose own results are the entries.
 * The author stands in the text too: record systems show the sending system's user as who entered it.
 */
export function gpEntry(event: LoopEvent, dossier: Dossier): Observation | undefined {
  if (event.kind === 'outcome-recorded') return undefined;
  const { display, code } = stateRow(event.kind);
  const id = namedId('entry', event.id);
  return {
    resourceType: 'Observation',
    id,
    identifier: [{ system: ENTRY_ID_SYSTEM, value: id }],
    status: 'final',
    code: { ...(code && { coding: [{ system: SNOMED_SYSTEM, ...code }] }), text: display },
    effectiveDateTime: event.at,
    ...(event.by !== 'hearback' && { performer: performersOf(event, dossier) }),
    note: [{ text: eventWords(event, dossier).join('\n') }],
  };
}

/** The worker and the organisation behind an event: the author, whoever sends it. */
export function performersOf(event: LoopEvent, dossier: Dossier): Reference[] {
  const { worker, organisation } = sayerOf(event, dossier);
  const named = [...(worker ? [{ display: worker }] : []), ...(organisation ? [organisation] : [])];
  return named.length === 0 ? [{ display: event.by }] : named;
}

/** Why, what, and who said so: the words of an event. */
export function eventWords(event: LoopEvent, dossier: Dossier): string[] {
  const reason = event.reason?.text ?? event.reason?.coding?.find((coding) => coding.display !== undefined)?.display;
  const worse = deterioratedIn(resultsOf(event, dossier));
  const flag = worse.length === 0 ? undefined : `DETERIORATED, please review: ${worse.join(', ')}.`;
  const lines = [flag, reason && `Reason: ${reason}`, event.note, saidBy(event, dossier)];
  return lines.flatMap((line) => (line === undefined || line === '' ? [] : [line]));
}

/** The sentence that names the author where the record shows somebody else. */
export function saidBy(event: LoopEvent, dossier: Dossier): string {
  return `Said by ${sayerText(event, sayerOf(event, dossier))}.`;
}

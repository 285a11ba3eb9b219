import type { Annotation, CodeableConcept, Task, TaskOutput } from 'fhir/r4.js';
import { type Dossier, LOOP_STATE_SYSTEM, ofType } from '../../referral.ts';
import type { EventKind, LoopEvent } from '../event.ts';
import { inOrder } from '../event-order.ts';
import { resultsOf } from '../report/attach-results.ts';
import type { ResultResource } from '../report/read-report.ts';
import { stateRow } from '../states.ts';
import { addNotes, eventNote, overtakenNote } from './task-notes.ts';
import type { LoopState, TaskState } from './task-state.ts';

interface TasksAfter {
  readonly dossier: Dossier;
  readonly state: LoopState;
  readonly events: readonly LoopEvent[];
  readonly now: string;
}

/**
 * The Tasks of a dossier as the state of the loop makes them, in their next version. Tasks that would not change are not
 * among them, so nobody is told of a change that is none. A GP that polls finds everything it must hear on the parent:
 * each such event is a note there, which is what gives the parent a new version.
 */
export function tasksAfter(given: TasksAfter): Task[] {
  const states = new Map([given.state.parent, ...given.state.children].map((state) => [state.task, state]));
  return ofType(given.dossier, 'Task').flatMap((task) => {
    const state = states.get(task.id ?? '');
    return state === undefined ? [] : changed(task, state, given);
  });
}

function changed(task: Task, state: TaskState, given: TasksAfter): Task[] {
  const next = withState(task, state, given);
  if (JSON.stringify(next) === JSON.stringify(task)) return [];
  const version = Number(task.meta?.versionId ?? '0') + 1;
  const meta = { ...task.meta, versionId: String(version), lastUpdated: given.now };
  return [{ ...next, meta, lastModified: given.now }];
}

function withState(task: Task, state: TaskState, given: TasksAfter): Task {
  const { statusReason: _, ...rest } = task;
  const reason = reasonOf(state, given.events);
  const note = addNotes(task.note ?? [], notesFor(state, given));
  const output = addOutputs(task.output ?? [], resultsFor(state, given));
  return {
    ...withReason(task, rest, reason),
    status: state.status,
    businessStatus: businessStatus(state.kind),
    ...(note.length > 0 && { note }),
    ...(output.length > 0 && { output }),
  };
}

/** Keeps the place of the element, so that an unchanged Task is the same text. */
function withReason(task: Task, rest: Omit<Task, 'statusReason'>, reason: CodeableConcept | undefined): Task {
  return reason === undefined ? { ...rest } : { ...task, statusReason: reason };
}

/** A canonical word as Task.businessStatus. */
export function businessStatus(kind: EventKind): CodeableConcept {
  const { display } = stateRow(kind);
  return { coding: [{ system: LOOP_STATE_SYSTEM, code: kind, display }], text: display };
}

/** Gravity: where a reason should be, its text is 1..1. The word itself is said when nobody gave more. */
function reasonOf(state: TaskState, events: readonly LoopEvent[]): CodeableConcept | undefined {
  const row = stateRow(state.kind);
  const event = events.find((one) => one.id === state.event);
  if (event?.reason === undefined) return row.needsReason ? { text: row.display } : undefined;
  const text =
    event.reason.text ?? event.reason.coding?.find((coding) => coding.display !== undefined)?.display ?? row.display;
  return { ...event.reason, text };
}

function notesFor(state: TaskState, given: TasksAfter): Annotation[] {
  const told = eventsFor(state, given).filter((event) => stateRow(event.kind).tellsGp);
  return [...told.map((event) => eventNote(event, given.dossier)), ...overtakenNote(state)];
}

function resultsFor(state: TaskState, given: TasksAfter): ResultResource[] {
  return eventsFor(state, given).flatMap((event) => resultsOf(event, given.dossier));
}

/** What counts for this Task, in order; for the parent, everything that counts. */
function eventsFor(state: TaskState, given: TasksAfter): LoopEvent[] {
  const ignored = new Set(given.state.ignored.map((one) => one.event));
  const isParent = state.task === given.state.parent.task;
  return inOrder(given.events)
    .filter((event) => !ignored.has(event.id))
    .filter((event) => isParent || event.task === state.task || event.by === state.partner);
}

function addOutputs(standing: readonly TaskOutput[], results: readonly ResultResource[]): TaskOutput[] {
  const seen = new Set(standing.map((output) => output.valueReference?.reference));
  // One report can make two events (a state, and an outcome beside it), which then have the same results.
  const added = new Map(results.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  return [
    ...standing,
    ...[...added]
      .filter(([reference]) => !seen.has(reference))
      .map(([reference, resource]) => outputOf(reference, resource)),
  ];
}

function outputOf(reference: string, { resourceType }: ResultResource): TaskOutput {
  return { type: { text: OUTPUT[resourceType] }, valueReference: { reference } };
}

const OUTPUT: Readonly<Record<ResultResource['resourceType'], string>> = {
  Observation: 'Outcome',
  QuestionnaireResponse: 'Questionnaire answers',
};

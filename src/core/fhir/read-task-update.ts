/**
 * What a GP system asks for when it PUTs the Task of its referral. A requester may cancel, declare an error, add a note and
 * say more precisely what it wants; who does the work, how far it is and what came of it is the performer's (the Gravity
 * guide's rule of who sets which status). Elements left out that are not the requester's stay as stored: systems that
 * drop what they do not know must still be able to cancel.
 */
import type { Annotation, CodeableConcept, Task } from 'fhir/r4.js';
import { type Finding, hasErrors } from '../finding.ts';
import { sameValue } from './read-same-value.ts';
import { say } from './referral-rules-table.ts';

/** The elements that a requester may set besides status and note. */
export type RequesterChanges = Partial<
  Pick<Task, 'priority' | 'description' | 'restriction' | 'reasonCode' | 'statusReason'>
>;

export interface TaskUpdate {
  /** `note`: something was added or said more precisely, the status stays. `none`: nothing changes, or something is refused. */
  readonly ask: 'cancel' | 'entered-in-error' | 'note' | 'none';
  readonly reason?: CodeableConcept;
  /** Only those that are new. */
  readonly notes: readonly Annotation[];
  readonly changes: RequesterChanges;
  readonly findings: readonly Finding[];
}

type Change =
  /** Goes with the transfer, or belongs to the server: never compared. */
  | 'ignored'
  /** Judged by a rule of its own. */
  | 'judged'
  | 'requester'
  | 'performer';

/** Whose each element is; one that is not listed is the performer's. */
const OWNER: ReadonlyMap<string, Change> = new Map([
  ['resourceType', 'ignored'],
  ['meta', 'ignored'],
  ['text', 'ignored'],
  ['lastModified', 'ignored'],
  ['id', 'judged'],
  ['status', 'judged'],
  ['note', 'judged'],
  ['priority', 'requester'],
  ['description', 'requester'],
  ['restriction', 'requester'],
  ['reasonCode', 'requester'],
  ['statusReason', 'requester'],
]);

const ENDED: ReadonlySet<string> = new Set(['rejected', 'cancelled', 'completed', 'failed']);
const UNDER_WAY: ReadonlySet<string> = new Set(['in-progress', 'on-hold']);

/** Compares the stored Task with the one sent; neither is changed. */
export function readTaskUpdate(stored: Task, sent: Task): TaskUpdate {
  const ask = statusAsk(stored.status, sent.status);
  const standing = new Set((stored.note ?? []).map(sameness));
  const added = (sent.note ?? []).filter((note) => !standing.has(sameness(note)));
  const changes = requesterChanges(stored, sent);
  const findings = [
    ...checkId(stored, sent),
    ...checkStatus(stored, sent, ask),
    ...checkOthers(stored, sent),
    ...checkNotes(stored, sent),
  ];
  if (hasErrors(findings)) return { ask: 'none', notes: [], changes: {}, findings };
  const says = added.length > 0 || Object.keys(changes).length > 0;
  const reason = ask === 'none' ? changes.statusReason : sent.statusReason;
  return { ask: ask === 'none' && says ? 'note' : ask, ...(reason && { reason }), notes: added, changes, findings };
}

function statusAsk(stored: Task['status'], sent: Task['status']): 'cancel' | 'entered-in-error' | 'none' {
  if (stored === sent) return 'none';
  if (sent === 'cancelled') return 'cancel';
  return sent === 'entered-in-error' ? 'entered-in-error' : 'none';
}

function checkId(stored: Task, sent: Task): Finding[] {
  return stored.id === sent.id ? [] : [say('task/id', 'Task.id')];
}

function checkStatus(stored: Task, sent: Task, ask: 'cancel' | 'entered-in-error' | 'none'): Finding[] {
  if (ask === 'none') return stored.status === sent.status ? [] : [say('task/status', 'Task.status')];
  if (stored.status === 'entered-in-error') return [say('task/status', 'Task.status')];
  if (ask === 'entered-in-error') return [];
  if (ENDED.has(stored.status)) return [say('task/ended', 'Task.status')];
  const found = sent.statusReason === undefined ? [say('task/reason', 'Task.statusReason')] : [];
  return UNDER_WAY.has(stored.status) ? [...found, say('task/under-way', 'Task.status')] : found;
}

function checkOthers(stored: Task, sent: Task): Finding[] {
  const [old, given] = [new Map(Object.entries(stored)), new Map(Object.entries(sent))];
  const names = [...new Set([...old.keys(), ...given.keys()])].sort();
  return names.flatMap((name) => {
    if ((OWNER.get(name) ?? 'performer') !== 'performer' || sameValue(old.get(name), given.get(name))) return [];
    return [say(given.has(name) ? 'task/not-yours' : 'task/kept', elementPlace(name))];
  });
}

/** Only a name that can be an element's is repeated in a finding. */
function elementPlace(name: string): string {
  return /^_?[a-z][A-Za-z]{1,40}$/.test(name) ? `Task.${name}` : 'Task';
}

/** Earlier notes may be left out (they stay). One that stands in an old one's place with its time but other words is a change. */
function checkNotes(stored: Task, sent: Task): Finding[] {
  const given = sent.note ?? [];
  const kept = new Set(given.map(sameness));
  const missing = (stored.note ?? [])
    .map((old, index) => ({ old, index }))
    .filter(({ old }) => !kept.has(sameness(old)));
  if (missing.length === 0) return [];
  const changed = missing.find(({ old, index }) => given[index] !== undefined && given[index].time === old.time);
  return [
    changed === undefined ? say('task/kept', 'Task.note') : say('task/note-changed', `Task.note[${changed.index}]`),
  ];
}

/** Equal for notes that say the same. */
function sameness({ text, time }: Annotation): string {
  return JSON.stringify([time, text]);
}

function requesterChanges(stored: Task, sent: Task): RequesterChanges {
  const old = new Map<string, unknown>(Object.entries(stored));
  const { priority, description, restriction, reasonCode, statusReason } = sent;
  const given: RequesterChanges = {
    ...(priority && { priority }),
    ...(description && { description }),
    ...(restriction && { restriction }),
    ...(reasonCode && { reasonCode }),
    ...(statusReason && { statusReason }),
  };
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => !sameValue(old.get(name), value)));
}

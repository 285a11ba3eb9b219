/**
 * The lifecycle as data: one line per canonical word. Everything that knows what a word means reads it here.
 *
 * Decisions where vocabularies disagree:
 * - `received` reads as FHIR `requested`: the Gravity SDOHCC Task does not use received or ready, and businessStatus
 *   carries the word, so nothing is lost and every reader finds the Task under the status it polls for.
 * - A service's no after its yes is FHIR `failed`, because Gravity forbids accepted to rejected; the person's no after
 *   that yes is `cancelled`. Before any yes, both are `rejected`, and so is a need nobody could meet.
 * - `did-not-attend` does not end a loop. `could-not-contact` does: it is what a service says when it has given up
 *   (ITK 30012: after at least three attempts); a single failed attempt is `in-progress`. Nothing leaves an end:
 *   when the person turns up later that is a new episode, and the report is shown to a person as a contradiction.
 * - The national referral code belongs to the GP's own request, once per episode. No event writes it back: that would count
 *   one episode twice. A practice can ask for it once an episode instead (digest-entry.ts › episodeEntry).
 */
import type { Task } from 'fhir/r4.js';
import type { EventKind } from './event.ts';

export type TaskStatus = Task['status'];
export type Speaker = 'referrer' | 'platform' | 'hearback';

export interface StateRow {
  readonly kind: EventKind;
  readonly display: string;
  /** What it makes of a Task that was accepted at some time, and of one that was not. */
  readonly status: TaskStatus;
  readonly statusUnaccepted: TaskStatus;
  /** The order among events of the same instant, and how far along an open Task is. */
  readonly rank: number;
  /** `state`: moves the Task. `cancel`: moves the cancel request beside it. `nothing`: is only recorded. */
  readonly moves: 'state' | 'cancel' | 'nothing';
  readonly terminal: boolean;
  /** Cannot happen without a yes before it: a missing `accepted` is inferred (Gravity forbids requested to in-progress). */
  readonly impliesAcceptance: boolean;
  /** Counts even after the end (a follow-up score, a warning to the GP), though it moves nothing then. */
  readonly lasting: boolean;
  /** Gravity: rejected, cancelled, on-hold and failed SHOULD carry a statusReason. */
  readonly needsReason: boolean;
  /** The GP must be told. What the GP can see by looking but needs not act on stays out of the inbox. */
  readonly tellsGp: boolean;
  /** Whether, how or by whom help is given at all, or whether it is called off: the answer to a request. Other news is about the help itself. */
  readonly answersRequest: boolean;
  /** The SNOMED CT concept of the entry in the GP's record; absent when none is known to mean exactly this. */
  readonly code?: { readonly code: string; readonly display: string };
  readonly saidBy: readonly Speaker[];
}

type Trait = 'ends' | 'worked' | 'lasting' | 'reason' | 'told' | 'cancel' | 'silent' | 'answer';
type Code = { readonly code: string; readonly display: string };
type Line = readonly [string, TaskStatus | readonly [TaskStatus, TaskStatus], string, readonly Trait[], Code?];

const REFERRAL: Code = { code: '871731000000106', display: 'Referral to social prescribing service (procedure)' };
/** The person said no to it. Never for a service's refusal. */
const DECLINED: Code = { code: '871711000000103', display: 'Social prescribing declined (situation)' };
const DID_NOT_ATTEND: Code = { code: '281399006', display: 'Did not attend (finding)' };

/** The order of the lines is the rank. Third column: who may say it (Referrer, Platform, Hearback). */
const TABLE: Readonly<Record<EventKind, Line>> = {
  requested: ['Requested', 'requested', 'RH', [], REFERRAL],
  received: ['Received by the service', 'requested', 'P', []],
  accepted: ['Accepted by the service', 'accepted', 'P', ['told', 'answer']],
  waiting: ['On a waiting list', 'on-hold', 'P', ['worked', 'reason', 'told', 'answer']],
  scheduled: ['Appointment arranged', 'in-progress', 'P', ['worked']],
  'did-not-attend': ['Did not attend', 'in-progress', 'P', ['worked', 'told'], DID_NOT_ATTEND],
  'onward-referred': ['Referred onward', 'in-progress', 'P', ['worked', 'told']],
  'in-progress': ['In progress', 'in-progress', 'P', ['worked']],
  'outcome-recorded': ['Outcome recorded', 'in-progress', 'P', ['worked', 'lasting', 'told']],
  escalated: ['Escalated back to the GP', 'in-progress', 'PH', ['worked', 'lasting', 'told']],
  'cancel-requested': ['Cancellation requested', 'in-progress', 'RH', ['cancel']],
  'cancel-refused': ['Cancellation refused by the service', 'in-progress', 'P', ['cancel', 'told', 'answer']],
  'no-answer': ['No answer from the service', 'requested', 'H', ['silent', 'told', 'answer']],
  completed: ['Completed', 'completed', 'P', ['ends', 'worked', 'told']],
  signposted: ['Signposted', 'completed', 'P', ['ends', 'worked', 'told']],
  'unmet-need': ['Need not met', ['failed', 'rejected'], 'PH', ['ends', 'reason', 'told', 'answer']],
  'could-not-contact': ['Could not be contacted', 'failed', 'P', ['ends', 'worked', 'reason', 'told']],
  declined: ['Declined by the person', ['cancelled', 'rejected'], 'P', ['ends', 'reason', 'told', 'answer'], DECLINED],
  cancelled: ['Cancelled', 'cancelled', 'RPH', ['ends', 'reason', 'told', 'answer']],
  rejected: ['Not accepted by the service', ['failed', 'rejected'], 'P', ['ends', 'reason', 'told', 'answer']],
  'entered-in-error': ['Entered in error', 'entered-in-error', 'RH', ['ends', 'told', 'answer']],
};

const SPEAKERS: readonly (readonly [string, Speaker])[] = [
  ['R', 'referrer'],
  ['P', 'platform'],
  ['H', 'hearback'],
];

/** Every word with its meaning, in the order of rank. */
export const STATES: readonly StateRow[] = Object.keys(TABLE).filter(isEventKind).map(readLine);
const BY_KIND: ReadonlyMap<EventKind, StateRow> = new Map(STATES.map((row) => [row.kind, row]));

/** What a word means. */
export function stateRow(kind: EventKind): StateRow {
  const row = BY_KIND.get(kind);
  if (row === undefined) throw new Error(`no line in the table of states: ${kind}`);
  return row;
}

/** True for one of the canonical words. */
export function isEventKind(word: string): word is EventKind {
  return Object.hasOwn(TABLE, word);
}

/** The FHIR Task.status that a word means for a Task that had, or had not, been accepted. */
export function taskStatus(kind: EventKind, accepted: boolean): TaskStatus {
  const row = stateRow(kind);
  return accepted ? row.status : row.statusUnaccepted;
}

function readLine(kind: EventKind, rank: number): StateRow {
  const [display, status, speakers, traits, code] = TABLE[kind];
  const [accepted, unaccepted] = typeof status === 'string' ? [status, status] : status;
  return {
    kind,
    display,
    status: accepted,
    statusUnaccepted: unaccepted,
    rank,
    moves: traits.includes('cancel') ? 'cancel' : traits.includes('silent') ? 'nothing' : 'state',
    terminal: traits.includes('ends'),
    impliesAcceptance: traits.includes('worked'),
    lasting: traits.includes('lasting'),
    needsReason: traits.includes('reason'),
    tellsGp: traits.includes('told'),
    answersRequest: traits.includes('answer'),
    ...(code === undefined ? {} : { code }),
    saidBy: SPEAKERS.filter(([letter]) => speakers.includes(letter)).map(([, speaker]) => speaker),
  };
}

import type { EventKind, LoopEvent } from '../event.ts';
import { type StateRow, stateRow, taskStatus } from '../states.ts';
import { cancelState } from './cancel-state.ts';
import { type Ignored, type IgnoredWhy, type Mark, markOf, type Step, type TaskState } from './task-state.ts';

export interface WalkedTask {
  readonly task: string;
  readonly partner?: string;
}

interface Walk {
  readonly of: WalkedTask;
  readonly steps: Step[];
  readonly ignored: Ignored[];
  readonly asks: LoopEvent[];
  readonly refusals: LoopEvent[];
  accepted?: Mark;
  decision?: Mark;
  end?: Mark;
}

/**
 * Reads the events of one Task in their order and says what it is. `events` come from inOrder and speak of this Task
 * or, where a word spreads, of the whole referral.
 */
export function walkTask(of: WalkedTask, events: readonly LoopEvent[]): { state: TaskState; ignored: Ignored[] } {
  const walk: Walk = { of, steps: [], ignored: [], asks: [], refusals: [] };
  for (const event of events) take(walk, event);
  const state = stateOf(walk);
  ignoreUnheard(walk, state);
  return { state, ignored: state.kind === 'entered-in-error' ? allVoid(events) : walk.ignored };
}

/** A refusal of nothing; and an outright cancellation that became a request, of a part known to have ended. */
function ignoreUnheard(walk: Walk, state: TaskState): void {
  if (walk.asks.length === 0) for (const refusal of walk.refusals) ignore(walk, refusal, 'nothing-asked');
  const settled = new Set([...state.asks, ...walk.ignored].map((one) => one.event));
  for (const ask of walk.asks) {
    if (ask.kind === 'cancelled' && !settled.has(ask.id)) ignore(walk, ask, 'ended');
  }
}

function take(walk: Walk, event: LoopEvent): void {
  const row = stateRow(event.kind);
  if (event.kind === 'cancel-requested') walk.asks.push(event);
  else if (event.kind === 'cancel-refused') walk.refusals.push(event);
  else if (row.moves === 'nothing' || isConcluded(event)) return;
  else if (event.kind === 'entered-in-error') voidIt(walk, row, event);
  else if (walk.end !== undefined) afterEnd(walk, row, event, walk.end);
  else if (isAsk(walk, event)) walk.asks.push(event);
  else if (isPast(walk, row)) ignore(walk, event, 'already-past');
  else move(walk, row, event);
}

/** What Hearback read out of an answer is told to the GP; what the service does about the referral is the service's to say. */
function isConcluded({ kind, by }: LoopEvent): boolean {
  return kind === 'escalated' && by === 'hearback';
}

/** Gravity's twentieth move: any state to entered-in-error. */
function voidIt(walk: Walk, row: StateRow, event: LoopEvent): void {
  if (walk.end?.kind !== 'entered-in-error') move(walk, row, event);
}

/** Once work has begun only the platform can say that it is cancelled; from anybody else it is a request (COW). */
function isAsk(walk: Walk, event: LoopEvent): boolean {
  const status = walk.steps.at(-1)?.status;
  return (
    event.kind === 'cancelled' && event.by !== walk.of.partner && (status === 'in-progress' || status === 'on-hold')
  );
}

/** Requested, received and accepted only go forward; the words of the work itself follow each other freely. */
function isPast(walk: Walk, row: StateRow): boolean {
  const current = walk.steps.at(-1);
  return current !== undefined && row.rank <= ACCEPTED_RANK && row.rank <= stateRow(current.kind).rank;
}

const ACCEPTED_RANK = stateRow('accepted').rank;

function afterEnd(walk: Walk, row: StateRow, event: LoopEvent, end: Mark): void {
  const tooLate = event.kind === 'cancelled' && event.by !== walk.of.partner && end.kind !== 'cancelled';
  if (tooLate) walk.asks.push(event);
  if (row.lasting && end.kind !== 'entered-in-error') return;
  const contradicts = row.terminal && !tooLate;
  ignore(walk, event, event.kind === end.kind ? 'said-already' : contradicts ? 'contradicts-end' : 'ended');
}

function move(walk: Walk, row: StateRow, event: LoopEvent): void {
  if (row.impliesAcceptance && walk.accepted === undefined) accept(walk, event, true);
  if (event.kind === 'accepted') walk.accepted = markOf(event);
  const status = taskStatus(event.kind, walk.accepted !== undefined);
  walk.steps.push({ kind: event.kind, status, at: event.at, event: event.id, inferred: false });
  if (event.by === walk.of.partner && row.rank >= ACCEPTED_RANK) walk.decision ??= markOf(event);
  if (row.terminal) walk.end = markOf(event);
}

function accept(walk: Walk, event: LoopEvent, inferred: boolean): void {
  walk.accepted = markOf(event);
  walk.steps.push({ kind: 'accepted', status: 'accepted', at: event.at, event: event.id, inferred });
}

/** A repeated or late `requested` says nothing: what was asked for stands anyway. */
function ignore(walk: Walk, event: LoopEvent, why: IgnoredWhy): void {
  if (event.kind !== 'requested') walk.ignored.push({ event: event.id, task: event.task, kind: event.kind, why });
}

const NEVER_VOID: ReadonlySet<EventKind> = new Set(['requested', 'cancel-requested', 'entered-in-error', 'no-answer']);

function allVoid(events: readonly LoopEvent[]): Ignored[] {
  return events
    .filter((event) => !NEVER_VOID.has(event.kind))
    .map((event) => ({ event: event.id, task: event.task, kind: event.kind, why: 'void' }));
}

function stateOf(walk: Walk): TaskState {
  const { of, steps, accepted, decision, end } = walk;
  const last = steps.at(-1);
  const isOwn = (event: LoopEvent) => event.task === of.task;
  return {
    ...of,
    kind: last?.kind ?? 'requested',
    status: last?.status ?? 'requested',
    terminal: end !== undefined,
    ...(last === undefined ? {} : { since: last.at, event: last.event }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(decision === undefined ? {} : { decision }),
    ...(end === undefined ? {} : { end }),
    ...cancelState({
      own: walk.asks.filter(isOwn).map(markOf),
      whole: walk.asks.filter((event) => !isOwn(event)).map(markOf),
      refusals: walk.refusals.map(markOf),
      ...(end === undefined ? {} : { end }),
    }),
    steps,
  };
}

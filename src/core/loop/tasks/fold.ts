import type { EventKind, LoopEvent } from '../event.ts';
import { inOrder } from '../event-order.ts';
import { stateRow } from '../states.ts';
import { parentState } from './parent-state.ts';
import type { Ignored, LoopState } from './task-state.ts';
import { type WalkedTask, walkTask } from './walk-task.ts';

export interface LoopTasks {
  /** Id of the parent Task. */
  readonly parent: string;
  readonly children: readonly { readonly task: string; readonly partner: string }[];
}

/** Words that, said of the whole referral by anybody but a platform, are said of each of its parts. */
const SPREADING: ReadonlySet<EventKind> = new Set(['requested', 'cancel-requested', 'cancelled', 'entered-in-error']);

/**
 * What a referral is, from the set of its events: any order and repetition gives the same state. What happened counts
 * by when it happened, so a late report of an earlier thing may change the state; a late report of a lesser thing is
 * listed in `ignored` with why. Nothing is left out: every event either moved something, stands beside the state
 * (cancel requests, no-answer, what counts after the end), or is ignored with a reason.
 */
export function foldLoop(tasks: LoopTasks, events: readonly LoopEvent[]): LoopState {
  const ordered = inOrder(events);
  const whole = walkTask(
    { task: tasks.parent },
    ordered.filter((event) => event.task === tasks.parent),
  );
  const parts = tasks.children.map((child): Part => {
    const heard = ordered.filter((event) => concerns(event, child, tasks));
    return { heard, ...walkTask({ ...child }, heard) };
  });
  const children = parts.map((part) => part.state);
  return {
    parent: parentState(whole.state, children),
    children,
    ignored: parts.length === 0 ? [...whole.ignored, ...strangers(ordered, tasks)] : ignoredOf(ordered, parts),
  };
}

type Part = ReturnType<typeof walkTask> & { readonly heard: readonly LoopEvent[] };

/** A platform that names the referral instead of its own part speaks of its own part all the same. */
function concerns(event: LoopEvent, child: WalkedTask, tasks: LoopTasks): boolean {
  if (event.task === child.task) return true;
  if (event.task !== tasks.parent) return false;
  if (event.by === child.partner) return true;
  return SPREADING.has(event.kind) && !tasks.children.some((other) => other.partner === event.by);
}

/** A word to several parts counts as soon as it counts for one of them. */
function ignoredOf(ordered: readonly LoopEvent[], parts: readonly Part[]): Ignored[] {
  return ordered.flatMap((event) => {
    const hearers = parts.filter((part) => part.heard.some((heard) => heard.id === event.id));
    if (hearers.length === 0) return unheard(event);
    const ignored = hearers.map((part) => part.ignored.find((other) => other.event === event.id));
    return ignored.every((one) => one !== undefined) ? ignored.slice(0, 1) : [];
  });
}

/** What the engine said of a referral that had no parts is past once it has some. */
function unheard(event: LoopEvent): Ignored[] {
  if (stateRow(event.kind).moves === 'nothing' || event.kind === 'requested') return [];
  const why = event.by === 'hearback' ? 'already-past' : 'unknown-task';
  return [{ event: event.id, task: event.task, kind: event.kind, why }];
}

function strangers(ordered: readonly LoopEvent[], tasks: LoopTasks): Ignored[] {
  return ordered
    .filter((event) => event.task !== tasks.parent)
    .map(({ id, task, kind }) => ({ event: id, task, kind, why: 'unknown-task' }));
}

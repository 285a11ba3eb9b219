import type { EventKind, LoopEvent } from '../event.ts';
import type { TaskStatus } from '../states.ts';

/** An event as a state remembers it. */
export interface Mark {
  readonly event: string;
  readonly kind: EventKind;
  readonly at: string;
  readonly recordedAt: string;
  readonly by: string;
}

/** One move of a Task. An inferred step was never said: a later word could not have happened without it. */
export interface Step {
  readonly kind: EventKind;
  readonly status: TaskStatus;
  readonly at: string;
  readonly event: string;
  readonly inferred: boolean;
}

/**
 * A cancel request stands beside the state, never in it (COW, BSeR: asking is not cancelling).
 * `overtaken`: the service had ended it otherwise, so the request came to nothing.
 */
export type CancelWord = 'none' | 'asked' | 'confirmed' | 'refused' | 'overtaken';

/** What one Task is, folded from the events that speak of it. */
export interface TaskState {
  readonly task: string;
  /** The platform whose part it is; absent on the parent. */
  readonly partner?: string;
  readonly kind: EventKind;
  readonly status: TaskStatus;
  readonly terminal: boolean;
  /** When the event that made it so happened; absent before anything was said. */
  readonly since?: string;
  /** That event; on a parent, the one of the child that it follows. */
  readonly event?: string;
  /** The first yes, said or inferred. */
  readonly accepted?: Mark;
  /** The platform's first word that is a yes or a no (or more). */
  readonly decision?: Mark;
  readonly end?: Mark;
  readonly cancel: CancelWord;
  readonly asks: readonly Mark[];
  /** What answered the last ask: the refusal, or the end. */
  readonly cancelAnswer?: Mark;
  readonly steps: readonly Step[];
}

/** Why an event is on record but does not count. */
export type IgnoredWhy =
  /** The Task had ended before it happened. */
  | 'ended'
  /** Another end than the one that stands: a person should look. */
  | 'contradicts-end'
  | 'said-already'
  /** The Task was further along already. */
  | 'already-past'
  | 'nothing-asked'
  /** The referral was entered in error: nothing said about it counts. */
  | 'void'
  | 'unknown-task';

export interface Ignored {
  readonly event: string;
  readonly task: string;
  readonly kind: EventKind;
  readonly why: IgnoredWhy;
}

/** What a whole referral is: the parent as its children make it, each child, and what did not count. */
export interface LoopState {
  readonly parent: TaskState;
  readonly children: readonly TaskState[];
  readonly ignored: readonly Ignored[];
}

export function markOf(event: LoopEvent): Mark {
  return { event: event.id, kind: event.kind, at: event.at, recordedAt: event.recordedAt, by: event.by };
}

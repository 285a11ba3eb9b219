import type { EventKind } from '../event.ts';
import { stateRow, taskStatus } from '../states.ts';
import type { CancelWord, Mark, TaskState } from './task-state.ts';

/**
 * What the parent Task is, from its children:
 *
 * | children | parent |
 * | --- | --- |
 * | none | what was said of the whole referral: requested, unmet-need, cancelled |
 * | the whole referral was entered in error | entered-in-error |
 * | some still open | the word of the furthest open one; at least in-progress once a child that had been accepted has ended |
 * | all ended | the first of ENDS that any of them is |
 */
export function parentState(own: TaskState, children: readonly TaskState[]): TaskState {
  if (children.length === 0 || own.kind === 'entered-in-error') return own;
  const open = children.filter((child) => !child.terminal);
  const led = open.length === 0 ? ended(children) : stillOpen(open, children);
  const accepted = earliest(children.map((child) => child.accepted));
  return {
    task: own.task,
    ...led,
    status: taskStatus(led.kind, accepted !== undefined),
    ...(accepted === undefined ? {} : { accepted }),
    cancel: parentCancel(own, children, led.end),
    asks: own.asks,
    ...(own.cancelAnswer === undefined ? {} : { cancelAnswer: own.cancelAnswer }),
    steps: own.steps,
  };
}

type Led = Pick<TaskState, 'kind' | 'terminal' | 'since' | 'event' | 'end'>;

/** One that helped outweighs any that did not; a part entered in error counts only when all were. */
const ENDS: readonly EventKind[] = [
  'completed',
  'signposted',
  'unmet-need',
  'could-not-contact',
  'declined',
  'cancelled',
  'rejected',
  'entered-in-error',
];

function ended(children: readonly TaskState[]): Led {
  const kind = ENDS.find((word) => children.some((child) => child.kind === word));
  const ends = children.filter((child) => child.kind === kind).flatMap((child) => child.end ?? []);
  const end = ends.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  if (end === undefined) throw new Error('a child that ended has no end');
  return { kind: end.kind, terminal: true, since: end.at, event: end.event, end };
}

function stillOpen(open: readonly TaskState[], children: readonly TaskState[]): Led {
  const furthest = open.reduce((best, child) => (isFurther(child, best) ? child : best));
  const left = children.find((child) => child.terminal && child.accepted !== undefined);
  // Without this floor the parent would fall back to requested or accepted, which no vocabulary allows.
  const lags = left !== undefined && stateRow(furthest.kind).rank <= stateRow('accepted').rank;
  if (lags) return { kind: 'in-progress', terminal: false, ...(left.since === undefined ? {} : { since: left.since }) };
  const { kind, since, event } = furthest;
  return {
    kind,
    terminal: false,
    ...(since === undefined ? {} : { since }),
    ...(event === undefined ? {} : { event }),
  };
}

function isFurther(child: TaskState, best: TaskState): boolean {
  const ahead = stateRow(child.kind).rank - stateRow(best.kind).rank;
  return ahead > 0 || (ahead === 0 && (child.since ?? '') > (best.since ?? ''));
}

function earliest(marks: readonly (Mark | undefined)[]): Mark | undefined {
  return marks.flatMap((mark) => mark ?? []).sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

/** The referrer asked once: they hear `asked` until every part has answered. */
function parentCancel(own: TaskState, children: readonly TaskState[], end: Mark | undefined): CancelWord {
  if (own.asks.length === 0 && children.every((child) => child.cancel === 'none')) return 'none';
  if (end !== undefined) return end.kind === 'cancelled' ? 'confirmed' : 'overtaken';
  return children.some((child) => child.cancel === 'asked') ? 'asked' : 'refused';
}

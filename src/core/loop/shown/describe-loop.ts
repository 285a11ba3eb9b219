import type { Hold, Leg } from '../../message.ts';
import type { Referral } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { explain, type OpenPromise } from '../promises/closure.ts';
import { type LoopPromise, type PromiseStanding, standingOf } from '../promises/promise.ts';
import type { Reading } from '../read-back/reading.ts';
import type { IgnoredWhy, LoopState, TaskState } from '../tasks/task-state.ts';
import { type ClosureLabel, closureLabel } from './closure-label.ts';

interface DescribeGiven {
  readonly referral: Referral;
  readonly state: LoopState;
  readonly events: readonly LoopEvent[];
  readonly promises: readonly LoopPromise[];
  readonly legs: readonly Leg[];
  readonly holds: readonly Hold[];
  /** The looks at the GP's record; none when left out. */
  readonly readings?: readonly Reading[];
  readonly now: string;
  /** What the sender said of the patient since. */
  readonly patientNews?: readonly PatientMoment[];
  /** Partner ids with their names. */
  readonly names?: Readonly<Record<string, string>>;
}

/** News of the patient as the log has them: names of elements, never values. */
export interface PatientMoment {
  readonly at: string;
  readonly what: 'changed' | 'merged' | 'not-changed';
  readonly by: string;
  readonly message: string;
  readonly elements: string;
  /** Platforms that are at work on the referral and whose mappings do not read what changed. */
  readonly untold?: string;
}

/** One loop for a person or a program to read. Ids, words of ours and times: nothing that a message held. */
export interface LoopDescription {
  readonly id: string;
  readonly status: Referral['status'];
  readonly referrer: string;
  /** How far the GP was really told. */
  readonly closure: ClosureLabel;
  readonly state: DescribedTask;
  readonly children: readonly DescribedTask[];
  readonly promised: readonly DescribedPromise[];
  readonly sent: readonly DescribedLeg[];
  readonly acknowledged: readonly DescribedLeg[];
  /** What the GP's record held, each time that somebody looked. */
  readonly readings: readonly Reading[];
  readonly late: readonly OpenPromise[];
  readonly owes: readonly OpenPromise[];
  readonly holds: readonly Pick<Hold, 'id' | 'kind' | 'openedAt' | 'resolvedAt'>[];
  readonly timeline: readonly Moment[];
}

export type DescribedTask = Pick<TaskState, 'task' | 'partner' | 'kind' | 'status' | 'terminal' | 'since' | 'cancel'>;

export type DescribedPromise = Omit<LoopPromise, 'referral'> & { readonly is: PromiseStanding };

export type DescribedLeg = Pick<
  Leg,
  | 'id'
  | 'purpose'
  | 'partner'
  | 'task'
  | 'status'
  | 'attempts'
  | 'queuedAt'
  | 'firstSentAt'
  | 'settledAt'
  | 'ack'
  | 'message'
  | 'lastFailure'
  | 'mapping'
  | 'readBack'
  | 'flags'
  | 'tells'
> & {
  /** Which of several messages it is. */
  readonly part?: { readonly number: number; readonly of: number };
};

export interface Moment {
  readonly at: string;
  /** `event`, `leg`, `hold` or `patient`, and which. */
  readonly what: string;
  readonly who: string;
  readonly id: string;
  /** Why it does not count, when it does not. */
  readonly ignored?: IgnoredWhy;
}

/** What was promised, sent, acknowledged and by whom, what is late and who owes it, and what happened when. */
export function describeLoop(given: DescribeGiven): LoopDescription {
  const { referral, state, promises, now, names, readings = [] } = given;
  const owes = explain(promises, now, names, given.holds);
  const legs = [...given.legs].sort((a, b) => order(a.queuedAt, b.queuedAt) || order(a.id, b.id));
  return {
    id: referral.id,
    status: referral.status,
    referrer: referral.referrer,
    closure: closureLabel({ promises, legs, readings }),
    state: describeTask(state.parent),
    children: state.children.map(describeTask),
    promised: [...promises].sort((a, b) => order(a.madeAt, b.madeAt) || order(a.id, b.id)).map(describePromise),
    sent: legs.filter((leg) => leg.attempts > 0).map(describeLeg),
    acknowledged: legs.filter((leg) => leg.status === 'acknowledged').map(describeLeg),
    readings,
    late: owes.filter((promise) => promise.late),
    owes,
    holds: given.holds.map(({ id, kind, openedAt, resolvedAt }) => ({
      id,
      kind,
      openedAt,
      ...(resolvedAt && { resolvedAt }),
    })),
    timeline: timeline(given),
  };
}

function describeTask({ task, partner, kind, status, terminal, since, cancel }: TaskState): DescribedTask {
  return { task, ...(partner && { partner }), kind, status, terminal, ...(since && { since }), cancel };
}

/** Field by field, so that a field added to the ledger is not printed before somebody decided that it may be. */
function describePromise(promise: LoopPromise): DescribedPromise {
  const { referral: _, ...rest } = promise;
  return { ...rest, is: standingOf(promise) };
}

function describeLeg(leg: Leg): DescribedLeg {
  const { id, purpose, partner, task, status, attempts, queuedAt, message } = leg;
  const { firstSentAt, settledAt, ack, lastFailure, mapping, part, readBack, flags, tells } = leg;
  return {
    id,
    purpose,
    partner,
    task,
    status,
    attempts,
    queuedAt,
    message,
    ...(firstSentAt && { firstSentAt }),
    ...(settledAt && { settledAt }),
    ...(ack && { ack }),
    ...(lastFailure && { lastFailure }),
    ...(mapping && { mapping }),
    ...(readBack && { readBack }),
    ...(flags && { flags }),
    ...(tells && { tells }),
    ...(part && { part: { number: part.number, of: part.of } }),
  };
}

function timeline({ events, legs, holds, state, readings = [], patientNews = [] }: DescribeGiven): Moment[] {
  const ignored = new Map(state.ignored.map((one) => [one.event, one.why]));
  const moments = [
    ...events.map((event): Moment => {
      const why = ignored.get(event.id);
      return { at: event.at, what: `event ${event.kind}`, who: event.by, id: event.id, ...(why && { ignored: why }) };
    }),
    ...legs.map(
      (leg): Moment => ({
        at: leg.settledAt ?? leg.queuedAt,
        what: `leg ${leg.purpose} ${leg.status}`,
        who: leg.partner,
        id: leg.id,
      }),
    ),
    ...readings.map(({ at, is, partner, id }): Moment => ({ at, what: `read back ${is}`, who: partner, id })),
    ...patientNews.map(({ at, what, by, message, elements, untold }): Moment => {
      const not = untold === undefined ? '' : `; not told: ${untold}`;
      return { at, what: `patient ${WORDS[what]}: ${elements}${not}`, who: by, id: message };
    }),
    ...holds.map((hold): Moment => ({ at: hold.openedAt, what: `hold ${hold.kind}`, who: 'hearback', id: hold.id })),
    ...holds.flatMap(({ resolvedAt, id, kind, resolvedBy }): Moment[] =>
      resolvedAt === undefined
        ? []
        : [{ at: resolvedAt, what: `hold ${kind} resolved`, who: resolvedBy ?? 'hearback', id }],
    ),
  ];
  return moments.sort((a, b) => order(a.at, b.at) || order(a.id, b.id));
}

const WORDS: Readonly<Record<PatientMoment['what'], string>> = {
  changed: 'changed',
  merged: 'merged into another record',
  'not-changed': 'not changed, because the loop had closed',
};

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { Hold, Leg } from '../../message.ts';
import type { Referral } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import type { LoopState, Mark } from '../tasks/task-state.ts';
import type { WriteBackRules } from '../write-back-rules.ts';
import type { Deadlines } from './deadlines.ts';
import { setsOf } from './leg-sets.ts';
import type { AckLevel, LoopPromise, PromiseKind } from './promise.ts';

/** Everything that the ledger is computed from. */
export interface LedgerGiven {
  readonly referral: Referral;
  readonly state: LoopState;
  readonly events: readonly LoopEvent[];
  readonly promises: readonly LoopPromise[];
  readonly legs: readonly Leg[];
  /** The holds that this referral waits for, open or resolved. */
  readonly holds: readonly Hold[];
  readonly deadlines: Deadlines;
  /** The level that keeps a delivery to a partner, by partner id; `transport` for a platform and `technical` for the GP when not given. */
  readonly levels?: Readonly<Record<string, AckLevel>>;
  /** What the GP gets as one item, where that is more than one event. */
  readonly gpItems?: Pick<WriteBackRules, 'items' | 'periodMs' | 'most'>;
  readonly now: string;
}

/** Where a promise stands, as events and legs have it. */
export type Settlement =
  | { readonly is: 'open' }
  | { readonly is: 'kept'; readonly at: string; readonly as: AckLevel; readonly by: string }
  | { readonly is: 'released'; readonly why: string };

/** One promise that the state of a loop calls for. */
export interface Need {
  readonly kind: PromiseKind;
  /** What it is about: a task, an event, a leg, a hold. With kind and referral it names the promise. */
  readonly subject: string;
  readonly task: string;
  readonly owedBy: string;
  readonly owedTo: string;
  readonly level: AckLevel;
  /** The instant that the deadline counts from. */
  readonly since: string;
  readonly ms: number;
  readonly settled: Settlement;
  /** False when a promise that was kept before anybody saw it open is not worth a line. */
  readonly recordKept: boolean;
}

export const HEARBACK = 'hearback';
export const OPEN: Settlement = { is: 'open' };

/** From the weakest. */
export const LEVELS: readonly AckLevel[] = ['transport', 'technical', 'business', 'read-back'];

/** Whether an acknowledgement is as strong as what was promised. */
export function reaches(ack: AckLevel | undefined, level: AckLevel): ack is AckLevel {
  return ack !== undefined && LEVELS.indexOf(ack) >= LEVELS.indexOf(level);
}

/** A word of a partner about the referral itself: a business acknowledgement, whatever the transport said. */
export function keptByEvent(mark: Mark): Settlement {
  return { is: 'kept', at: mark.recordedAt, as: 'business', by: mark.event };
}

/** Kept by the first delivery that was acknowledged strongly enough; one of several messages by the last of them. */
export function keptByLeg(legs: readonly Leg[], level: AckLevel): Settlement | undefined {
  for (const set of setsOf(legs)) {
    const last = set.at(-1);
    const whole = set.length === (last?.part?.of ?? 1) && set.every((leg) => isKept(leg, level));
    if (!whole || last?.ack === undefined) continue;
    // What a look at the record proves, it proves from then on.
    const at = last.ack === 'read-back' ? last.readBack?.at : undefined;
    return { is: 'kept', at: at ?? last.settledAt ?? last.queuedAt, as: last.ack, by: last.id };
  }
  return undefined;
}

function isKept({ status, ack }: Leg, level: AckLevel): boolean {
  return status === 'acknowledged' && reaches(ack, level);
}

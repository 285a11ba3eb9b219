import type { EventKind, LoopEvent } from './event.ts';
import { stateRow } from './states.ts';
import type { WriteBackRules } from './write-back-rules.ts';

/** One thing that the GP gets: the events that it tells, in order. */
export interface GpItem {
  readonly kind: 'urgent' | 'single' | 'digest';
  readonly events: readonly [LoopEvent, ...LoopEvent[]];
}

/** A doctor must look at once. Never mixed with anything, and never waiting for it. */
const URGENT: ReadonlySet<EventKind> = new Set(['escalated']);

/** Somebody in the practice has something to do or to decide: nobody helps this person now, or nobody answers. */
const TO_DO: ReadonlySet<EventKind> = new Set([
  'no-answer',
  'cancel-refused',
  'declined',
  'rejected',
  'unmet-need',
  'could-not-contact',
]);

/** News after the end waits so long for more of its kind, where the practice names no period. */
const AFTER_END_MS = 7 * 24 * 3_600_000;

export function isUrgent({ kind }: Pick<LoopEvent, 'kind'>): boolean {
  return URGENT.has(kind);
}

export interface ItemsGiven {
  /** What the GP must hear of and was not told, in order. */
  readonly untold: readonly LoopEvent[];
  /** Ids of those that somebody must look at for what came with them: somebody got worse. */
  readonly worse?: ReadonlySet<string>;
  /** The referral has ended. */
  readonly ended: boolean;
  /** Items that were made so far, urgent ones left out. */
  readonly summaries: number;
  readonly rules: Pick<WriteBackRules, 'items' | 'periodMs' | 'most'>;
  readonly now: string;
}

/**
 * Which items are due now, and when to look again for what waits. Nothing is left out: what waits is told by the next item
 * that something to do calls for, by the period, or by the end, whichever comes first.
 */
export function itemsDue(given: ItemsGiven): { readonly items: readonly GpItem[]; readonly nextAt?: string } {
  const { untold, rules } = given;
  if (rules.items === 'every') {
    return { items: untold.map((event) => ({ kind: isUrgent(event) ? 'urgent' : 'single', events: [event] })) };
  }
  const urgent = untold.filter(isUrgent).map((event): GpItem => ({ kind: 'urgent', events: [event] }));
  const [oldest, ...others] = untold.filter((event) => !isUrgent(event));
  if (oldest === undefined) return { items: urgent };
  const rest = [oldest, ...others] as const;
  const dueAt = digestAt(rest, given);
  if (dueAt === undefined) return { items: urgent };
  if (dueAt > given.now) return { items: urgent, nextAt: dueAt };
  return { items: [...urgent, { kind: 'digest', events: rest }] };
}

/** When what waits is to be told; undefined while only the end, or something to do, can call for it. */
function digestAt(
  rest: readonly [LoopEvent, ...LoopEvent[]],
  { ended, summaries, rules, now, worse }: ItemsGiven,
): string | undefined {
  if (rest.some(({ kind, id }) => TO_DO.has(kind) || worse?.has(id))) return now;
  if (ended && rest.some(({ kind }) => stateRow(kind).terminal)) return now;
  const { periodMs, most = Number.POSITIVE_INFINITY } = rules;
  if (ended) return later(rest[0].recordedAt, periodMs ?? AFTER_END_MS);
  return periodMs === undefined || summaries >= most - 1 ? undefined : later(rest[0].recordedAt, periodMs);
}

/**
 * How long an event may wait for the item that tells it, in milliseconds: at the end it is told, and the end has a deadline.
 * The end itself waits for nothing: a GP system that cannot be told of it would be late only months later.
 * @param ended the referral has ended
 */
export function waitMs(event: LoopEvent, rules: ItemsGiven['rules'], outcomeMs: number, ended = false): number {
  if (ended && stateRow(event.kind).terminal) return 0;
  if (rules.items === 'every' || isUrgent(event) || TO_DO.has(event.kind)) return 0;
  return rules.most === undefined && rules.periodMs !== undefined ? rules.periodMs : Math.max(outcomeMs, AFTER_END_MS);
}

function later(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}

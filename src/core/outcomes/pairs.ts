import type { EventKind } from '../loop/event.ts';
import { type Change, changeOf } from './change.ts';
import { follows, inOrder, type Measurement } from './measurement.ts';

/** One person with everything that was measured, and how far the referrals have come. */
export interface PersonOutcomes {
  /** Names the person, and is never printed: the NHS number where there is one, else the referral. */
  readonly person: string;
  readonly measurements: readonly Measurement[];
  /** When the person was first referred: a day. */
  readonly referredOn: string;
  /** The state of the latest referral. */
  readonly state: EventKind;
  readonly open: boolean;
  /** A report about this person waits for somebody. */
  readonly held: boolean;
}

/** In days. */
export interface PairWindow {
  /** A baseline is no older than this at the referral: an older score says nothing of how the person came. */
  readonly beforeReferral: number;
  /** A follow-up is at least and at most so long after the baseline. */
  readonly from: number;
  readonly to: number;
}

export const USUAL_WINDOW: PairWindow = { beforeReferral: 90, from: 0, to: 400 };

/** Why somebody has no pair. */
export type Unpaired =
  | 'no-baseline'
  | 'baseline-too-old'
  | 'no-follow-up-yet'
  | 'follow-up-outside-window'
  | 'declined'
  | 'lost'
  | 'not-accepted'
  | 'ended-without-follow-up'
  | 'report-held';

export interface Pair {
  readonly person: string;
  readonly before: Measurement;
  readonly after: Measurement;
  readonly change: Change;
}

/** What one person has of one score: a pair, or one side of it with why the other is missing. */
export type PairOrWhy =
  | { readonly kind: 'pair'; readonly pair: Pair }
  | { readonly kind: 'only-before' | 'only-after' | 'neither'; readonly person: string; readonly why: Unpaired };

/**
 * Pairs one person's scores of one instrument: the baseline is the first within the window before or after the referral, the
 * follow-up the last within the window after the baseline. Both are of one person; nothing is averaged here.
 * @param measurements of this score only
 */
export function pairOf(one: PersonOutcomes, measurements: readonly Measurement[], window: PairWindow): PairOrWhy {
  const { person } = one;
  const all = inOrder(measurements);
  const before = all.find((measured) => isBaseline(measured, one, window));
  if (before === undefined) {
    if (all.length === 0) return { kind: 'neither', person, why: whyNone(one) };
    const old = all.every(({ stage }) => stage !== 'follow-up') && all.every(({ day }) => isTooOld(day, one, window));
    return { kind: 'only-after', person, why: old ? 'baseline-too-old' : 'no-baseline' };
  }
  const later = all.filter((measured) => follows(before, measured));
  const after = later.findLast(({ day }) => isWithin(daysBetween(before.day, day), window));
  if (after !== undefined) {
    return { kind: 'pair', pair: { person, before, after, change: changeOf(before.score, before.value, after.value) } };
  }
  const why = later.length > 0 ? 'follow-up-outside-window' : whyNone(one);
  return { kind: 'only-before', person, why };
}

/** What is called a follow-up is no baseline, also when it is the only one. */
function isBaseline({ day, stage }: Measurement, one: PersonOutcomes, window: PairWindow): boolean {
  return stage !== 'follow-up' && !isTooOld(day, one, window);
}

function isTooOld(day: string, { referredOn }: PersonOutcomes, { beforeReferral }: PairWindow): boolean {
  return daysBetween(day, referredOn) > beforeReferral;
}

function isWithin(days: number, { from, to }: PairWindow): boolean {
  return days >= from && days <= to;
}

const LOST: ReadonlySet<EventKind> = new Set(['could-not-contact', 'no-answer']);
const NOT_ACCEPTED: ReadonlySet<EventKind> = new Set(['rejected', 'cancelled', 'unmet-need', 'entered-in-error']);

function whyNone({ state, open, held }: PersonOutcomes): Unpaired {
  if (held) return 'report-held';
  if (open) return 'no-follow-up-yet';
  if (state === 'declined') return 'declined';
  if (LOST.has(state)) return 'lost';
  return NOT_ACCEPTED.has(state) ? 'not-accepted' : 'ended-without-follow-up';
}

const DAY_MS = 86_400_000;

/** Whole days from one day to another, whatever the clocks did between. */
function daysBetween(first: string, second: string): number {
  return Math.round(
    (Date.parse(`${second.slice(0, 10)}T00:00:00Z`) - Date.parse(`${first.slice(0, 10)}T00:00:00Z`)) / DAY_MS,
  );
}

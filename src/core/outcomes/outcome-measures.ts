/** By which measures a referral and a person count, and for whom: what the figures of a period are counted from. */
import { stateRow } from '../loop/states.ts';
import { isDeteriorated } from './change.ts';
import { STAGES, type Stage } from './funnel.ts';
import type { ScoreOf } from './instrument-set.ts';
import { type PairOrWhy, type PairWindow, pairOf } from './pairs.ts';
import { type MeasuredReferral, peopleMeasured } from './people-outcomes.ts';

/** What figures are made from: one referral of the period. */
export interface ReferralFacts extends MeasuredReferral {
  /** Partner ids; `platforms` in the order of sending. */
  readonly referrer: string;
  readonly platforms: readonly string[];
  readonly stage: Stage;
  /** An outcome was recorded. */
  readonly outcome: boolean;
  /** Keys of the coded reasons, each once. */
  readonly reasons: readonly string[];
}

/**
 * Whom a figure is about: everybody (`all`), the referrals of one practice (`practice:elm-tree`), or those that were sent to
 * one platform last (`platform:casework`; `platform:` for those that were sent to none).
 */
export type Scope = 'all' | `practice:${string}` | `platform:${string}`;

/** A score that somebody has, by `instrument/score`. */
export interface MeasuredScore extends ScoreOf {
  readonly key: string;
}

/* ------------------------------------------------------------------ whom a figure is about */

/** All scopes that a referral counts in: everybody, its practice, the platform it was sent to last. */
export function scopesOf({ referrer, platforms }: Pick<ReferralFacts, 'referrer' | 'platforms'>): Scope[] {
  return ['all', `practice:${referrer}`, `platform:${platforms.at(-1) ?? ''}`];
}

/** Sorts scopes: practices, then platforms, by id. */
export function practicesFirst(one: Scope, other: Scope): number {
  const rank = (scope: Scope) => (scope.startsWith('practice:') ? `0${scope}` : `1${scope}`);
  return rank(one) < rank(other) ? -1 : 1;
}

/* ------------------------------------------------------------------ what is counted of a referral */

/** By which measures a referral counts. Who is in a whole and not in its part counts by `<part>:not`. */
export function referralMeasures(one: ReferralFacts, reasons: readonly string[]): string[] {
  const reached = STAGES.slice(0, STAGES.indexOf(one.stage) + 1);
  return [
    'referrals',
    ...reached.map((stage) => `reached:${stage}`),
    `stopped:${one.stage}`,
    one.open ? 'stands:open' : `stands:${one.state}`,
    one.outcome ? 'outcome' : 'outcome:not',
    ...reasons.map((reason) => (one.reasons.includes(reason) ? `reason:${reason}` : `reason:${reason}:not`)),
  ];
}

/** The states of those that ended, in the order of the lifecycle. */
export function endsOf(all: readonly ReferralFacts[]): string[] {
  const ended = new Set(all.filter(({ open }) => !open).map(({ state }) => state));
  return [...ended].sort((one, other) => stateRow(one).rank - stateRow(other).rank);
}

/** Each once, the most frequent first. */
export function mostFrequent(all: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1)).map(([key]) => key);
}

/* ------------------------------------------------------------------ what is counted of a person */

interface JudgedPerson {
  readonly referrals: readonly string[];
  readonly scopes: readonly Scope[];
  readonly outcomes: ReadonlyMap<string, PairOrWhy>;
  /** The first value of each score. */
  readonly first: ReadonlyMap<string, number>;
}

/** A person belongs to the practice that referred them first, and to the platform that the first referral was sent to last. */
export function judgePersons(
  all: readonly ReferralFacts[],
  scores: readonly MeasuredScore[],
  window: PairWindow,
): JudgedPerson[] {
  const own = new Map<string, ReferralFacts[]>();
  for (const one of [...all].sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)))
    own.set(one.person, [...(own.get(one.person) ?? []), one]);
  return peopleMeasured(all).map((person) => {
    const referrals = own.get(person.person) ?? [];
    const [first] = referrals;
    const measured = new Map(
      scores.map(({ key, score }) => [key, person.measurements.filter((m) => m.score === score)]),
    );
    return {
      referrals: referrals.map(({ referral }) => referral),
      scopes: first === undefined ? ['all'] : scopesOf(first),
      outcomes: new Map([...measured].map(([key, own]) => [key, pairOf(person, own, window)])),
      first: new Map([...measured].flatMap(([key, [one]]) => (one === undefined ? [] : [[key, one.value] as const]))),
    };
  });
}

/** Every score that somebody has, by key. */
export function scoresOf(all: readonly ReferralFacts[]): MeasuredScore[] {
  const found = new Map(
    all.flatMap(({ measurements }) =>
      measurements.map(({ instrument, score }) => {
        const key = `${instrument.instrument}/${score.id}`;
        return [key, { key, instrument, score }] as const;
      }),
    ),
  );
  return [...found.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** By which measures a person counts, score by score. */
export function personMeasures(outcomes: ReadonlyMap<string, PairOrWhy>): string[] {
  return ['persons', ...[...outcomes].flatMap(([score, one]) => ofScore(one).map((name) => `${score}:${name}`))];
}

function ofScore(one: PairOrWhy): string[] {
  if (one.kind !== 'pair') {
    const isOther = one.kind === 'only-before' && one.why !== 'follow-up-outside-window';
    return [one.kind, `why-${one.why}`, ...(isOther ? ['only-before:not'] : [])];
  }
  const { change } = one.pair;
  if (change.way === 'better') return ['pair', 'better', change.meaningful?.is ? 'much-better' : 'much-better:not'];
  if (change.way === 'worse') return ['pair', 'worse', isDeteriorated(change) ? 'much-worse' : 'much-worse:not'];
  return ['pair', change.way];
}

/** Why a person has no pair; empty where there is one. */
export function whyOf(one: PairOrWhy): string[] {
  return one.kind === 'pair' ? [] : [one.why];
}

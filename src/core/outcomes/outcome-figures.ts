import { stateRow } from '../loop/states.ts';
import { isDeteriorated } from './change.ts';
import { isHelp, STAGES, type Stage } from './funnel.ts';
import { hiddenFigures, type Publication, type Sum } from './hidden-figures.ts';
import type { ScoreOf } from './instrument-set.ts';
import { roundTo } from './numbers.ts';
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

interface Asked {
  readonly window: PairWindow;
  /** Smaller counts are not printed. */
  readonly under: number;
  /** Waited for now and then, because it takes seconds where there are many partners. */
  readonly pause?: () => Promise<void>;
}

/** A score that somebody has, by `instrument/score`. */
export interface MeasuredScore extends ScoreOf {
  readonly key: string;
}

export interface Means {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

/** All figures of a period, made and protected together: whatever of them is printed gives no small number away. */
export interface OutcomeFigures {
  /** `all` first, then practices, then platforms, by id. */
  readonly scopes: readonly Scope[];
  /** The most frequent first. */
  readonly reasons: readonly string[];
  /** States of referrals that ended, in the order of the lifecycle. */
  readonly ends: readonly string[];
  readonly scores: readonly MeasuredScore[];
  /** Why persons have no pair, for any score. */
  readonly whys: readonly string[];
  /** Null where it is not printed. Measures: see `referralMeasures` and `personMeasures`. */
  count(scope: Scope, measure: string): number | null;
  /** Of the pairs; null where they are none, or not printed. */
  means(scope: Scope, score: string): Means | null;
  /** Mean of the baselines of those without a follow-up; null as above. */
  meanOfUnpaired(scope: Scope, score: string): number | null;
  /** The referrals that a printed figure counts, or whose persons it counts; undefined for one that is not printed. */
  behind(scope: Scope, measure: string): readonly string[] | undefined;
}

/** Something that is counted: which referrals it stands for, whom it belongs to, and by which measures it counts. */
interface Unit {
  readonly referrals: readonly string[];
  readonly scopes: readonly Scope[];
  readonly measures: ReadonlySet<string>;
}

export async function outcomeFigures(
  facts: readonly ReferralFacts[],
  { window, under, pause = async () => undefined }: Asked,
): Promise<OutcomeFigures> {
  const { publications, counts, units, judged, ...named } = countOutcomes(facts, window);
  const hidden = await protect(publications, { under, pause });
  const count = (scope: Scope, measure: string) => {
    const id = idOf(scope, measure);
    return hidden.has(id) ? null : (counts.get(id) ?? 0);
  };
  const mean = (scope: Scope, measure: string, values: readonly number[]) => {
    const printed = count(scope, measure);
    if (printed === null || printed < Math.max(under, 1)) return null;
    return roundTo(values.reduce((sum, one) => sum + one, 0) / values.length, 2);
  };
  const pairsOf = (scope: Scope, score: string) =>
    judged.flatMap((one) => {
      const outcome = one.scopes.includes(scope) ? one.outcomes.get(score) : undefined;
      return outcome?.kind === 'pair' ? [outcome.pair] : [];
    });
  return {
    ...named,
    count,
    means(scope, score) {
      const pairs = pairsOf(scope, score);
      const of = (values: number[]) => mean(scope, `${score}:pair`, values);
      const before = of(pairs.map((one) => one.before.value));
      const after = of(pairs.map((one) => one.after.value));
      const change = of(pairs.map((one) => one.change.by));
      return before === null || after === null || change === null ? null : { before, after, change };
    },
    meanOfUnpaired(scope, score) {
      const values = judged.flatMap((one) => {
        const isOne = one.scopes.includes(scope) && one.outcomes.get(score)?.kind === 'only-before';
        return isOne ? (one.first.get(score) ?? []) : [];
      });
      return mean(scope, `${score}:only-before`, values);
    },
    behind(scope, measure) {
      if (count(scope, measure) === null) return undefined;
      const found = units.filter((one) => one.scopes.includes(scope) && one.measures.has(measure));
      return [...new Set(found.flatMap(({ referrals }) => referrals))].sort();
    },
  };
}

/** Everything that can be counted of these referrals, printed or not, and how it adds up. */
export function countOutcomes(facts: readonly ReferralFacts[], window: PairWindow) {
  // What was entered in error never was a referral.
  const all = facts.filter(({ state }) => state !== 'entered-in-error');
  const reasons = mostFrequent(all.flatMap((one) => one.reasons));
  const scores = scoresOf(all);
  const judged = judgePersons(all, scores, window);
  const units: Unit[] = [
    ...all.map((one) => ({
      referrals: [one.referral],
      scopes: scopesOf(one),
      measures: new Set(referralMeasures(one, reasons)),
    })),
    ...judged.map(({ outcomes, ...one }) => ({ ...one, measures: new Set(personMeasures(outcomes)) })),
  ];
  const named = {
    ...{ reasons, scores, ends: endsOf(all) },
    scopes: [...new Set<Scope>(['all', ...units.flatMap((one) => one.scopes).sort(practicesFirst)])],
    whys: [...new Set(judged.flatMap(({ outcomes }) => [...outcomes.values()].flatMap(whyOf)))].sort(),
  };
  const counts = countUnits(units);
  const publications = tablesOf(named).map((sums) => publicationOf(sums, counts));
  return { ...named, publications, counts, units, judged };
}

/* ------------------------------------------------------------------ whom a figure is about */

function scopesOf({ referrer, platforms }: Pick<ReferralFacts, 'referrer' | 'platforms'>): Scope[] {
  return ['all', `practice:${referrer}`, `platform:${platforms.at(-1) ?? ''}`];
}

function practicesFirst(one: Scope, other: Scope): number {
  const rank = (scope: Scope) => (scope.startsWith('practice:') ? `0${scope}` : `1${scope}`);
  return rank(one) < rank(other) ? -1 : 1;
}

/* ------------------------------------------------------------------ what is counted of a referral */

function referralMeasures(one: ReferralFacts, reasons: readonly string[]): string[] {
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

function endsOf(all: readonly ReferralFacts[]): string[] {
  const ended = new Set(all.filter(({ open }) => !open).map(({ state }) => state));
  return [...ended].sort((one, other) => stateRow(one).rank - stateRow(other).rank);
}

function mostFrequent(all: readonly string[]): string[] {
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
function judgePersons(
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

function scoresOf(all: readonly ReferralFacts[]): MeasuredScore[] {
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

function personMeasures(outcomes: ReadonlyMap<string, PairOrWhy>): string[] {
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

function whyOf(one: PairOrWhy): string[] {
  return one.kind === 'pair' ? [] : [one.why];
}

/* ------------------------------------------------------------------ how figures add up */

function idOf(scope: string, measure: string): string {
  return `${scope} ${measure}`;
}

/** Who is in the whole and not in the part: nobody prints it, and anybody can work it out. */
function isUnprinted(id: string): boolean {
  return id.endsWith(':not');
}

function countUnits(units: readonly Unit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { scopes, measures } of units)
    for (const scope of scopes)
      for (const measure of measures) {
        const id = idOf(scope, measure);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
  return counts;
}

/** One table after the other: what a table has in common with an earlier one is decided there. */
async function protect(
  publications: readonly Publication[],
  { under, pause }: Required<Pick<Asked, 'under' | 'pause'>>,
): Promise<ReadonlySet<string>> {
  const decided = new Map<string, boolean>();
  for (const publication of publications) {
    await pause();
    const hidden = hiddenFigures(publication, under, decided);
    for (const id of publication.counts.keys()) decided.set(id, hidden.has(id));
  }
  return new Set([...decided].filter(([, isHidden]) => isHidden).map(([id]) => id));
}

function publicationOf(sums: readonly Sum[], all: ReadonlyMap<string, number>): Publication {
  const ids = new Set(sums.flatMap(({ whole, parts }) => [whole, ...parts]));
  const counts = new Map([...ids].map((id) => [id, all.get(id) ?? 0]));
  return { counts, sums, unprinted: new Set([...ids].filter(isUnprinted)) };
}

type Named = Pick<OutcomeFigures, 'scopes' | 'reasons' | 'ends' | 'scores' | 'whys'>;

/** A whole with its parts, of every scope. */
type Within = readonly [whole: string, parts: readonly string[]];

/** How figures add up, table by table: totals first, then what they are divided into. */
function tablesOf({ scopes, reasons, ends, scores, whys }: Named): Sum[][] {
  const stages: Within[] = [
    ['referrals', ['reached:referred']],
    ...STAGES.map(
      (stage, at): Within => [
        `reached:${stage}`,
        [`stopped:${stage}`, ...STAGES.slice(at + 1, at + 2).map((next) => `reached:${next}`)],
      ],
    ),
    ['referrals', ['stands:open', ...ends.map((state) => `stands:${state}`)]],
    ['reached:helped', ends.filter(isHelp).map((state) => `stands:${state}`)],
  ];
  const tables: Within[][] = [
    [['referrals', []]],
    [['persons', []]],
    stages,
    [['referrals', ['outcome', 'outcome:not']]],
    ...reasons.map((reason): Within[] => [['referrals', [`reason:${reason}`, `reason:${reason}:not`]]]),
    ...scores.flatMap(({ key }): Within[][] => [
      [['persons', [`${key}:pair`, `${key}:only-before`, `${key}:only-after`, `${key}:neither`]]],
      [
        ['persons', [`${key}:pair`, ...whys.map((why) => `${key}:why-${why}`)]],
        [`${key}:only-after`, [`${key}:why-no-baseline`, `${key}:why-baseline-too-old`]],
        [`${key}:only-before`, [`${key}:why-follow-up-outside-window`, `${key}:only-before:not`]],
      ],
      [
        [`${key}:pair`, [`${key}:better`, `${key}:worse`, `${key}:same`, `${key}:changed`]],
        [`${key}:better`, [`${key}:much-better`, `${key}:much-better:not`]],
        [`${key}:worse`, [`${key}:much-worse`, `${key}:much-worse:not`]],
      ],
    ]),
  ];
  return tables.map((table) => overScopes(table, scopes));
}

function overScopes(table: readonly Within[], scopes: readonly Scope[]): Sum[] {
  const measures = new Set(table.flatMap(([whole, parts]) => [whole, ...parts]));
  const inEach = scopes.flatMap((scope) =>
    table
      .filter(([, parts]) => parts.length > 0)
      .map(([whole, parts]) => ({ whole: idOf(scope, whole), parts: parts.map((part) => idOf(scope, part)) })),
  );
  const across = [...measures].flatMap((measure) =>
    ['practice:', 'platform:'].map((kind) => ({
      whole: idOf('all', measure),
      parts: scopes.filter((scope) => scope.startsWith(kind)).map((scope) => idOf(scope, measure)),
    })),
  );
  return [...inEach, ...across];
}

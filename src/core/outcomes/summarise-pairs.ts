import { isDeteriorated } from './change.ts';
import type { ScoreOf } from './instrument-set.ts';
import { roundTo } from './numbers.ts';
import { type Pair, type PairOrWhy, type PairWindow, type PersonOutcomes, pairOf } from './pairs.ts';
import { type Count, suppressed } from './suppress.ts';

/** What a scheme may say of one score of one instrument. Counts are of persons; a null is a count that is too small to print. */
export interface ScoreSummary {
  readonly instrument: string;
  readonly version: string;
  readonly variant?: string;
  readonly kind: 'validated' | 'bespoke';
  readonly score: string;
  readonly title: string;
  readonly direction: string;
  readonly window: PairWindow;
  readonly method: string;
  /** Everybody who was referred and looked at, measured or not. */
  readonly base: Count;
  readonly paired: Count;
  readonly onlyBefore: Count;
  readonly onlyAfter: Count;
  readonly neither: Count;
  /** Persons without a pair by why; of those who were measured, and of those who were not. */
  readonly missing: Readonly<Record<string, Count>>;
  /** Of the pairs alone. Null when there is none, or when they are too few to print. */
  readonly before: number | null;
  readonly after: number | null;
  readonly change: number | null;
  /** Baselines of those who have no follow-up: how different they were at the start. */
  readonly beforeOfUnpaired: number | null;
  readonly better: Count;
  readonly worse: Count;
  readonly same: Count;
  /** The instrument does not say which way is better. */
  readonly changed: Count;
  readonly meaningfullyBetter: Count;
  readonly deteriorated: Count;
  /** From which change on, and who says so; absent when no source does. */
  readonly meaningful?: { readonly change: number; readonly source: string };
}

const METHOD =
  'Pairs within one person: first score in the window as baseline, last score in the window as follow-up. Means are of pairs only.';

interface Asked {
  readonly window: PairWindow;
  /** Counts below this are not printed. */
  readonly suppressUnder?: number;
}

/** One summary for each score that anybody has, in the order of the instruments. Never everybody before against whoever answered after. */
export function summarisePairs(people: readonly PersonOutcomes[], asked: Asked): ScoreSummary[] {
  const scores = new Map(
    people.flatMap(({ measurements }) =>
      measurements.map((one) => [one.score, { instrument: one.instrument, score: one.score }] as const),
    ),
  );
  const ordered = [...scores.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return ordered.map((one) => summary(one, people, asked));
}

function keyOf({ instrument, score }: ScoreOf): string {
  return `${instrument.instrument} ${String(instrument.scores.indexOf(score)).padStart(3, '0')}`;
}

function summary({ instrument, score }: ScoreOf, people: readonly PersonOutcomes[], asked: Asked): ScoreSummary {
  const judged = people.map((one) => {
    const own = one.measurements.filter((measured) => measured.score === score);
    return { own, outcome: pairOf(one, own, asked.window) };
  });
  const outcomes = judged.map(({ outcome }) => outcome);
  const unpaired = judged.flatMap(({ own, outcome }) => (outcome.kind === 'only-before' ? own.slice(0, 1) : []));
  const under = asked.suppressUnder ?? 0;
  const { only } = suppressed({ only: people.length }, under);
  const [meaningful] = score.meaningful;
  return {
    instrument: instrument.instrument,
    version: instrument.version,
    ...(instrument.variant !== undefined && { variant: instrument.variant }),
    kind: instrument.kind,
    score: score.id,
    title: score.title,
    direction: score.direction,
    window: asked.window,
    method: METHOD,
    base: only,
    ...sides(outcomes, under),
    missing: suppressed(whys(outcomes), under),
    ...ofPairs(
      outcomes.flatMap((one) => (one.kind === 'pair' ? [one.pair] : [])),
      under,
    ),
    beforeOfUnpaired: meanOf(
      unpaired.map(({ value }) => value),
      under,
    ),
    ...(meaningful && { meaningful: { change: meaningful.change, source: meaningful.source } }),
  };
}

function sides(outcomes: readonly PairOrWhy[], under: number) {
  const count = (wanted: PairOrWhy['kind']) => outcomes.filter(({ kind }) => kind === wanted).length;
  return suppressed(
    {
      paired: count('pair'),
      onlyBefore: count('only-before'),
      onlyAfter: count('only-after'),
      neither: count('neither'),
    },
    under,
  );
}

function ofPairs(pairs: readonly Pair[], under: number) {
  const changes = pairs.map(({ change }) => change);
  const count = (is: (one: (typeof changes)[number]) => boolean) => changes.filter(is).length;
  const ways = {
    better: count(({ way }) => way === 'better'),
    worse: count(({ way }) => way === 'worse'),
    same: count(({ way }) => way === 'same'),
    changed: count(({ way }) => way === 'changed'),
  };
  const marked = {
    meaningfullyBetter: count(({ way, meaningful }) => way === 'better' && meaningful?.is === true),
    deteriorated: count(isDeteriorated),
  };
  return {
    before: meanOf(
      pairs.map(({ before }) => before.value),
      under,
    ),
    after: meanOf(
      pairs.map(({ after }) => after.value),
      under,
    ),
    change: meanOf(
      changes.map(({ by }) => by),
      under,
    ),
    ...suppressed(ways, under),
    ...suppressed(marked, under),
  };
}

function whys(outcomes: readonly PairOrWhy[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const one of outcomes) if (one.kind !== 'pair') counts.set(one.why, (counts.get(one.why) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Null for nobody, and for too few to print. */
function meanOf(values: readonly number[], under: number): number | null {
  if (values.length === 0 || values.length < under) return null;
  return roundTo(values.reduce((all, one) => all + one, 0) / values.length, 2);
}

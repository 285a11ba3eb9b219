import { hiddenFigures, type Publication } from './hidden-figures.ts';
import { roundTo } from './numbers.ts';
import {
  endsOf,
  judgePersons,
  mostFrequent,
  personMeasures,
  practicesFirst,
  type ReferralFacts,
  referralMeasures,
  type Scope,
  scopesOf,
  scoresOf,
  whyOf,
} from './outcome-measures.ts';
import { type Counted, idOf, publicationOf, tablesOf } from './outcome-tables.ts';
import type { PairWindow } from './pairs.ts';

interface Asked {
  readonly window: PairWindow;
  /** Smaller counts are not printed. */
  readonly under: number;
  /** Waited for now and then, because it takes seconds where there are many partners. */
  readonly pause?: () => Promise<void>;
}

export interface Means {
  readonly before: number;
  readonly after: number;
  readonly change: number;
}

/** All figures of a period, made and protected together: whatever of them is printed gives no small number away. */
export interface OutcomeFigures extends Counted {
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

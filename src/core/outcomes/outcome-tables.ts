/** The tables in which the figures of a period stand: what adds up to what, and so what a hidden figure could be worked out from. */
import { isHelp, STAGES } from './funnel.ts';
import type { Publication, Sum } from './hidden-figures.ts';
import type { MeasuredScore, Scope } from './outcome-measures.ts';

/** For whom and by what a period is counted. */
export interface Counted {
  /** `all` first, then practices, then platforms, by id. */
  readonly scopes: readonly Scope[];
  /** The most frequent first. */
  readonly reasons: readonly string[];
  /** States of referrals that ended, in the order of the lifecycle. */
  readonly ends: readonly string[];
  readonly scores: readonly MeasuredScore[];
  /** Why persons have no pair, for any score. */
  readonly whys: readonly string[];
}

/** How one figure is named: `<scope> <measure>`. */
export function idOf(scope: string, measure: string): string {
  return `${scope} ${measure}`;
}

/** Who is in the whole and not in the part: nobody prints it, and anybody can work it out. */
function isUnprinted(id: string): boolean {
  return id.endsWith(':not');
}

/** Figures that are printed together: their counts, how they add up, and which of them nobody prints. */
export function publicationOf(sums: readonly Sum[], all: ReadonlyMap<string, number>): Publication {
  const ids = new Set(sums.flatMap(({ whole, parts }) => [whole, ...parts]));
  const counts = new Map([...ids].map((id) => [id, all.get(id) ?? 0]));
  return { counts, sums, unprinted: new Set([...ids].filter(isUnprinted)) };
}

/** A whole with its parts, of every scope. */
type Within = readonly [whole: string, parts: readonly string[]];

/** How figures add up, table by table: totals first, then what they are divided into. */
export function tablesOf({ scopes, reasons, ends, scores, whys }: Counted): Sum[][] {
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

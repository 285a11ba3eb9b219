import { stateRow } from '../../core/loop/states.ts';
import { STAGES, type Stage } from '../../core/outcomes/funnel.ts';
import type { OutcomeFigures } from '../../core/outcomes/outcome-figures.ts';
import type { MeasuredScore, Scope } from '../../core/outcomes/outcome-measures.ts';
import { stackedBars } from '../charts/stacked-bars.ts';
import type { ConsolePartner } from '../console-partner.ts';
import { pathTo } from '../paths.ts';
import { numberInWords } from '../words.ts';

/** A figure on the page: its text, and where the loops behind it stand. */
export interface Cell {
  readonly text: string;
  readonly hidden: boolean;
  readonly href?: string;
}

interface Shown {
  readonly figures: OutcomeFigures;
  readonly year: string;
  readonly scope: Scope;
  readonly partners: readonly Pick<ConsolePartner, 'id' | 'name'>[];
  /** What the terminology calls a code. */
  readonly displayOf: (system: string, code: string) => string | undefined;
}

export const HIDDEN = 'hidden';

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  referred: 'Referred',
  sent: 'Sent to a service',
  accepted: 'Accepted',
  started: 'Help began',
  helped: 'Helped to the end',
  told: 'GP’s record has it',
};

export const WHY_NAMES: Readonly<Record<string, string>> = {
  'no-baseline': 'nothing was measured at the start',
  'baseline-too-old': 'the first score is too old',
  'no-follow-up-yet': 'still being helped, no follow-up yet',
  'follow-up-outside-window': 'the follow-up came too early or too late',
  declined: 'the person declined',
  lost: 'the person could not be reached any more',
  'not-accepted': 'the service did not take the person',
  'ended-without-follow-up': 'it ended without a follow-up',
  'report-held': 'a report waits for somebody',
};

/** What the page of a year's outcomes shows. */
export function viewOutcomes(shown: Shown) {
  const { figures, scope, partners } = shown;
  const cell = cellsOf(shown);
  const own = (measure: string) => cell(scope, measure);
  return {
    referrals: own('referrals'),
    persons: own('persons'),
    funnel: viewFunnel(shown, own),
    stands: [
      { name: 'Open', count: own('stands:open') },
      ...figures.ends.map((state) => ({ name: stateRow(state as never).display, count: own(`stands:${state}`) })),
    ],
    outcome: own('outcome'),
    reasons: figures.reasons.map((reason) => ({ name: reasonName(reason, shown), count: own(`reason:${reason}`) })),
    partners: figures.scopes
      .filter((one) => one !== 'all')
      .map((one) => ({
        name: scopeName(one, partners),
        kind: one.startsWith('practice:') ? 'Practice' : 'Service',
        cells: ['referrals', 'reached:accepted', 'reached:started', 'reached:helped', 'reached:told', 'outcome'].map(
          (measure) => cell(one, measure),
        ),
      })),
    scores: figures.scores.map((score) => viewScore(score, shown, own)),
  };
}

/** What can be chosen. */
export function viewScopes({ scopes }: OutcomeFigures, partners: Shown['partners'], chosen: Scope) {
  return scopes.map((scope) => ({ value: scope, text: scopeName(scope, partners), chosen: scope === chosen }));
}

export function scopeName(scope: Scope, partners: Shown['partners']): string {
  if (scope === 'all') return 'Everybody';
  const id = scope.slice(scope.indexOf(':') + 1);
  if (id === '') return 'Sent to no service yet';
  const name = partners.find((one) => one.id === id)?.name ?? id;
  return scope.startsWith('practice:') ? `Referred by ${name}` : `Sent to ${name}`;
}

function cellsOf({ figures, year }: Shown) {
  return (scope: Scope, measure: string): Cell => {
    const count = figures.count(scope, measure);
    if (count === null) return { text: HIDDEN, hidden: true };
    const href = pathTo('outcomeLoops', { year, scope, measure });
    return { text: numberInWords(count), hidden: false, ...(count > 0 && { href }) };
  };
}

type Own = (measure: string) => Cell;

function viewFunnel({ figures, scope }: Shown, own: Own) {
  const rows = STAGES.map((stage) => ({
    name: STAGE_NAMES[stage],
    reached: own(`reached:${stage}`),
    stopped: own(`stopped:${stage}`),
  }));
  // A hidden figure is not drawn: a bar of no length would say that there is nobody.
  const drawn = STAGES.flatMap((stage) => {
    const count = figures.count(scope, `reached:${stage}`);
    return count === null ? [] : [{ label: STAGE_NAMES[stage], counts: [count] }];
  });
  const chart =
    drawn.length === 0
      ? undefined
      : stackedBars({ rows: drawn, series: ['came so far'], unit: ['referral', 'referrals'] });
  return { rows, chart };
}

const WAYS = ['better', 'same', 'worse', 'changed'] as const;

function viewScore({ key, instrument, score }: MeasuredScore, { figures, scope }: Shown, own: Own) {
  const of = (name: string) => own(`${key}:${name}`);
  const means = figures.means(scope, key);
  const ways = WAYS.filter((way) => figures.count(scope, `${key}:${way}`) !== 0);
  const [meaningful] = score.meaningful;
  const unpaired = figures.meanOfUnpaired(scope, key);
  return {
    id: `score-${key.replace(/[^a-z0-9]+/gi, '-')}`,
    title: score.title,
    instrument: `${instrument.instrument} ${instrument.version}, ${instrument.kind}, ${score.direction}`,
    persons: [
      { name: 'Persons', count: own('persons') },
      { name: 'with a score before and after', count: of('pair') },
      { name: 'with a score before alone', count: of('only-before') },
      { name: 'with a score after alone', count: of('only-after') },
      { name: 'with none', count: of('neither') },
    ],
    missing: figures.whys.map((why) => ({ name: WHY_NAMES[why] ?? why, count: of(`why-${why}`) })),
    means: means && {
      before: String(means.before),
      after: String(means.after),
      change: `${means.change > 0 ? '+' : ''}${means.change}`,
    },
    unpaired: unpaired === null ? undefined : String(unpaired),
    changes: ways.map((way) => ({ name: way === 'same' ? 'the same' : way, count: of(way) })),
    meaningful: meaningful && {
      from: String(meaningful.change),
      source: meaningful.source,
      better: of('much-better'),
      worse: of('much-worse'),
    },
    chart: waysChart(ways.map((way) => ({ way, count: figures.count(scope, `${key}:${way}`) }))),
  };
}

/** Drawn only where all of it may be seen. */
function waysChart(ways: readonly { readonly way: string; readonly count: number | null }[]) {
  const counts = ways.flatMap(({ count }) => (count === null ? [] : [count]));
  if (counts.length < ways.length || counts.length === 0) return undefined;
  return stackedBars({
    rows: [{ label: 'Pairs', counts }],
    series: ways.map(({ way }) => (way === 'same' ? 'the same' : way)),
    unit: ['person', 'persons'],
  });
}

function reasonName(reason: string, { displayOf }: Shown): string {
  const bar = reason.lastIndexOf('|');
  const [system, code] = [reason.slice(0, bar), reason.slice(bar + 1)];
  const display = displayOf(system, code);
  if (display !== undefined) return `${display} (${code})`;
  return code.startsWith('sha256:') ? `a code that is not shown (${code.slice(0, 19)}…)` : code;
}

import type { PromiseKind } from '../../core/loop/promises/promise.ts';
import { LOOP_AGES, type LoopAge, type LoopsOfDay, type Overview } from '../../ports-console.ts';
import type { Standing } from '../../ports-queries.ts';
import { type DayLines, dayLines } from '../charts/day-lines.ts';
import { type StackedBars, stackedBars } from '../charts/stacked-bars.ts';
import type { ConsolePartner } from '../console-partner.ts';
import { pathTo } from '../paths.ts';

/** Days that the overview looks back, today among them. */
export const DAYS_BACK = 14;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface OverviewGiven {
  readonly overview: Overview;
  readonly standing: Standing;
  /** Those that the user may see. */
  readonly partners: readonly ConsolePartner[];
  /** When it was read. */
  readonly now: string;
}

export interface OverviewModel {
  readonly open: number;
  readonly states: {
    readonly chart: StackedBars;
    readonly ages: readonly string[];
    readonly rows: readonly { readonly state: string; readonly counts: readonly number[]; readonly total: number }[];
  };
  readonly debtors: readonly {
    readonly name: string;
    readonly count: number;
    readonly since: string;
    readonly span: number;
  }[];
  readonly longest: readonly {
    readonly referral: string;
    readonly href: string;
    readonly name: string;
    readonly owes: string;
    readonly dueAt: string;
    readonly span: number;
  }[];
  readonly days: {
    readonly chart: DayLines;
    readonly rows: readonly Day[];
    readonly opened: number;
    readonly closed: number;
  };
  readonly partners: readonly PartnerHealth[];
}

interface Day {
  readonly day: string;
  readonly opened: number;
  readonly closed: number;
}

interface PartnerHealth {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly heardAt?: string;
  /** Deliveries that wait or are under way, and how long the oldest has. */
  readonly waiting: number;
  readonly waitingSpan?: number;
  readonly held: number;
  readonly late: number;
}

const AGE_WORDS: Readonly<Record<LoopAge, string>> = {
  day: 'up to a day',
  week: 'up to a week',
  month: 'up to 4 weeks',
  quarter: 'up to 12 weeks',
  older: 'older',
};

const OWED: Readonly<Record<PromiseKind, string>> = {
  deliver: 'to deliver the referral',
  decide: 'to say yes or no',
  progress: 'to say how it goes on',
  outcome: 'to say how it ended',
  'answer-cancel': 'to answer the cancellation',
  'tell-gp': 'to tell the GP',
  'resolve-hold': 'a person’s decision on what is held',
};

/** What the overview shows, from what was read. */
export function viewOverview({ overview, standing, partners, now }: OverviewGiven): OverviewModel {
  const nameOf = (id: string) =>
    partners.find((one) => one.id === id)?.name ?? (id === 'hearback' ? 'Hearback' : 'another partner');
  const span = (since: string) => Math.max(0, Date.parse(now) - Date.parse(since));
  const states = byState(overview.open);
  const days = byDay(overview, now);
  const ages = LOOP_AGES.map((age) => AGE_WORDS[age]);
  const sum = (rows: readonly { readonly count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  return {
    open: sum(overview.open),
    states: {
      chart: stackedBars({ rows: states.map(({ state, counts }) => ({ label: state, counts })), series: ages }),
      ages,
      rows: states,
    },
    debtors: overview.late
      .map(({ owedBy, count, since }) => ({ name: nameOf(owedBy), count, since, span: span(since) }))
      .sort((one, other) => other.count - one.count || other.span - one.span),
    longest: overview.longestLate.map(({ referral, kind, owedBy, dueAt }) => ({
      ...{ referral, href: pathTo('loop', { referral }), name: nameOf(owedBy) },
      ...{ owes: OWED[kind], dueAt, span: span(dueAt) },
    })),
    days: {
      chart: dayLines({
        days: days.map(({ day, opened, closed }) => ({ label: day.slice(5), counts: [opened, closed] })),
        series: ['opened', 'closed'],
      }),
      rows: days,
      opened: days.reduce((total, { opened }) => total + opened, 0),
      closed: days.reduce((total, { closed }) => total + closed, 0),
    },
    partners: partners.map((partner) => healthOf(partner, { overview, standing, span })),
  };
}

/** The states in the order of their numbers: the largest bar first. */
function byState(open: Overview['open']): OverviewModel['states']['rows'] {
  const states = [...new Set(open.map(({ state }) => state))];
  return states
    .map((state) => {
      const counts = LOOP_AGES.map((age) => open.find((one) => one.state === state && one.age === age)?.count ?? 0);
      return { state: state.replaceAll('-', ' '), counts, total: counts.reduce((sum, count) => sum + count, 0) };
    })
    .sort((one, other) => other.total - one.total || (one.state < other.state ? -1 : 1));
}

/** A line for each day, also for one on which nothing was done. */
function byDay({ opened, closed }: Overview, now: string): Day[] {
  const on = (day: string, rows: readonly LoopsOfDay[]) => rows.find((one) => one.day === day)?.count ?? 0;
  return Array.from({ length: DAYS_BACK }, (_, index) => {
    const day = dayOf(now, DAYS_BACK - 1 - index);
    return { day, opened: on(day, opened), closed: on(day, closed) };
  });
}

/** `2026-11-26`, so many days before an instant, in UTC. */
export function dayOf(now: string, daysBefore: number): string {
  return new Date(Date.parse(now) - daysBefore * DAY_MS).toISOString().slice(0, 10);
}

function healthOf(
  { id, name, kind }: ConsolePartner,
  { overview, standing, span }: Pick<OverviewGiven, 'overview' | 'standing'> & { span(since: string): number },
): PartnerHealth {
  const heardAt = overview.heard.find(({ partner }) => partner === id)?.at;
  const work = standing.work.filter(({ partner }) => partner === id);
  const waiting = work.filter(({ status }) => status !== 'held');
  const total = (rows: typeof work) => rows.reduce((sum, { count }) => sum + count, 0);
  const oldest = Math.max(...waiting.map(({ since }) => span(since)));
  return {
    ...{ id, name, what: kind === 'gp-system' ? 'GP system' : 'platform' },
    ...(heardAt !== undefined && { heardAt }),
    waiting: total(waiting),
    ...(waiting.length > 0 && { waitingSpan: oldest }),
    held: total(work.filter(({ status }) => status === 'held')),
    late: overview.late.find(({ owedBy }) => owedBy === id)?.count ?? 0,
  };
}

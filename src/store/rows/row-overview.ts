import type { PromiseKind } from '../../core/loop/promises/promise.ts';
import { LOOP_AGES, type LoopAge, type Overview, type OverviewQuery } from '../../ports-console.ts';
import { integer, optionalText, type Row, text, word } from './row.ts';
import { PROMISE_KINDS } from './row-promise.ts';

const AGES = Object.fromEntries(LOOP_AGES.map((age) => [age, true])) as Record<LoopAge, true>;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What the statements are asked with, but for the partners, which each database takes in its own way. */
export function overviewValues({ now, since, longest }: OverviewQuery) {
  const ago = (days: number) => new Date(Date.parse(now) - days * DAY_MS).toISOString();
  return {
    ages: { dayAgo: ago(1), weekAgo: ago(7), monthAgo: ago(28), quarterAgo: ago(84) },
    late: { now },
    longest: { now, longest },
    opened: { since, firstId: lowestIdOf(Date.parse(since) - DAY_MS) },
    closed: { since },
  };
}

/** The beginning of a UUID version 7 (RFC 9562, 5.7) of that millisecond: nothing that was made later sorts before it. */
function lowestIdOf(milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

interface OverviewRows {
  readonly open: readonly Row[];
  readonly late: readonly Row[];
  readonly longest: readonly Row[];
  readonly opened: readonly Row[];
  readonly closed: readonly Row[];
  /** A row each for the partners in the order of `heardOf`. */
  readonly heard: readonly (Row | undefined)[];
}

export function toOverview(rows: OverviewRows, { heardOf }: OverviewQuery): Overview {
  const kind = (row: Row): PromiseKind => word(row, 'kind', PROMISE_KINDS);
  return {
    open: rows.open.map((row) => ({
      state: text(row, 'state'),
      age: word(row, 'age', AGES),
      count: integer(row, 'number'),
    })),
    late: rows.late.map((row) => ({
      owedBy: text(row, 'owed_by'),
      count: integer(row, 'number'),
      since: text(row, 'since'),
    })),
    longestLate: rows.longest.map((row) => ({
      referral: text(row, 'referral'),
      kind: kind(row),
      owedBy: text(row, 'owed_by'),
      dueAt: text(row, 'due_at'),
    })),
    opened: rows.opened.map(ofDay),
    closed: rows.closed.map(ofDay),
    heard: heardOf.flatMap((partner, position) => {
      const row = rows.heard[position];
      const at = row && optionalText(row, 'at');
      return at === undefined ? [] : [{ partner, at }];
    }),
  };
}

function ofDay(row: Row) {
  return { day: text(row, 'day'), count: integer(row, 'number') };
}

import type { LogQuery } from '../ports-queries.ts';

/** Which conditions a search of the message log has, for the text of its statement. */
export interface LogFilter {
  /** The one that goes in by its index: the narrowest of those that are given. */
  readonly lead: 'about' | 'partner' | 'actor' | 'kind' | 'time';
  readonly partner: boolean;
  readonly actor: boolean;
  readonly kind: boolean;
  readonly since: boolean;
  readonly until: boolean;
  readonly after: boolean;
  readonly newestFirst: boolean;
}

const LEADS = ['about', 'partner', 'actor', 'kind'] as const;

export function logFilter(query: LogQuery): LogFilter {
  const { partner, actor, kind, since, until, after, newestFirst = false } = query;
  return {
    lead: LEADS.find((name) => query[name] !== undefined) ?? 'time',
    partner: partner !== undefined,
    actor: actor !== undefined,
    kind: kind !== undefined,
    since: since !== undefined,
    until: until !== undefined,
    after: after !== undefined,
    newestFirst,
  };
}

/** The page from the rows that were asked for: one more than it holds, which tells whether there is another. */
export function pageOf<E extends { readonly at: string; readonly seq: number }>(rows: readonly E[], limit: number) {
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return { entries, ...(rows.length > limit && last !== undefined && { next: { at: last.at, seq: last.seq } }) };
}

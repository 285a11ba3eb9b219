/** Statements on journal. SQLite's stand beside them; the one that writes takes any number of rows (`:rows`). */

const ENTRY = 'at, kind, actor, partner, referral, message, detail';

/** In the order of the list. */
export const INSERT_ENTRIES = `
insert into journal (${ENTRY})
select ${ENTRY} from rows from (json_populate_recordset(null::journal, :rows)) with ordinality as e order by ordinality`;

/** A key of a lock has 31 bits. */
const WRAP = 2_147_483_647;

/*
 * Numbers are given when an entry is written and seen when its transaction commits, so a later number may be seen before an
 * earlier one; a reader who goes on from the last number that he saw would never see the earlier one. So each transaction
 * that writes entries holds a shared lock whose second key is the highest number given before its own, and a reader looks
 * no further than the lowest of these. Nobody waits: the lock only tells.
 */
export const ANNOUNCE_ENTRIES = `
select pg_advisory_xact_lock_shared('journal'::regclass::oid::int, (case when is_called then last_value else 0 end % 2147483647)::int)
from journal_seq_seq`;
/** First this, then the lowest announced, then the entries: each statement sees what was committed before it. */
export const LAST_NUMBER = 'select case when is_called then last_value else 0 end as last from journal_seq_seq';
export const LOWEST_ANNOUNCED = `
select min(objid::bigint) as number from pg_locks
where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
  and classid = 'journal'::regclass::oid and objsubid = 2 and granted`;

/** The number up to which nothing can come any more. `announced` is undefined when nobody writes. */
export function settledNumber(last: number, announced: number | undefined): number {
  if (announced === undefined) return last;
  const round = last - (last % WRAP);
  /* Announced before the numbers of the lock began again. */
  return round + announced <= last ? round + announced : round - WRAP + announced;
}

/** With those of its messages that came before it was known whose they are. `array` keeps the server from walking the whole log. */
const OF_REFERRAL = `seq = any(array(
  select seq from journal where referral = :referral
  union select seq from journal where message = any(array(select id from message where message.referral = :referral))))`;

interface EntryFilter {
  readonly referral: boolean;
  readonly partner: boolean;
  readonly kind: boolean;
  readonly since: boolean;
  readonly until: boolean;
  readonly afterSeq: boolean;
}

/** In order of writing, as far as it is settled (`:through`); a partner's entries are those it caused and those that speak of it. */
export function entries(filter: EntryFilter): string {
  const conditions = [
    'seq <= :through',
    filter.referral ? OF_REFERRAL : '',
    filter.partner ? '(actor = :partner or partner = :partner)' : '',
    filter.kind ? 'kind = :kind' : '',
    filter.since ? 'at >= :since' : '',
    filter.until ? 'at < :until' : '',
    filter.afterSeq ? 'seq > :afterSeq' : '',
  ].filter((condition) => condition !== '');
  const byTimeAlone =
    (filter.since || filter.until) && !(filter.referral || filter.partner || filter.kind || filter.afterSeq);
  /* By time alone it goes in by the time instead of walking the whole log in order. */
  return `select * from journal where ${conditions.join(' and ')} order by ${byTimeAlone ? 'seq + 0' : 'seq'} limit :limit`;
}

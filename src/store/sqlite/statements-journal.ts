/** Statements on journal. PostgreSQL's stand beside them under the same names. */

export const INSERT_ENTRY = `
insert into journal (at, kind, actor, partner, referral, message, detail)
values (:at, :kind, :actor, :partner, :referral, :message, :detail)`;

/** With those of its messages that came before it was known whose they are. */
const OF_REFERRAL = '(referral = :referral or message in (select id from message where message.referral = :referral))';

interface EntryFilter {
  readonly referral: boolean;
  readonly partner: boolean;
  readonly kind: boolean;
  readonly since: boolean;
  readonly until: boolean;
  readonly afterSeq: boolean;
}

/**
 * In order of writing; a partner's entries are those it caused and those that speak of it. Asked by time alone, the
 * `+` lets SQLite go in by the time instead of walking the whole log in order.
 */
export function entries(filter: EntryFilter): string {
  const conditions = [
    filter.referral ? OF_REFERRAL : '',
    filter.partner ? '(actor = :partner or partner = :partner)' : '',
    filter.kind ? 'kind = :kind' : '',
    filter.since ? 'at >= :since' : '',
    filter.until ? 'at < :until' : '',
    filter.afterSeq ? 'seq > :afterSeq' : '',
  ].filter((condition) => condition !== '');
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const byTimeAlone =
    (filter.since || filter.until) && !(filter.referral || filter.partner || filter.kind || filter.afterSeq);
  return `select * from journal ${where} order by ${byTimeAlone ? '+' : ''}seq limit :limit`;
}

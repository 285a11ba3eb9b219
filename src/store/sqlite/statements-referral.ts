/** Statements on referral, referral_partner and reference. PostgreSQL's stand beside them under the same names. */

export const VERSION_OF_REFERRAL = 'select version from referral where id = :id';
export const REFERRAL_BY_ID = 'select * from referral where id = :id';

export const INSERT_REFERRAL = `
insert into referral (id, version, referrer, platforms, parent_task, status, opened_at, closed_at, next_due_at)
values (:id, :version, :referrer, :platforms, :parentTask, :status, :openedAt, :closedAt, :nextDueAt)`;

export const UPDATE_REFERRAL = `
update referral set version = :version, referrer = :referrer, platforms = :platforms, parent_task = :parentTask,
  status = :status, opened_at = :openedAt, closed_at = :closedAt, next_due_at = :nextDueAt
where id = :id`;

export const INSERT_REFERRAL_PARTNER =
  'insert into referral_partner (partner, referral) values (:partner, :referral) on conflict do nothing';

/** A reference learnt again for the same referral may add the task that it names; it never takes it away. */
export const UPSERT_REFERENCE = `
insert into reference (partner, kind, value, referral, task) values (:partner, :kind, :value, :referral, :task)
on conflict (partner, kind, value, referral) do update set task = coalesce(excluded.task, task)`;

/** Two rows are enough to know that the name is ambiguous. */
export const REFERENCE_BY_VALUE =
  'select * from reference where partner = :partner and kind = :kind and value = :value limit 2';
export const OTHER_BEARER = `
select referral from reference where partner = :partner and kind = :kind and value = :value and referral <> :referral
limit 1`;
export const REFERENCES_OF_REFERRAL =
  'select * from reference where referral = :referral order by partner, kind, value';

interface LoopFilter {
  readonly status: boolean;
  readonly late: boolean;
  readonly partner: boolean;
  readonly after: boolean;
}

/**
 * Loops in order of their ids, which is the order of their making. When only late ones are asked for, the `+` keeps
 * SQLite from walking through all loops in that order: it goes in by the deadline, few loops are late.
 */
export function loops(filter: LoopFilter): string {
  const id = filter.late ? '+id' : 'id';
  const conditions = [
    filter.late ? 'next_due_at < :lateAt' : '',
    filter.status ? `${filter.late ? '+' : ''}status = :status` : '',
    filter.partner ? `${id} in (select referral from referral_partner where partner = :partner)` : '',
    filter.after ? `${id} > :after` : '',
  ].filter((condition) => condition !== '');
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return `select * from referral ${where} order by ${id} limit :limit`;
}

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

/** Which conditions are asked for. */
export type LoopFilter = { readonly [K in LoopCondition]?: boolean } & { readonly newestFirst?: boolean };

type LoopCondition =
  | 'status'
  | 'late'
  | 'partner'
  | 'alsoPartner'
  | 'among'
  | 'openedFrom'
  | 'openedBefore'
  | 'patient'
  | 'state'
  | 'need'
  | 'named'
  | 'after';

/**
 * Loops in order of their ids, which is the order of their making. When only late ones are asked for, the `+` keeps
 * SQLite from walking through all loops in that order: it goes in by the deadline, few loops are late. A patient has few loops
 * and goes first; states and needs are shared by many, and are tried on one loop after the other until the page is full.
 */
export function loops(filter: LoopFilter): string {
  const id = filter.late ? '+id' : 'id';
  const plus = filter.late ? '+' : '';
  const texts: Readonly<Record<LoopCondition, string>> = {
    late: 'next_due_at < :lateAt',
    status: `${plus}status = :status`,
    partner: `${id} in (select referral from referral_partner where partner = :partner)`,
    alsoPartner: `${id} in (select referral from referral_partner where partner = :alsoPartner)`,
    among:
      'exists (select 1 from referral_partner p where p.referral = referral.id and p.partner in (select value from json_each(:among)))',
    openedFrom: 'opened_at >= :openedFrom',
    openedBefore: 'opened_at < :openedBefore',
    patient: `${id} in (${OF_PATIENT})`,
    state: `exists (${IN_STATE})`,
    need: `exists (${FOR_NEED})`,
    named: `(id = :named or id in (${NAMED}))`,
    after: `${id} ${filter.newestFirst ? '<' : '>'} :after`,
  };
  const conditions = Object.entries(texts).flatMap(([name, text]) => (filter[name as LoopCondition] ? [text] : []));
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return `select * from referral ${where} order by ${id}${filter.newestFirst ? ' desc' : ''} limit :limit`;
}

const OF_PATIENT = `select r.referral from resource_search s cross join resource r on r.type = s.type and r.id = s.id
  where s.type = 'Patient' and s.param in ('identifier', '_former-identifier') and s.value = :patient`;
const IN_STATE = `select 1 from resource_search s
  where s.type = 'Task' and s.id = referral.parent_task and s.param = 'business-status' and s.code = :state`;
const FOR_NEED = `select 1 from resource r cross join resource_search s on s.type = r.type and s.id = r.id
  where r.referral = referral.id and r.type = 'ServiceRequest' and s.param = '_need' and s.code = :need`;
const NAMED = `select referral from reference
  where partner in (select value from json_each(:namedBy))
    and kind in ('referral', 'platform-reference', 'resource', 'correlation', 'control-id') and value = :named`;

/**
 * Statements on referral, referral_partner and reference. SQLite's stand beside them. Those that write take any number of rows
 * at once (`:rows`, see asRows), because every statement costs the same way to the server and back.
 */

export const VERSIONS_OF_REFERRALS = 'select id, version from referral where id = any(:ids)';
export const REFERRAL_BY_ID = 'select * from referral where id = :id';

const REFERRAL = 'id, version, referrer, platforms, parent_task, status, opened_at, closed_at, next_due_at';

export const WRITE_REFERRALS = `
insert into referral (${REFERRAL})
select ${REFERRAL} from json_populate_recordset(null::referral, :rows) order by id
on conflict (id) do update set version = excluded.version, referrer = excluded.referrer, platforms = excluded.platforms,
  parent_task = excluded.parent_task, status = excluded.status, opened_at = excluded.opened_at,
  closed_at = excluded.closed_at, next_due_at = excluded.next_due_at`;

export const INSERT_REFERRAL_PARTNERS = `
insert into referral_partner (partner, referral)
select partner, referral from json_populate_recordset(null::referral_partner, :rows)
on conflict do nothing`;

/** A reference learnt again for the same referral may add the task that it names; it never takes it away. */
export const UPSERT_REFERENCES = `
insert into reference (partner, kind, value, referral, task)
select partner, kind, value, referral, task from json_populate_recordset(null::reference, :rows)
on conflict (partner, kind, short(value), referral) do update set task = coalesce(excluded.task, reference.task)`;

/** Two rows are enough to know that the name is ambiguous. */
export const REFERENCE_BY_VALUE = `
select * from reference
where partner = :partner and kind = :kind and short(value) = short(:value) and value = :value limit 2`;

/** Of each name whether it stands for another referral, and for which. */
export const OTHER_BEARERS = `
select w.partner, w.kind, w.value, w.referral, o.referral as other
from json_populate_recordset(null::reference, :rows) w
cross join lateral (
  select r.referral from reference r
  where r.partner = w.partner and r.kind = w.kind and short(r.value) = short(w.value) and r.value = w.value
    and r.referral <> w.referral
  limit 1) o`;

export const REFERENCES_OF_REFERRAL =
  'select * from reference where referral = :referral order by partner, kind, value';

/** Which conditions are asked for. */
export type LoopFilter = { readonly [K in LoopCondition]?: boolean } & {
  readonly late?: boolean;
  readonly newestFirst?: boolean;
};

type LoopCondition =
  | 'status'
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
 * Loops in order of their ids, which is the order of their making. Late ones are found by their deadline and ordered afterwards
 * (`offset 0` keeps the server from walking through all loops in that order): few loops are late. So it is with a patient's.
 */
export function loops(filter: LoopFilter): string {
  const texts: Readonly<Record<LoopCondition, string>> = {
    status: 'status = :status',
    partner: 'id in (select referral from referral_partner where partner = :partner)',
    alsoPartner: 'id in (select referral from referral_partner where partner = :alsoPartner)',
    among: 'exists (select 1 from referral_partner p where p.referral = l.id and p.partner = any(:among))',
    openedFrom: 'opened_at >= :openedFrom',
    openedBefore: 'opened_at < :openedBefore',
    patient: `id = any(array(${OF_PATIENT}))`,
    state: `exists (${IN_STATE})`,
    need: `exists (${FOR_NEED})`,
    named: `(id = :named or id = any(array(${NAMED})))`,
    after: `id ${filter.newestFirst ? '<' : '>'} :after`,
  };
  const conditions = Object.entries(texts).flatMap(([name, text]) => (filter[name as LoopCondition] ? [text] : []));
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const source = filter.late ? '(select * from referral where next_due_at < :lateAt offset 0) l' : 'referral l';
  return `select * from ${source} ${where} order by id${filter.newestFirst ? ' desc' : ''} limit :limit`;
}

const OF_PATIENT = `select r.referral from resource_search s join resource r on r.type = s.type and r.id = s.id
  where s.type = 'Patient' and s.param in ('identifier', '_former-identifier')
    and short(s.value) = short(:patient) and s.value = :patient`;
const IN_STATE = `select 1 from resource_search s
  where s.type = 'Task' and s.id = l.parent_task and s.param = 'business-status' and s.code = :state`;
const FOR_NEED = `select 1 from resource r join resource_search s on s.type = r.type and s.id = r.id
  where r.referral = l.id and r.type = 'ServiceRequest' and s.param = '_need' and s.code = :need`;
const NAMED = `select referral from reference
  where partner = any(:namedBy)
    and kind in ('referral', 'platform-reference', 'resource', 'correlation', 'control-id')
    and short(value) = short(:named) and value = :named`;

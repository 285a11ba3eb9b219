/** Searches of the message log. SQLite's stand beside them under the same names. */
import type { LogFilter } from '../log-filter.ts';

/** Each partner that names referrals, found by going from one to the next in the index: they are few, what they name is much. */
const NAMERS = `
with recursive namer (partner) as (
  select min(partner) from reference
  union all select (select min(partner) from reference r where r.partner > namer.partner) from namer where partner is not null)`;

/** The value's part after the last `|` is the number, whatever its system. */
export const REFERRALS_OF_PATIENT = `
select distinct r.referral from resource_search s join resource r on r.type = s.type and r.id = s.id
where s.type = 'Patient' and s.param = 'identifier'
  and short(s.code) = short(:name) and s.code = :name`;

const NAMED = 'short(f.value) = short(:name) and f.value = :name';

export const REFERRALS_BY_NAME = `${NAMERS}
select id as referral from referral where id = :name
union select referral from resource where type = 'Task' and id = :name
union select referral from resource where type = 'ServiceRequest' and id = :name
union select f.referral from namer n cross join lateral (
  select f.referral from reference f where f.partner = n.partner
    and f.kind = any(array['referral', 'platform-reference', 'resource', 'correlation', 'control-id']) and ${NAMED}) f
union select r.referral from resource_search s join resource r on r.type = s.type and r.id = s.id
  where s.type in ('Task', 'ServiceRequest') and s.param = 'identifier'
  and short(s.code) = short(:name) and s.code = :name`;

export const REFERRALS_BY_MESSAGE_NAME = `${NAMERS}
select distinct f.referral from namer n cross join lateral (
  select f.referral from reference f where f.partner = n.partner
    and f.kind = any(array['correlation', 'control-id']) and ${NAMED}) f`;

/** By our id, or by the sender's for what came in by itself. */
export const MESSAGES_BY_NAME = `
with recursive sender (partner) as (
  select min(partner) from message where received = 1
  union all select (select min(partner) from message m where m.received = 1 and m.partner > sender.partner) from sender
    where partner is not null)
select id as message from message where id = :name
union select m.id from sender s cross join lateral (
  select m.id from message m where m.partner = s.partner and m.direction = 'in' and m.received = 1
    and short(m.identity) = short(:name) and m.identity = :name) m`;

export const ENTRY_BY_SEQ = 'select * from journal where seq = :seq';

/* `offset 0` fixes the order: first what a referral has, which is little. */
export const PATIENTS_OF_REFERRALS = `
select l.referral, r.id as patient from unnest(:referrals::text[]) as l (referral) cross join lateral (
  select id, type from resource where referral = l.referral collate "C" offset 0) r
where r.type = 'Patient'`;

/**
 * One condition leads and goes in by its index, which lies in order of time; the others are tested on each row. Where two
 * indexes lead, each gives a page and the pages are merged. No further than is settled (`:through`), so that a page that was read is whole.
 */
export function logEntries(filter: LogFilter): string {
  const direction = filter.newestFirst ? 'desc' : 'asc';
  const order = `order by at ${direction}, seq ${direction} limit :limit`;
  const tested = [
    'seq <= :through',
    filter.lead !== 'partner' && filter.partner ? '(actor = :partner or partner = :partner)' : '',
    filter.lead !== 'actor' && filter.actor ? 'actor = :actor' : '',
    filter.lead !== 'kind' && filter.kind ? 'kind = :kind' : '',
    filter.since ? 'at >= :since' : '',
    filter.until ? 'at < :until' : '',
    filter.after ? `(at, seq) ${filter.newestFirst ? '<' : '>'} (:afterAt, :afterSeq)` : '',
  ].filter((condition) => condition !== '');
  const pages = LEADS[filter.lead].map((lead) => {
    const conditions = [...(lead === '' ? [] : [lead]), ...tested];
    return `(select * from journal where ${conditions.join(' and ')} ${order})`;
  });
  return `select * from (${pages.join(' union ')}) as found ${order}`;
}

const LEADS: Readonly<Record<LogFilter['lead'], readonly string[]>> = {
  about: [
    'referral = any(:referrals::text[])',
    'message in (select id from message where referral = any(:referrals::text[]))',
    'message = any(:messages::text[])',
  ],
  partner: ['actor = :partner', 'partner = :partner'],
  actor: ['actor = :actor'],
  kind: ['kind = :kind'],
  time: [''],
};

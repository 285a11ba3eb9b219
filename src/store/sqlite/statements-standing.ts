import { AT_ONCE } from '../rows/row-work.ts';

/**
 * What waits, what is held and what is late, for whoever watches the engine. PostgreSQL's stand beside them under the same
 * names. They are asked every few seconds for as long as the engine runs, so each goes in by an index that holds only what it counts.
 */

/** Lanes begin with the kind of their work; `0` is what comes after `/`. */
const BEFORE = ['in/', 'out/', 'read/', 'urgent/'] as const;

/** What stands behind a held head moves when a person has answered and not before: counted as ready, each open hold would look like an engine that is stuck. */
const STATUS = `case when w.status = 'ready' and w.is_head = 0
  and exists (select 1 from work h where h.lane = w.lane and h.is_head = 1 and h.status = 'held')
then 'behind-hold' else w.status end`;

/** Work that moves by itself. A record has as many timers as open promises, and most of them are for later: not read here. */
export const MOVING_WORK = BEFORE.map(
  (prefix) => `select w.kind, ${STATUS} as status, w.partner, count(*) as number, min(w.first_queued_at) as since
from work w where w.lane >= '${prefix}' and w.lane < '${prefix.slice(0, -1)}0' group by 1, 2, 3`,
).join(' union all ');

/** Deadlines and digests whose time has come: more than a moment of it means that nothing works them off. */
export const DUE_TIMERS = `
select kind, status, partner, count(*) as number,
  min(case when not_before = '${AT_ONCE}' then first_queued_at else not_before end) as since
from work where is_head = 1 and status = 'ready' and not_before <= :now and kind in ('deadline', 'digest')
group by kind, status, partner`;

export const OPEN_HOLDS_BY_KIND = `
select kind, count(*) as number, min(opened_at) as since from hold where resolved_at is null group by kind`;

export const LATE_BY_DEBTOR = `
select p.owed_by, count(distinct p.referral) as number, min(p.due_at) as since
from referral r join promise p on p.referral = r.id
where r.next_due_at < :now and p.due_at < :now and p.kept_at is null and p.released_at is null
group by p.owed_by`;

/** The oldest entry of the log that has no leaf yet. */
export const UNSEALED_SINCE = `
select at as since from journal where seq > coalesce((select max(seq) from log_leaf), 0) order by seq limit 1`;

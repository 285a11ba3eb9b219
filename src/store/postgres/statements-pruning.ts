/** Statements of retention. SQLite's stand beside them; those on several messages take their ids as a list (`:messages`). */

/** What a message's bytes are needed for: an open loop with all of its deliveries, a hold, work that waits. */
const NEEDED = `(
  exists (select 1 from referral r where r.id = m.referral and r.status = 'open')
  or exists (select 1 from leg l where l.referral = m.referral and l.status in ('queued', 'sending'))
  or exists (select 1 from hold_referral hr join hold h on h.id = hr.hold
    where hr.referral = m.referral and h.resolved_at is null)
  or (m.referral is null and m.verdict = 'accepted' and exists (select 1 from work w where w.kind = 'onward' and w.subject = m.id))
)`;

export const LAST_PRUNINGS = `
(select * from log_pruning where what = 'bodies' order by seq desc limit 1)
union all
(select * from log_pruning where what = 'entries' order by seq desc limit 1)`;

const LOOKED_AT = `
select m.id, m.at, (b.message is not null)::int as kept, (b.message is not null and ${NEEDED})::int as needed
from message m left join message_body b on b.message = m.id`;

export const FIRST_MESSAGES_BEFORE = `${LOOKED_AT} where m.at < :before order by m.at, m.id limit :limit`;

export const MESSAGES_BEFORE = `${LOOKED_AT}
where (m.at, m.id) > (:at, :id) and m.at < :before order by m.at, m.id limit :limit`;

/** The oldest entries; those that are sealed have numbers up to that of the last leaf. */
export const OLDEST_ENTRIES = `
select j.seq, j.referral,
  (j.at < :before and j.seq <= coalesce((select seq from log_leaf order by position desc limit 1), 0))::int as old,
  (exists (select 1 from referral r where r.id = j.referral and r.status = 'open')
  or exists (select 1 from hold_referral hr join hold h on h.id = hr.hold
    where hr.referral = j.referral and h.resolved_at is null))::int as needed
from journal j order by j.seq limit :limit`;

/** Which bytes may still go: something may have come to need them. */
export const STILL_PRUNABLE = `
select m.id from message m join message_body b on b.message = m.id
where m.id = any(:messages) and m.at < :before and not ${NEEDED}`;

export const COUNT_ENTRIES_THROUGH = 'select count(*) as number from journal where seq <= :through';

export const INSERT_PRUNING = `
insert into log_pruning (at, what, before_at, through, pruned, total)
values (:at, :what, :beforeAt, :through, :pruned, :total)`;

export const DELETE_BODIES = 'delete from message_body where message = any(:messages)';

export const DELETE_ENTRIES_THROUGH = 'delete from journal where seq <= :through';

/** How the loops stand, for the console. SQLite's stand beside them under the same names. */

/** Of a user who is limited to partners (`:partners`) only their loops. */
function theirs(limited: boolean, column: string): string {
  if (!limited) return '';
  return `and exists
    (select 1 from referral_partner t where t.partner = any(:partners::text[]) and t.referral = ${column})`;
}

export const openByStateAndAge = (limited: boolean) => `
select coalesce(s.code, 'requested') as state, count(*)::int as number,
  case when r.opened_at > :dayAgo then 'day' when r.opened_at > :weekAgo then 'week'
    when r.opened_at > :monthAgo then 'month' when r.opened_at > :quarterAgo then 'quarter' else 'older' end as age
from referral r left join resource_search s on s.type = 'Task' and s.id = r.parent_task and s.param = 'business-status'
where r.status = 'open' ${theirs(limited, 'r.id')} group by 1, 3`;

const OVERDUE = 'p.due_at < :now and p.kept_at is null and p.released_at is null';

export const lateByDebtor = (limited: boolean) => `
select p.owed_by, count(distinct p.referral)::int as number, min(p.due_at) as since
from referral r join promise p on p.referral = r.id
where r.next_due_at < :now and ${OVERDUE} ${theirs(limited, 'p.referral')} group by p.owed_by`;

export const longestLate = (limited: boolean) => `
select p.referral, p.kind, p.owed_by, p.due_at from referral r join promise p on p.referral = r.id
where r.next_due_at < :now and ${OVERDUE} ${theirs(limited, 'p.referral')} order by p.due_at, p.id limit :longest`;

/** Ids sort by the time of their making: `:firstId` is the lowest that could have been made since. */
export const openedByDay = (limited: boolean) => `
select substr(opened_at, 1, 10) as day, count(*)::int as number from referral
where id >= :firstId and opened_at >= :since ${theirs(limited, 'referral.id')} group by 1 order by 1`;

export const closedByDay = (limited: boolean) => `
select substr(at, 1, 10) as day, count(distinct referral)::int as number from journal
where kind = 'loop.closed' and at >= :since ${theirs(limited, 'journal.referral')} group by 1 order by 1`;

export const LAST_HEARD_OF = 'select max(at) as at from journal where actor = :partner';

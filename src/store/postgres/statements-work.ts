import { AT_ONCE } from '../rows/row-work.ts';

/**
 * Statements on work. SQLite's stand beside them.
 *
 * Order within a lane rests on one rule: exactly the first row of each lane has is_head = 1, and only a head can be
 * claimed. A head that is held, claimed or waiting keeps its place and so stops its lane. Whoever adds to a lane or takes
 * something out of it holds the lane's lock (lock-names.ts): without it, one process could queue behind a head that another is
 * just deleting, and nothing would ever come to the head of that lane again.
 */

const WORK = 'kind, lane, subject, partner, referral, mapping, not_before, first_queued_at';

/** In the order of the list. The first of a lane that was empty is its head. */
export const INSERT_WORK = `
insert into work (${WORK}, status, is_head)
select ${WORK}, 'ready',
  case when row_number() over (partition by lane order by ordinality) = 1
    and not exists (select 1 from work o where o.lane = w.lane) then 1 else 0 end
from rows from (json_populate_recordset(null::work, :rows)) with ordinality as w order by ordinality`;

/**
 * Longest due first over all lanes, at most one of each; then oldest. What was put back comes after what was never tried:
 * by age alone the few that always fail would be first at every turn, and take the only try that a partner gets.
 * What another process is just claiming or settling is passed over: nobody waits.
 */
export const CLAIM_WORK = `
with due as materialized (
  select seq from work
  where is_head = 1 and status = 'ready' and not_before <= :now and kind = any(:kinds)
    and (partner is null or partner <> all(:notPartners))
    and (partner is null or partner = any(:known) or greatest(not_before, first_queued_at) < :strangersDueBefore)
  order by not_before, seq limit :limit for update skip locked)
update work set status = 'claimed', claimed_by = :worker, claimed_until = :until, attempts = attempts + 1
from due where work.seq = due.seq returning work.*`;

/**
 * The work, if the claim with this number of attempts was not settled and nobody claimed it since. A claim that was
 * given back but not taken by another is still good: what was done under it need not be done twice.
 * It stays as it is until the transaction ends.
 */
export const UNSETTLED_CLAIMS = `
select w.seq, w.attempts from work w join json_populate_recordset(null::work, :rows) c on w.seq = c.seq
where w.attempts = c.attempts and w.claimed_by is not null and w.status in ('claimed', 'ready')
order by w.seq for update of w`;

export const DELETE_WORK = 'delete from work where seq = any(:seqs)';
/** After the deletion. */
export const PROMOTE_NEXT_IN_LANES = `
update work set is_head = 1
where is_head = 0 and seq in (
  select (select min(o.seq) from work o where o.lane = l.lane) from unnest(:lanes::text[]) as l (lane))`;

export const PUT_BACK_WORK = `
update work set status = 'ready', not_before = b.not_before, why = b.why, claimed_by = null, claimed_until = null
from json_populate_recordset(null::work, :rows) b where work.seq = b.seq`;
export const HOLD_WORK = `
update work set status = 'held', hold = b.hold, claimed_by = null, claimed_until = null
from json_populate_recordset(null::work, :rows) b where work.seq = b.seq`;

export const WORK_OF_HOLD = `select * from work where hold = :hold and status = 'held' order by seq`;
export const WORK_OF_HOLD_TO_RESOLVE = `${WORK_OF_HOLD} for update`;
/** A person has looked: what an earlier, interrupted claim may have done is decided, so it is no longer in doubt. */
export const REQUEUE_WORK = `
update work set status = 'ready', hold = null, interrupted = 0, not_before = '${AT_ONCE}' where seq = any(:seqs)
returning *`;

/** What is just being settled is passed over: it has no need to be given back. */
export const RECOVER_EXPIRED = `
update work set status = 'ready', interrupted = 1 where seq in (
  select seq from work where status = 'claimed' and claimed_until < :now order by seq for update skip locked)`;
export const RECOVER_ALL = `
update work set status = 'ready', interrupted = 1 where seq in (
  select seq from work where status = 'claimed' order by seq for update skip locked)`;

export const RENEW_CLAIMS = `
update work set claimed_until = :until where seq in (
  select seq from work where status = 'claimed' and claimed_by = :worker order by seq for update skip locked)`;

export const NEXT_WORK_AT = `select min(not_before) as at from work where is_head = 1 and status = 'ready'`;

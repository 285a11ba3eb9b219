import { AT_ONCE } from '../rows/row-work.ts';

/**
 * Statements on work. PostgreSQL's stand beside them under the same names (there the claim adds `for update skip locked`).
 *
 * Order within a lane rests on one rule: exactly the first row of each lane has is_head = 1, and only a head can be
 * claimed. A head that is held, claimed or waiting keeps its place and so stops its lane. The partial indexes hold
 * heads only, so what stands behind a blocked head costs a claim nothing.
 */

export const INSERT_WORK = `
insert into work (kind, lane, subject, partner, referral, mapping, status, is_head, not_before, first_queued_at)
values (:kind, :lane, :subject, :partner, :referral, :mapping, 'ready', not exists (select 1 from work where lane = :lane), :notBefore, :firstQueuedAt)`;

/**
 * Longest due first over all lanes, at most one of each; then oldest. What was put back comes after what was never tried:
 * by age alone the few that always fail would be first at every turn, and take the only try that a partner gets.
 */
export const CLAIM_WORK = `
update work set status = 'claimed', claimed_by = :worker, claimed_until = :until, attempts = attempts + 1
where seq in (
  select seq from work
  where is_head = 1 and status = 'ready' and not_before <= :now
    and kind in (select value from json_each(:kinds))
    and (partner is null or partner not in (select value from json_each(:notPartners)))
    and (partner is null or partner in (select value from json_each(:known))
      or max(not_before, first_queued_at) < :strangersDueBefore)
  order by not_before, seq limit :limit)
returning *`;

/**
 * The work, if the claim with this number of attempts was not settled and nobody claimed it since. A claim that was
 * given back but not taken by another is still good: what was done under it need not be done twice.
 */
export const UNSETTLED_CLAIM = `
select * from work where seq = :seq and attempts = :attempts and claimed_by is not null and status in ('claimed', 'ready')`;

export const DELETE_WORK = 'delete from work where seq = :seq';
export const PROMOTE_NEXT_IN_LANE = `
update work set is_head = 1 where seq = (select min(seq) from work where lane = :lane) and is_head = 0`;

export const PUT_BACK_WORK = `
update work set status = 'ready', not_before = :notBefore, why = :why, claimed_by = null, claimed_until = null
where seq = :seq`;
export const HOLD_WORK = `
update work set status = 'held', hold = :hold, claimed_by = null, claimed_until = null where seq = :seq`;

export const WORK_OF_HOLD = `select * from work where hold = :hold and status = 'held' order by seq`;
/** A person has looked: what an earlier, interrupted claim may have done is decided, so it is no longer in doubt. */
export const REQUEUE_WORK = `
update work set status = 'ready', hold = null, interrupted = 0, not_before = '${AT_ONCE}' where seq = :seq
returning *`;

export const RECOVER_EXPIRED = `
update work set status = 'ready', interrupted = 1 where status = 'claimed' and claimed_until < :now`;
export const RECOVER_ALL = `update work set status = 'ready', interrupted = 1 where status = 'claimed'`;

export const RENEW_CLAIMS = `
update work set claimed_until = :until where status = 'claimed' and claimed_by = :worker`;

export const NEXT_WORK_AT = `select min(not_before) as at from work where is_head = 1 and status = 'ready'`;

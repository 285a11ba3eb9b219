/** Statements on hold and hold_referral. SQLite's stand beside them; those that write take any number of rows (`:rows`). */

/**
 * A hold that work is going to wait on stays as it is until the transaction ends: nobody resolves it in between, and so no work
 * is left waiting on a hold that is resolved.
 */
export const OPEN_HOLDS_BY_KEY = `
select h.id, h.hold_key from json_populate_recordset(null::hold, :rows) w
join hold h on short(h.hold_key) = short(w.hold_key) and h.hold_key = w.hold_key and h.resolved_at is null
order by h.id for share of h`;
export const HOLDS_BY_ID = 'select id, resolved_at from hold where id = any(:ids) order by id for share';
/** Whether it is open is looked at afterwards: asked for here, the server might walk through all open holds instead. */
export const HOLD_TO_RESOLVE = 'select id, resolved_at from hold where id = :id for update';

const HOLD = 'id, kind, hold_key, partner, referral, findings, opened_at, resolved_at, resolved_by, resolution';

export const INSERT_HOLDS = `
insert into hold (${HOLD}) select ${HOLD} from json_populate_recordset(null::hold, :rows)`;

export const INSERT_HOLD_REFERRALS = `
insert into hold_referral (referral, hold)
select referral, hold from json_populate_recordset(null::hold_referral, :rows) on conflict do nothing`;

export const RESOLVE_HOLD = `
update hold set resolved_at = :at, resolved_by = :by, resolution = :resolution where id = :id`;

export const OPEN_HOLDS = 'select * from hold where resolved_at is null order by opened_at, id';
export const RESOLVED_HOLDS = 'select * from hold where resolved_at is not null order by opened_at, id';
export const OPEN_HOLDS_OF_REFERRAL = `
select h.* from hold_referral r join hold h on h.id = r.hold
where r.referral = :referral and h.resolved_at is null order by h.opened_at, h.id`;
export const RESOLVED_HOLDS_OF_REFERRAL = `
select h.* from hold_referral r join hold h on h.id = r.hold
where r.referral = :referral and h.resolved_at is not null order by h.opened_at, h.id`;
export const REFERRALS_OF_HOLD = 'select referral from hold_referral where hold = :hold order by referral';

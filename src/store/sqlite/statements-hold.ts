/** Statements on hold and hold_referral. PostgreSQL's stand beside them under the same names. */

export const OPEN_HOLD_BY_KEY = 'select id from hold where hold_key = :key and resolved_at is null';
export const HOLD_BY_ID = 'select * from hold where id = :id';

export const INSERT_HOLD = `
insert into hold (id, kind, hold_key, partner, referral, findings, opened_at, resolved_at, resolved_by, resolution)
values (:id, :kind, :holdKey, :partner, :referral, :findings, :openedAt, :resolvedAt, :resolvedBy, :resolution)`;

export const INSERT_HOLD_REFERRAL =
  'insert into hold_referral (referral, hold) values (:referral, :hold) on conflict do nothing';

export const RESOLVE_HOLD = `
update hold set resolved_at = :at, resolved_by = :by, resolution = :resolution where id = :id and resolved_at is null`;

export const OPEN_HOLDS = 'select * from hold where resolved_at is null order by opened_at, id';
export const RESOLVED_HOLDS = 'select * from hold where resolved_at is not null order by opened_at, id';
export const OPEN_HOLDS_OF_REFERRAL = `
select h.* from hold_referral r join hold h on h.id = r.hold
where r.referral = :referral and h.resolved_at is null order by h.opened_at, h.id`;
export const RESOLVED_HOLDS_OF_REFERRAL = `
select h.* from hold_referral r join hold h on h.id = r.hold
where r.referral = :referral and h.resolved_at is not null order by h.opened_at, h.id`;
export const REFERRALS_OF_HOLD = 'select referral from hold_referral where hold = :hold order by referral';

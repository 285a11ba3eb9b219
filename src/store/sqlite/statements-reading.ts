/** Statements on reading and lost_code. PostgreSQL's stand beside them under the same names. */

export const INSERT_READING = `
insert into reading (id, leg, referral, partner, at, verdict, messages, entries)
values (:id, :leg, :referral, :partner, :at, :verdict, :messages, :entries)`;
export const READINGS_OF_REFERRAL = 'select * from reading where referral = :referral order by seq';
export const LAST_READING_OF_PARTNER = 'select max(at) as at from reading where partner = :partner';

export const UPSERT_LOST_CODE = `
insert into lost_code (partner, system, code, first_seen, first_leg, last_seen, last_leg, times, kept_since)
values (:partner, :system, :code, :firstSeen, :firstLeg, :lastSeen, :lastLeg, :times, :keptSince)
on conflict (partner, system, code) do update set first_seen = excluded.first_seen, first_leg = excluded.first_leg,
  last_seen = excluded.last_seen, last_leg = excluded.last_leg, times = excluded.times, kept_since = excluded.kept_since`;
export const LOST_CODES = 'select * from lost_code order by partner, system, code';
export const LOST_CODES_OF_PARTNER = 'select * from lost_code where partner = :partner order by system, code';

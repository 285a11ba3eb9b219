/** Statements on reading and lost_code. SQLite's stand beside them; those that write take any number of rows (`:rows`). */

const READING = 'id, leg, referral, partner, at, verdict, messages, entries';

export const INSERT_READINGS = `
insert into reading (${READING})
select ${READING} from json_populate_recordset(null::reading, :rows)`;
export const READINGS_OF_REFERRAL = 'select * from reading where referral = :referral order by seq';
export const LAST_READING_OF_PARTNER = 'select max(at) as at from reading where partner = :partner';

const LOST_CODE = 'partner, system, code, first_seen, first_leg, last_seen, last_leg, times, kept_since';

/** In order, so that two processes never wait for each other. */
export const UPSERT_LOST_CODES = `
insert into lost_code (${LOST_CODE})
select ${LOST_CODE} from json_populate_recordset(null::lost_code, :rows) order by partner, system, code
on conflict (partner, system, code) do update set first_seen = excluded.first_seen, first_leg = excluded.first_leg,
  last_seen = excluded.last_seen, last_leg = excluded.last_leg, times = excluded.times, kept_since = excluded.kept_since`;
export const LOST_CODES = 'select * from lost_code order by partner, system, code';
export const LOST_CODES_OF_PARTNER = 'select * from lost_code where partner = :partner order by system, code';

/** What records hold of what was written to them, and the codes that a partner's record is known not to keep. */
export const READ_BACK = {
  number: 5,
  name: 'read-back',
  sql: `
create table reading (
  seq integer primary key autoincrement,
  id text not null unique,
  leg text not null references leg (id),
  referral text not null references referral (id),
  partner text not null,
  at text not null,
  verdict text not null,
  messages text not null,                -- JSON list of message ids: the answers as they came
  entries text not null                  -- JSON list: each entry with its elements, as words and codes
) strict;
create index reading_by_referral on reading (referral);
create index reading_by_partner on reading (partner, at);
create trigger reading_is_not_edited before update on reading begin select raise(abort, 'readings are append-only'); end;
create trigger reading_is_not_cut before delete on reading begin select raise(abort, 'readings are append-only'); end;

create table lost_code (
  partner text not null,
  system text not null,
  code text not null,
  first_seen text not null,
  first_leg text not null,
  last_seen text not null,
  last_leg text not null,
  times integer not null,
  kept_since text,
  primary key (partner, system, code)
) strict, without rowid;

alter table leg add column read_back text;    -- JSON: reading, is, accepted
alter table leg add column flags text;        -- JSON list of findings
alter table leg add column tells text;        -- JSON list of event ids
alter table leg add column urgent integer;     -- 1: it waits for no other delivery
alter table leg add column person text;        -- whether the patient was compared before it is filed
`,
} as const;

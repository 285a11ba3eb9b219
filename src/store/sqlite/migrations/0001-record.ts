/** Never edit a migration that has been released: its digest is recorded in every database that ran it. Add the next number. */
export const RECORD = {
  number: 1,
  name: 'record',
  sql: `
-- Loops -----------------------------------------------------------------------------------------------------
create table referral (
  id text primary key,
  version integer not null,
  referrer text not null,
  platforms text not null,               -- JSON list of partner ids, in order of sending
  parent_task text not null,
  status text not null,
  opened_at text not null,
  closed_at text,
  next_due_at text
) strict;
create index referral_by_status on referral (status, id);
create index referral_by_due on referral (next_due_at) where next_due_at is not null;

-- Who takes part in a loop: the referrer and every platform.
create table referral_partner (
  partner text not null,
  referral text not null references referral (id),
  primary key (partner, referral)
) strict, without rowid;

-- How partners name a referral.
create table reference (
  partner text not null,
  kind text not null,
  value text not null,
  referral text not null references referral (id),
  task text,
  primary key (partner, kind, value, referral)
) strict, without rowid;
create index reference_by_referral on reference (referral);

create table event (
  seq integer primary key autoincrement,
  id text not null unique,
  referral text not null references referral (id),
  kind text not null,
  task text not null,
  at text not null,
  utc_offset text,
  recorded_at text not null,
  said_by text not null,
  message text,
  words text not null                    -- JSON: actor, reason, note, as the partner wrote them
) strict;
create index event_by_referral on event (referral);

create table promise (
  id text primary key,
  referral text not null references referral (id),
  kind text not null,
  task text not null,
  owed_by text not null,
  owed_to text not null,
  made_at text not null,
  due_at text not null,
  level text not null,
  kept_at text,
  kept_as text,
  kept_by text,
  released_at text,
  released_why text,
  late_since text
) strict;
create index promise_by_referral on promise (referral);

-- Traffic ---------------------------------------------------------------------------------------------------
create table message (
  id text primary key,
  direction text not null,
  received integer not null,             -- 1: it came in by itself; 0: sent by us, or a reply to what we sent
  partner text not null,
  channel text not null,
  identity text not null,
  correlation text,
  digest text not null,
  at text not null,
  content_type text not null,
  headers text not null,
  verdict text not null,
  findings text not null,
  answer_status integer,
  answer_headers text,
  referral text
) strict;
-- Same message, one effect.
create unique index message_by_identity on message (partner, direction, identity) where received = 1;
create index message_by_referral on message (referral, at) where referral is not null;

-- Bodies stand apart so that they can age apart.
create table message_body (
  message text primary key references message (id),
  body blob not null,
  answer_body blob
) strict;

create table leg (
  id text primary key,
  referral text not null references referral (id),
  task text not null,
  partner text not null,
  channel text not null,
  purpose text not null,
  cause text,
  message text not null references message (id),
  status text not null,
  attempts integer not null,
  queued_at text not null,
  first_sent_at text,
  settled_at text,
  ack text,
  reply text,
  last_failure text,
  mapping text
) strict;
create index leg_by_referral on leg (referral);

-- Dossiers --------------------------------------------------------------------------------------------------
create table resource (
  type text not null,
  id text not null,
  version integer not null,
  referral text not null references referral (id),
  referrer text not null,                -- the referral's, so that a page of one partner's resources is one index range
  last_updated text not null,
  body text not null,
  search_entries text not null,
  primary key (type, id)
) strict;
create index resource_by_referral on resource (referral, type, id);
create index resource_by_referrer on resource (type, referrer, last_updated, id);

create table resource_history (
  type text not null,
  id text not null,
  version integer not null,
  referral text not null,
  last_updated text not null,
  body text not null,
  primary key (type, id, version)
) strict;

create table resource_search (
  type text not null,
  param text not null,
  value text not null,
  id text not null,
  code text not null,                    -- the value's part after its last '|'
  primary key (type, param, value, id)
) strict, without rowid;
create index resource_search_by_code on resource_search (type, param, code, id);
create index resource_search_by_resource on resource_search (type, id, param);

-- Holds and work --------------------------------------------------------------------------------------------
create table hold (
  id text primary key,
  kind text not null,
  hold_key text not null,
  partner text,
  referral text,
  findings text not null,
  opened_at text not null,
  resolved_at text,
  resolved_by text,
  resolution text
) strict;
-- One question to a person, however many wait for the answer.
create unique index hold_open on hold (hold_key) where resolved_at is null;

-- Every referral that a hold stands in the way of.
create table hold_referral (
  referral text not null,
  hold text not null references hold (id),
  primary key (referral, hold)
) strict, without rowid;

-- Waiting work only: what is done is deleted. Exactly the first row of each lane has is_head = 1.
create table work (
  seq integer primary key autoincrement,
  kind text not null,
  lane text not null,
  subject text not null,
  partner text,
  status text not null check (status in ('ready', 'claimed', 'held')),
  is_head integer not null,
  attempts integer not null default 0,
  interrupted integer not null default 0,
  not_before text not null,
  first_queued_at text not null,
  claimed_by text,                       -- stays after a claim was taken back, until it is settled or claimed again
  claimed_until text,
  hold text references hold (id),
  why text
) strict;
create unique index work_by_lane on work (lane, seq);
create unique index work_one_head on work (lane) where is_head = 1;
create index work_claimable on work (seq, not_before, kind, partner) where is_head = 1 and status = 'ready';
create index work_waking on work (not_before) where is_head = 1 and status = 'ready';
create index work_claimed on work (claimed_until) where status = 'claimed';
create index work_held on work (hold) where hold is not null;

-- The log ---------------------------------------------------------------------------------------------------
create table journal (
  seq integer primary key autoincrement,
  at text not null,
  kind text not null,
  actor text not null,
  partner text,                          -- the partner it speaks of, when another is the actor
  referral text,
  message text,
  detail text not null
) strict;
create index journal_by_kind on journal (kind);
create index journal_by_actor on journal (actor);
create index journal_by_partner on journal (partner) where partner is not null;
create index journal_by_referral on journal (referral) where referral is not null;
create index journal_by_time on journal (at);
create trigger journal_is_not_edited before update on journal begin select raise(abort, 'the journal is append-only'); end;
create trigger journal_is_not_cut before delete on journal begin select raise(abort, 'the journal is append-only'); end;
`,
} as const;

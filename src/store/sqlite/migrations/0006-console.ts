/** Who may use the console, who does, and who failed to get in. */
export const CONSOLE = {
  number: 6,
  name: 'console',
  sql: `
create table console_account (
  name text primary key,
  version integer not null,
  roles text not null,                   -- JSON list
  partners text,                         -- JSON list of partner ids; null: all
  password text not null,                -- PHC string
  disabled integer not null,
  created_at text not null,
  changed_at text not null
) strict, without rowid;

create table console_session (
  id text primary key,                   -- SHA-256 of what the browser holds
  user_name text not null,
  account integer,                       -- version of the local account
  roles text not null,
  partners text,
  opened_at text not null,
  seen_at text not null,
  ends_at text not null
) strict, without rowid;
create index console_session_by_user on console_session (user_name);
create index console_session_by_end on console_session (ends_at);

create table console_kept (
  session text not null references console_session (id) on delete cascade,
  kept_key text not null,
  value text not null,                   -- JSON
  until text not null,
  primary key (session, kept_key)
) strict, without rowid;
create index console_kept_by_end on console_kept (until);

create table console_attempts (
  attempt_key text primary key,
  version integer not null,
  failures integer not null,
  locked_until text,
  forget_at text not null
) strict, without rowid;
create index console_attempts_by_end on console_attempts (forget_at);
`,
} as const;

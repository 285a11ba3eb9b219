/** Every text is compared and ordered byte by byte, as the other stores do, whatever the language of the database. */
const TEXT = 'text collate "C"';

/** Who may use the console, who does, and who failed to get in. */
export const CONSOLE = {
  number: 4,
  name: 'console',
  sql: `
create table console_account (
  name ${TEXT} primary key,
  version integer not null,
  roles ${TEXT} not null,                -- JSON list
  partners ${TEXT},                      -- JSON list of partner ids; null: all
  password ${TEXT} not null,             -- PHC string
  disabled integer not null,
  created_at ${TEXT} not null,
  changed_at ${TEXT} not null
);

create table console_session (
  id ${TEXT} primary key,                -- SHA-256 of what the browser holds
  user_name ${TEXT} not null,
  account integer,                       -- version of the local account
  roles ${TEXT} not null,
  partners ${TEXT},
  opened_at ${TEXT} not null,
  seen_at ${TEXT} not null,
  ends_at ${TEXT} not null
);
create index console_session_by_user on console_session (user_name);
create index console_session_by_end on console_session (ends_at);

create table console_kept (
  session ${TEXT} not null references console_session (id) on delete cascade,
  kept_key ${TEXT} not null,
  value ${TEXT} not null,                -- JSON
  until ${TEXT} not null,
  primary key (session, kept_key)
);
create index console_kept_by_end on console_kept (until);

create table console_attempts (
  attempt_key ${TEXT} primary key,
  version integer not null,
  failures integer not null,
  locked_until ${TEXT},
  forget_at ${TEXT} not null
);
create index console_attempts_by_end on console_attempts (forget_at);
`,
} as const;

/** Statements on the console's tables. SQLite's stand beside them under the same names. */

export const ACCOUNT_BY_NAME = 'select * from console_account where name = :name';
export const ACCOUNTS = 'select * from console_account order by name';
export const SESSION_BY_ID = 'select * from console_session where id = :id';
export const KEPT_OF_SESSION = 'select * from console_kept where session = :session order by kept_key';
export const ATTEMPTS_BY_KEY = 'select * from console_attempts where attempt_key = :key';

export const PROPOSAL_BY_SUBJECT = 'select * from console_proposal where subject = :subject';
export const OPEN_PROPOSALS = "select * from console_proposal where state = 'open' order by proposed_at, subject";

export const UPSERT_PROPOSAL = `
insert into console_proposal (subject, version, state, decision, proposed_by, proposed_at, decided_by, decided_at)
values (:subject, :version, :state, :decision, :proposedBy, :proposedAt, :decidedBy, :decidedAt)
on conflict (subject) do update set version = excluded.version, state = excluded.state, decision = excluded.decision,
  proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at, decided_by = excluded.decided_by,
  decided_at = excluded.decided_at`;

export const UPSERT_ACCOUNT = `
insert into console_account (name, version, roles, partners, password, disabled, created_at, changed_at)
values (:name, :version, :roles, :partners, :password, :disabled, :createdAt, :changedAt)
on conflict (name) do update set version = excluded.version, roles = excluded.roles, partners = excluded.partners,
  password = excluded.password, disabled = excluded.disabled, changed_at = excluded.changed_at`;

export const UPSERT_ATTEMPTS = `
insert into console_attempts (attempt_key, version, failures, locked_until, forget_at)
values (:key, :version, :failures, :lockedUntil, :forgetAt)
on conflict (attempt_key) do update set version = excluded.version, failures = excluded.failures,
  locked_until = excluded.locked_until, forget_at = excluded.forget_at`;

export const INSERT_SESSION = `
insert into console_session (id, user_name, account, roles, partners, opened_at, seen_at, ends_at)
values (:id, :user, :account, :roles, :partners, :openedAt, :seenAt, :endsAt)`;
export const SEE_SESSION = 'update console_session set seen_at = :at where id = :session';
export const END_SESSION = 'delete from console_session where id = :id';
export const END_SESSIONS_OF_USER = 'delete from console_session where user_name = :user';

/** Nothing is kept of a session that ended meanwhile. */
export const KEEP_IN_SESSION = `
insert into console_kept (session, kept_key, value, until)
select id, :key, :value, :until from console_session where id = :session
on conflict (session, kept_key) do update set value = excluded.value, until = excluded.until`;
export const FORGET_IN_SESSION = 'delete from console_kept where session = :session and kept_key = :key';

export const SWEEP = [
  'delete from console_session where ends_at < :before',
  'delete from console_kept where until < :before',
  'delete from console_attempts where forget_at < :before',
] as const;

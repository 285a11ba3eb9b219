/** Statements on event, promise and leg. PostgreSQL's stand beside them under the same names. */

export const INSERT_EVENT = `
insert into event (id, referral, kind, task, at, utc_offset, recorded_at, said_by, message, words)
values (:id, :referral, :kind, :task, :at, :utcOffset, :recordedAt, :saidBy, :message, :words)`;
export const EVENTS_OF_REFERRAL = 'select * from event where referral = :referral order by seq';

export const UPSERT_PROMISE = `
insert into promise (id, referral, kind, task, owed_by, owed_to, made_at, due_at, level,
  kept_at, kept_as, kept_by, released_at, released_why, late_since)
values (:id, :referral, :kind, :task, :owedBy, :owedTo, :madeAt, :dueAt, :level,
  :keptAt, :keptAs, :keptBy, :releasedAt, :releasedWhy, :lateSince)
on conflict (id) do update set kind = excluded.kind, task = excluded.task, owed_by = excluded.owed_by,
  owed_to = excluded.owed_to, made_at = excluded.made_at, due_at = excluded.due_at, level = excluded.level,
  kept_at = excluded.kept_at, kept_as = excluded.kept_as, kept_by = excluded.kept_by,
  released_at = excluded.released_at, released_why = excluded.released_why, late_since = excluded.late_since`;
export const PROMISES_OF_REFERRAL = 'select * from promise where referral = :referral order by made_at, id';

export const UPSERT_LEG = `
insert into leg (id, referral, task, partner, channel, purpose, cause, message, status, attempts,
  queued_at, first_sent_at, settled_at, ack, reply, last_failure, mapping, part, read_back, flags, tells,
  urgent, person)
values (:id, :referral, :task, :partner, :channel, :purpose, :cause, :message, :status, :attempts,
  :queuedAt, :firstSentAt, :settledAt, :ack, :reply, :lastFailure, :mapping, :part,
  :readBack, :flags, :tells, :urgent, :person)
on conflict (id) do update set task = excluded.task, partner = excluded.partner, channel = excluded.channel,
  purpose = excluded.purpose, cause = excluded.cause, message = excluded.message, status = excluded.status,
  attempts = excluded.attempts, queued_at = excluded.queued_at, first_sent_at = excluded.first_sent_at,
  settled_at = excluded.settled_at, ack = excluded.ack, reply = excluded.reply,
  last_failure = excluded.last_failure, mapping = excluded.mapping, part = excluded.part,
  read_back = excluded.read_back, flags = excluded.flags, tells = excluded.tells,
  urgent = excluded.urgent, person = excluded.person`;
export const LEG_BY_ID = 'select * from leg where id = :id';
export const LEGS_OF_REFERRAL = 'select * from leg where referral = :referral order by queued_at, id';

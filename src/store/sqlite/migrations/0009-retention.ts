/**
 * What was pruned, and what may be: the oldest entries that are named as pruned, and bodies from before an instant that is named. So the pruner, which
 * first writes down what it takes, can take it; a delete by mistake, and any change, is refused as before.
 */
export const RETENTION = {
  number: 9,
  name: 'retention',
  sql: `
create table log_pruning (
  seq integer primary key autoincrement,
  at text not null,
  what text not null check (what in ('bodies', 'entries')),
  before_at text not null,               -- of entries and messages from before it
  through integer,                       -- entries: the number of the last that is gone
  pruned integer not null,               -- rows
  total integer not null                 -- rows, with all prunings before
) strict;
create index log_pruning_by_what on log_pruning (what, before_at);
create trigger log_pruning_is_not_edited before update on log_pruning begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_pruning_is_not_cut before delete on log_pruning begin select raise(abort, 'the sealed log is append-only'); end;

drop trigger journal_is_not_cut;
create trigger journal_is_not_cut before delete on journal
when old.seq > coalesce((select max(through) from log_pruning where what = 'entries'), 0)
begin select raise(abort, 'the journal is append-only'); end;

create trigger message_body_is_not_edited before update on message_body
begin select raise(abort, 'the bytes of messages stay as they came or went'); end;
create trigger message_body_is_not_cut before delete on message_body
when (select at from message where id = old.message) >= coalesce((select max(before_at) from log_pruning where what = 'bodies'), '')
begin select raise(abort, 'the bytes of messages are kept until they are pruned'); end;

create index message_by_time on message (at, id);
create index work_on_message on work (subject) where kind = 'onward';
`,
} as const;

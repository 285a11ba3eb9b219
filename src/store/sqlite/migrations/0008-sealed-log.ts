/**
 * The tree over the log: a leaf for each entry, the nodes above that are kept, and the signed checkpoints. Nothing here refers
 * to an entry's row, so that an entry can be pruned and its leaf stays.
 */
export const SEALED_LOG = {
  number: 8,
  name: 'sealed-log',
  sql: `
create table log_leaf (
  position integer primary key,          -- from 0, without gaps: the index in the tree
  seq integer not null unique,           -- the entry's number
  hash blob not null
) strict;

create table log_node (
  level integer not null,                -- 1 stands over 256 leaves, 2 over 65,536, ...
  position integer not null,
  hash blob not null,
  primary key (level, position)
) strict, without rowid;

create table log_checkpoint (
  size integer primary key,
  at text not null,
  note text not null                     -- C2SP tlog-checkpoint, signed
) strict;

create trigger log_leaf_is_not_edited before update on log_leaf begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_leaf_is_not_cut before delete on log_leaf begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_node_is_not_edited before update on log_node begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_node_is_not_cut before delete on log_node begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_checkpoint_is_not_edited before update on log_checkpoint begin select raise(abort, 'the sealed log is append-only'); end;
create trigger log_checkpoint_is_not_cut before delete on log_checkpoint begin select raise(abort, 'the sealed log is append-only'); end;
`,
} as const;

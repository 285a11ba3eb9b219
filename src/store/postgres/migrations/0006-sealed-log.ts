/** Every text is compared and ordered byte by byte, as the other stores do, whatever the language of the database. */
const TEXT = 'text collate "C"';
const TABLES = ['log_leaf', 'log_node', 'log_checkpoint'];

/**
 * The tree over the log: a leaf for each entry, the nodes above that are kept, and the signed checkpoints. Nothing here refers
 * to an entry's row, so that an entry can be pruned and its leaf stays.
 */
export const SEALED_LOG = {
  number: 6,
  name: 'sealed-log',
  sql: `
create table log_leaf (
  position bigint primary key,           -- from 0, without gaps: the index in the tree
  seq bigint not null unique,            -- the entry's number
  hash bytea not null
);

create table log_node (
  level integer not null,                -- 1 stands over 256 leaves, 2 over 65,536, ...
  position bigint not null,
  hash bytea not null,
  primary key (level, position)
);

create table log_checkpoint (
  size bigint primary key,
  at ${TEXT} not null,
  note ${TEXT} not null                  -- C2SP tlog-checkpoint, signed
);

create function refuse_change_of_seal() returns trigger language plpgsql as $$
begin raise exception 'the sealed log is append-only'; end $$;
${TABLES.map(
  (table) => `create trigger ${table}_is_not_edited before update or delete on ${table}
  for each row execute function refuse_change_of_seal();
create trigger ${table}_is_not_emptied before truncate on ${table}
  for each statement execute function refuse_change_of_seal();`,
).join('\n')}
`,
} as const;

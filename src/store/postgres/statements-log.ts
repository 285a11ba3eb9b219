/** Statements on the sealed log. SQLite's stand beside them; those that write take any number of rows (`:rows`). */

export const LAST_LEAF = 'select position, seq, hash from log_leaf order by position desc limit 1';

export const LAST_CHECKPOINT = 'select size, at, note from log_checkpoint order by size desc limit 1';

export const INSERT_LEAVES = `
insert into log_leaf (position, seq, hash)
select position, seq, hash from json_populate_recordset(null::log_leaf, :rows)`;

export const INSERT_NODES = `
insert into log_node (level, position, hash)
select level, position, hash from json_populate_recordset(null::log_node, :rows)`;

export const INSERT_CHECKPOINT = 'insert into log_checkpoint (size, at, note) values (:size, :at, :note)';

export const LEAVES_FROM =
  'select position, seq, hash from log_leaf where position >= :index order by position limit :limit';

export const LEAF_OF_ENTRY = 'select position, seq, hash from log_leaf where seq = :seq';

export const NODES_FROM = `
select hash from log_node where level = :level and position >= :index order by position limit :limit`;

export const CHECKPOINTS_FROM =
  'select size, at, note from log_checkpoint where size >= :size order by size limit :limit';

/** Whatever their numbers are: somebody else may have written them. */
export const FIRST_ENTRIES = 'select * from journal order by seq limit :limit';

export const ENTRIES_AFTER = 'select * from journal where seq > :seq order by seq limit :limit';

/** As far as it is settled (`:through`). */
export const SETTLED_ENTRIES_AFTER =
  'select * from journal where seq > :seq and seq <= :through order by seq limit :limit';

export const BODIES = `
select m.id, m.at, m.digest, b.body, b.answer_body from message m left join message_body b on b.message = m.id
where m.id = any(:messages)`;

import type { LogStore, Seal } from '../../ports-log.ts';
import { bytes } from '../rows/row.ts';
import {
  fromCheckpoint,
  fromLeaf,
  fromNode,
  toBodies,
  toCheckpoint,
  toHead,
  toLeaf,
  toLogEntry,
  toUnsealed,
} from '../rows/row-log.ts';
import type { Connection } from './connection.ts';
import {
  BODIES,
  CHECKPOINTS_FROM,
  ENTRIES_AFTER,
  FIRST_ENTRIES,
  INSERT_CHECKPOINT,
  INSERT_LEAF,
  INSERT_NODE,
  LAST_CHECKPOINT,
  LAST_LEAF,
  LEAF_OF_ENTRY,
  LEAVES_FROM,
  NODES_FROM,
} from './statements-log.ts';

type LogReadName = Exclude<keyof LogStore, 'seal' | 'prune' | 'prunings' | 'bodiesToPrune' | 'entriesToPrune'>;

type LogReads = {
  readonly [N in LogReadName]: (
    connection: Connection,
    ...asked: Parameters<LogStore[N]>
  ) => Awaited<ReturnType<LogStore[N]>>;
};

/** What each read of the sealed log does. One writer commits in order, so whatever is seen is settled. */
export const LOG_READS: LogReads = {
  logHead: (connection) =>
    toHead({ leaf: connection.all(LAST_LEAF)[0], checkpoint: connection.all(LAST_CHECKPOINT)[0] }),
  /* Hashed here, in the reading thread, which the road does not wait for. */
  unsealed: (connection, seq, limit) => connection.all(ENTRIES_AFTER, { seq, limit }).map(toUnsealed),
  logLeaves: (connection, index, limit) => connection.all(LEAVES_FROM, { index, limit }).map(toLeaf),
  logLeafOf: (connection, seq) => connection.all(LEAF_OF_ENTRY, { seq }).map(toLeaf)[0],
  logNodes: (connection, level, index, limit) =>
    connection.all(NODES_FROM, { level, index, limit }).map((row) => bytes(row, 'hash')),
  checkpoints: (connection, size, limit) => connection.all(CHECKPOINTS_FROM, { size, limit }).map(toCheckpoint),
  logEntries: (connection, seq, limit) =>
    (seq === undefined ? connection.all(FIRST_ENTRIES, { limit }) : connection.all(ENTRIES_AFTER, { seq, limit })).map(
      toLogEntry,
      toUnsealed,
    ),
  keptBodies: (connection, messages) => messages.flatMap((id) => connection.all(BODIES, { id }).map(toBodies)),
};

export function seal(
  connection: Connection,
  _now: string,
  { ifSize, leaves, nodes, checkpoint }: Seal,
): Awaited<ReturnType<LogStore['seal']>> {
  const [last] = connection.all(LAST_LEAF);
  if ((last === undefined ? 0 : toLeaf(last).index + 1) !== ifSize) return 'stale';
  for (const leaf of leaves) connection.run(INSERT_LEAF, fromLeaf(leaf));
  for (const node of nodes) connection.run(INSERT_NODE, fromNode(node));
  connection.run(INSERT_CHECKPOINT, fromCheckpoint(checkpoint));
  return 'sealed';
}

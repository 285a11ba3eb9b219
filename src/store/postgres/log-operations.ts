import type { LogStore } from '../../ports-log.ts';
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
import type { Line } from './line.ts';
import { lockNumbers } from './lock-names.ts';
import { asRows } from './named-parameters.ts';
import type { Asked } from './reading-pool.ts';
import { settledThrough } from './settled-through.ts';
import {
  BODIES,
  CHECKPOINTS_FROM,
  ENTRIES_AFTER,
  FIRST_ENTRIES,
  INSERT_CHECKPOINT,
  INSERT_LEAVES,
  INSERT_NODES,
  LAST_CHECKPOINT,
  LAST_LEAF,
  LEAF_OF_ENTRY,
  LEAVES_FROM,
  NODES_FROM,
  SETTLED_ENTRIES_AFTER,
} from './statements-log.ts';

type LogReadName = Exclude<keyof LogStore, 'seal' | 'prune' | 'prunings' | 'bodiesToPrune' | 'entriesToPrune'>;

type LogReads = {
  readonly [N in LogReadName]: (session: Asked, ...asked: Parameters<LogStore[N]>) => ReturnType<LogStore[N]>;
};

/** What each read of the sealed log does. */
export const LOG_READS: LogReads = {
  logHead: async (session) => {
    const [leaf] = await session.all(LAST_LEAF);
    const [checkpoint] = await session.all(LAST_CHECKPOINT);
    return toHead({ leaf, checkpoint });
  },
  unsealed: async (session, seq, limit) => {
    const through = await settledThrough(session);
    const rows = await session.all(SETTLED_ENTRIES_AFTER, { seq, through, limit });
    return rows.map(toUnsealed);
  },
  logLeaves: async (session, index, limit) => (await session.all(LEAVES_FROM, { index, limit })).map(toLeaf),
  logLeafOf: async (session, seq) => (await session.all(LEAF_OF_ENTRY, { seq })).map(toLeaf)[0],
  logNodes: async (session, level, index, limit) =>
    (await session.all(NODES_FROM, { level, index, limit })).map((row) => bytes(row, 'hash')),
  checkpoints: async (session, size, limit) => (await session.all(CHECKPOINTS_FROM, { size, limit })).map(toCheckpoint),
  logEntries: async (session, seq, limit) => {
    const found =
      seq === undefined ? session.all(FIRST_ENTRIES, { limit }) : session.all(ENTRIES_AFTER, { seq, limit });
    return (await found).map(toLogEntry);
  },
  keptBodies: async (session, messages) => (await session.all(BODIES, { messages })).map(toBodies),
};

/**
 * Adds to the tree under a lock of its own, that of the sealer: two engines that seal at once come one after the other, and the
 * second finds the tree larger than it took it for. No row is touched that the road writes.
 */
export function sealOn(line: Line, schema: string): LogStore['seal'] {
  return ({ ifSize, leaves, nodes, checkpoint }) =>
    line.transaction({
      locks: lockNumbers(['seal'], schema),
      decide: async (session) => {
        const [last] = await session.all(LAST_LEAF);
        if ((last === undefined ? 0 : toLeaf(last).index + 1) !== ifSize) return { value: 'stale', write: [] };
        return {
          value: 'sealed',
          write: [
            { sql: INSERT_LEAVES, parameters: { rows: asRows(leaves.map(fromLeaf)) } },
            { sql: INSERT_NODES, parameters: { rows: asRows(nodes.map(fromNode)) } },
            { sql: INSERT_CHECKPOINT, parameters: fromCheckpoint(checkpoint) },
          ],
        };
      },
    });
}

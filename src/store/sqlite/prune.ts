import type { LogStore, Pruning } from '../../ports-log.ts';
import { integer } from '../rows/row.ts';
import { fromPruning, toPrunableBodies, toPrunableEntries, toPrunings } from '../rows/row-log.ts';
import { writeEntry } from './apply-changes.ts';
import type { Connection } from './connection.ts';
import {
  COUNT_ENTRIES_THROUGH,
  DELETE_BODY,
  DELETE_ENTRIES_THROUGH,
  FIRST_MESSAGES_BEFORE,
  INSERT_PRUNING,
  LAST_PRUNINGS,
  MESSAGES_BEFORE,
  OLDEST_ENTRIES,
  STILL_PRUNABLE,
} from './statements-pruning.ts';

type PruningReadName = 'prunings' | 'bodiesToPrune' | 'entriesToPrune';

type PruningReads = {
  readonly [N in PruningReadName]: (
    connection: Connection,
    ...asked: Parameters<LogStore[N]>
  ) => Awaited<ReturnType<LogStore[N]>>;
};

export const PRUNING_READS: PruningReads = {
  prunings: (connection) => toPrunings(connection.all(LAST_PRUNINGS)),
  bodiesToPrune: (connection, before, after, limit) =>
    toPrunableBodies(
      after === undefined
        ? connection.all(FIRST_MESSAGES_BEFORE, { before, limit })
        : connection.all(MESSAGES_BEFORE, { at: after.at, id: after.id, before, limit }),
      limit,
    ),
  entriesToPrune: (connection, before, limit) => toPrunableEntries(connection.all(OLDEST_ENTRIES, { before, limit })),
};

/** What is pruned is written down first: without that the tables let nothing go. */
export function prune(connection: Connection, _now: string, pruning: Pruning): number {
  const { entries, bodies } = toPrunings(connection.all(LAST_PRUNINGS));
  if (pruning.what === 'entries') {
    const { through } = pruning;
    const pruned = integer(connection.all(COUNT_ENTRIES_THROUGH, { through })[0] ?? {}, 'number');
    if (pruned === 0) return 0;
    writeDown(connection, pruning, { pruned, total: entries + pruned });
    connection.run(DELETE_ENTRIES_THROUGH, { through });
    return pruned;
  }
  const { before } = pruning;
  const ids = pruning.messages.filter((id) => connection.all(STILL_PRUNABLE, { id, before }).length > 0);
  if (ids.length === 0) return 0;
  writeDown(connection, pruning, { pruned: ids.length, total: bodies + ids.length });
  for (const id of ids) connection.run(DELETE_BODY, { id });
  return ids.length;
}

function writeDown(connection: Connection, pruning: Pruning, counts: { pruned: number; total: number }): void {
  const { row, entry } = fromPruning(pruning, counts);
  connection.run(INSERT_PRUNING, row);
  writeEntry(connection, entry);
}

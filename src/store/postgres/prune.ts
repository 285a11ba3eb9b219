import type { LogStore } from '../../ports-log.ts';
import { integer, text } from '../rows/row.ts';
import { fromPruning, toPrunableBodies, toPrunableEntries, toPrunings } from '../rows/row-log.ts';
import type { Line } from './line.ts';
import { lockNumbers } from './lock-names.ts';
import type { Asked } from './reading-pool.ts';
import { RowsToWrite } from './rows-to-write.ts';
import type { Statement } from './session.ts';
import {
  COUNT_ENTRIES_THROUGH,
  DELETE_BODIES,
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
  readonly [N in PruningReadName]: (session: Asked, ...asked: Parameters<LogStore[N]>) => ReturnType<LogStore[N]>;
};

export const PRUNING_READS: PruningReads = {
  prunings: async (session) => toPrunings(await session.all(LAST_PRUNINGS)),
  bodiesToPrune: async (session, before, after, limit) =>
    toPrunableBodies(
      after === undefined
        ? await session.all(FIRST_MESSAGES_BEFORE, { before, limit })
        : await session.all(MESSAGES_BEFORE, { at: after.at, id: after.id, before, limit }),
      limit,
    ),
  entriesToPrune: async (session, before, limit) =>
    toPrunableEntries(await session.all(OLDEST_ENTRIES, { before, limit })),
};

/** One pruner at a time, under a lock of its own. What is pruned is written down first: without that the tables let nothing go. */
export function pruneOn(line: Line, schema: string): LogStore['prune'] {
  return (pruning) =>
    line.transaction({
      locks: lockNumbers(['prune'], schema),
      decide: async (session) => {
        const before = toPrunings(await session.all(LAST_PRUNINGS));
        const { pruned, total, remove } =
          pruning.what === 'entries'
            ? await entriesOf(session, pruning.through, before.entries)
            : await bodiesOf(session, pruning, before.bodies);
        if (pruned === 0) return { value: 0, write: [] };
        const { row, entry } = fromPruning(pruning, { pruned, total });
        const rows = new RowsToWrite();
        rows.entry(entry);
        return { value: pruned, write: [{ sql: INSERT_PRUNING, parameters: row }, remove, ...rows.statements()] };
      },
    });
}

interface Found {
  readonly pruned: number;
  readonly total: number;
  readonly remove: Statement;
}

async function entriesOf(session: Asked, through: number, before: number): Promise<Found> {
  const [row = {}] = await session.all(COUNT_ENTRIES_THROUGH, { through });
  const pruned = integer(row, 'number');
  return { pruned, total: before + pruned, remove: { sql: DELETE_ENTRIES_THROUGH, parameters: { through } } };
}

async function bodiesOf(
  session: Asked,
  { messages, before }: { readonly messages: readonly string[]; readonly before: string },
  total: number,
): Promise<Found> {
  const found = (await session.all(STILL_PRUNABLE, { messages, before })).map((row) => text(row, 'id'));
  const remove = { sql: DELETE_BODIES, parameters: { messages: found } };
  return { pruned: found.length, total: total + found.length, remove };
}

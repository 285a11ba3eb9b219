import { asStoreError, StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';

/**
 * Group commit. Operations that arrive in one turn of the event loop run in ONE transaction and are answered only after
 * the COMMIT was flushed to disk:
 *
 *   waiting --(end of turn)--> begin immediate
 *       each:  operation                                     it may be answered once the group is committed
 *   commit -> everybody is answered
 *   one threw: rollback, and all of the group once more, so that it alone fails and the others go on
 *       each:  savepoint -> operation -> release
 *                                \-> throws: rollback to it
 *   begin or commit failed, or the database gave up the transaction (disk full): nothing was kept, everybody is told so
 *
 * Savepoints are for that second run only: with one open, the database copies every page before it changes it, and they
 * were a sixth of what a message costs. An operation reads and writes through the connection and nothing else, so
 * that running it again after a rollback is the same as running it once.
 */
interface GroupCommit {
  /** Resolves with what the operation returned, after it is on disk. Rejects with a StoreError; then nothing of it was kept. */
  run<T>(operation: () => T): Promise<T>;
}

interface Waiting {
  readonly operation: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: StoreError };

export function makeGroupCommit(connection: Connection): GroupCommit {
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    answer(group, commitGroup(connection, group));
  };
  return {
    run: <T>(operation: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ operation, resolve: (value) => resolve(value as T), reject });
      }),
  };
}

function commitGroup(connection: Connection, group: readonly Waiting[]): Outcome[] {
  try {
    return together(connection, group) ?? apart(connection, group);
  } catch (thrown) {
    if (connection.inTransaction) connection.exec('rollback');
    const error = asStoreError(thrown);
    return group.map(() => ({ error }));
  }
}

/** Undefined when one of them threw; then nothing was kept. */
function together(connection: Connection, group: readonly Waiting[]): Outcome[] | undefined {
  connection.exec('begin immediate');
  const outcomes: Outcome[] = [];
  try {
    for (const { operation } of group) outcomes.push({ value: operation() });
  } catch {
    if (connection.inTransaction) connection.exec('rollback');
    return undefined;
  }
  connection.exec('commit');
  return outcomes;
}

function apart(connection: Connection, group: readonly Waiting[]): Outcome[] {
  connection.exec('begin immediate');
  const outcomes = group.map(({ operation }) => attempt(connection, operation));
  connection.exec('commit');
  return outcomes;
}

function attempt(connection: Connection, operation: () => unknown): Outcome {
  connection.exec('savepoint operation');
  try {
    const value = operation();
    connection.exec('release operation');
    return { value };
  } catch (thrown) {
    /* Some failures end the whole transaction; what ran before in this group is then gone as well. */
    if (!connection.inTransaction) throw thrown;
    connection.exec('rollback to operation; release operation');
    return { error: asStoreError(thrown) };
  }
}

function answer(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
  group.forEach((waiting, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) waiting.reject(new StoreError('database', 'the operation was not run'));
    else if ('error' in outcome) waiting.reject(outcome.error);
    else waiting.resolve(outcome.value);
  });
}

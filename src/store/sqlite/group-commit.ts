import { asStoreError, StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';

/**
 * Group commit. Operations that arrive in one turn of the event loop run in ONE transaction, each in its own
 * savepoint, and are answered only after the COMMIT was flushed to disk:
 *
 *   waiting --(end of turn)--> begin immediate
 *       each:  savepoint -> operation -> release            it may be answered once the group is committed
 *                                \-> throws: rollback to it   it alone failed; the others go on
 *   commit -> everybody is answered
 *   begin or commit failed, or the database gave up the transaction (disk full): nothing was kept, everybody is told so
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
    connection.exec('begin immediate');
    const outcomes = group.map(({ operation }) => attempt(connection, operation));
    connection.exec('commit');
    return outcomes;
  } catch (thrown) {
    if (connection.inTransaction) connection.exec('rollback');
    const error = asStoreError(thrown);
    return group.map(() => ({ error }));
  }
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

import { asStoreError, StoreError } from '../store-error.ts';
import { type Connection, openForReading, openForWriting } from './connection.ts';
import { makeGroupCommit } from './group-commit.ts';
import { checkSchema, migrate } from './migrate.ts';
import { READ_OPERATIONS } from './read-operations.ts';
import { makeSnapshots } from './snapshots.ts';
import { WRITE_OPERATIONS } from './write-operations.ts';

/**
 * One half of the store, writing or reading: in this thread, or in a thread of its own behind thread-client.ts.
 * `now` is the asker's clock; `asked` are the arguments of the port's function of that name.
 */
export interface Side {
  call(name: string, now: string, asked: readonly unknown[]): Promise<unknown>;
  /** After everything that was asked before. */
  close(): Promise<void>;
}

type AnyOperation = (connection: Connection, ...given: readonly unknown[]) => unknown;

/** Owns all writes of this process. Brings the schema up to date first. */
export function openWritingSide(file: string, now: string): Side {
  const connection = openForWriting(file);
  closedOnFailure(connection, () => migrate(connection, now));
  const group = makeGroupCommit(connection);
  return {
    call: (name, at, asked) => group.run(() => operationOf(WRITE_OPERATIONS, name)(connection, at, ...asked)),
    close: async () => {
      await group.run(() => undefined);
      connection.close();
    },
  };
}

/**
 * Reads only, from snapshots, so that a long one neither delays a commit nor sees half of one. What is asked together is
 * read from one snapshot, taken after all of it was asked.
 */
export function openReadingSide(file: string): Side {
  const connection = openForReading(file);
  closedOnFailure(connection, () => checkSchema(connection));
  const snapshots = makeSnapshots(connection);
  return {
    call: (name, _now, asked) => snapshots.run(() => operationOf(READ_OPERATIONS, name)(connection, ...asked)),
    close: async () => {
      await snapshots.run(() => undefined);
      connection.close();
    },
  };
}

function closedOnFailure(connection: Connection, prepare: () => void): void {
  try {
    prepare();
  } catch (thrown) {
    connection.close();
    throw asStoreError(thrown);
  }
}

/** The names and arguments were checked against the port where they were sent; past a thread only the name is known. */
function operationOf(operations: object, name: string): AnyOperation {
  const operation: unknown = Object.hasOwn(operations, name) ? Reflect.get(operations, name) : undefined;
  if (typeof operation !== 'function') throw new StoreError('misuse', `the record has no operation ${name}`);
  return operation as AnyOperation;
}

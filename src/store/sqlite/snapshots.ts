import { asStoreError, type StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';

/** Reads that are asked together share one snapshot of the record: to begin and end one costs as much as a read. */
interface Snapshots {
  /** Resolves with what was read. Rejects with a StoreError; the others go on. */
  run<T>(read: () => T): Promise<T>;
}

interface Waiting {
  /** Settles its own promise and throws nothing. */
  readonly settle: () => void;
  readonly reject: (error: StoreError) => void;
}

export function makeSnapshots(connection: Connection): Snapshots {
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    try {
      connection.exec('begin');
      for (const { settle } of group) settle();
      connection.exec('commit');
    } catch (thrown) {
      /* Nothing was written, and whoever was answered read what is on disk. */
      if (connection.inTransaction) connection.exec('rollback');
      for (const { reject } of group) reject(asStoreError(thrown));
    }
  };
  return {
    run: <T>(read: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) queueMicrotask(flush);
        waiting.push({ settle: () => settle(read, resolve, reject), reject });
      }),
  };
}

function settle<T>(read: () => T, resolve: (value: T) => void, reject: (error: StoreError) => void): void {
  try {
    resolve(read());
  } catch (thrown) {
    reject(asStoreError(thrown));
  }
}

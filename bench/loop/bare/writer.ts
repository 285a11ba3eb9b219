import type { RecordPlace } from '../town.ts';
import { postgresWriter } from './postgres-writer.ts';
import type { Change, Names } from './script.ts';
import { sqliteWriter } from './sqlite-writer.ts';

/** One commit, for one loop. */
export interface Commit {
  readonly changes: readonly Change[];
  readonly names: Names;
}

/** Writes commits in one transaction, flushed to disk. */
export type WriteGroup = (commits: readonly Commit[]) => void | Promise<void>;

export interface BareWriter {
  /** Resolves when it is flushed. */
  write(commit: Commit): Promise<void>;
  /** Transactions so far. */
  readonly transactions: number;
}

/** What arrives in one turn of the event loop, or while the transaction before is under way, is one transaction: as the engine does it. */
export async function openWriter(place: RecordPlace): Promise<BareWriter> {
  const writeGroup = place.kind === 'sqlite' ? sqliteWriter(place.file) : await postgresWriter(place);
  let waiting: { readonly commit: Commit; readonly done: () => void; readonly failed: (fault: unknown) => void }[] = [];
  let isWriting = false;
  let transactions = 0;
  const flush = async (): Promise<void> => {
    if (isWriting || waiting.length === 0) return;
    isWriting = true;
    const group = waiting;
    waiting = [];
    transactions += 1;
    try {
      await writeGroup(group.map(({ commit }) => commit));
      for (const { done } of group) done();
    } catch (fault) {
      for (const { failed } of group) failed(fault);
    }
    isWriting = false;
    setImmediate(flush);
  };
  return {
    write: (commit) =>
      new Promise((done, failed) => {
        waiting.push({ commit, done, failed });
        if (waiting.length === 1) setImmediate(flush);
      }),
    get transactions() {
      return transactions;
    },
  };
}

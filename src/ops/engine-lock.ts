import { closeSync, openSync } from 'node:fs';
import Database from 'libsql';

/** Held while an engine works on a record; `release` lets the next one in. */
export interface EngineLock {
  release(): void;
}

/** Another engine works on the same record. The message says which, and what to do. */
export class RecordInUse extends Error {}

/**
 * Makes this engine the only one that works on a record, by a lock on the file `<record>.lock`. The lock is SQLite's own, so
 * the system lets go of it with the process however that ends: nothing stale can be left behind, and no process id has to be
 * guessed about. Looking at the record, resolving holds and replaying need no lock.
 *
 * @param record path of the record's file, in a directory that exists
 * @throws RecordInUse when another engine holds it
 */
export function lockRecord(record: string, pid: number): EngineLock {
  const file = `${record}.lock`;
  closeSync(openSync(file, 'a', 0o600));
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec(`pragma user_version = ${pid}; begin immediate`);
  } catch (fault) {
    const holder = busy(fault) ? holderOf(database) : undefined;
    database.close();
    if (!busy(fault)) throw fault;
    throw new RecordInUse(
      `Another engine${holder === undefined ? '' : ` (process ${holder})`} works on ${record}. ` +
        'Stop it first, or give this engine a record of its own (engine.store).',
    );
  }
  return { release: () => void database.close() };
}

function busy(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && String(fault.code).startsWith('SQLITE_BUSY');
}

/** Who holds it wrote down its process id; reading is not locked. */
function holderOf(database: Database.Database): number | undefined {
  const [row]: unknown[] = database.prepare('pragma user_version').all();
  const held = typeof row === 'object' && row !== null && 'user_version' in row ? row.user_version : undefined;
  return typeof held === 'number' && held > 0 ? held : undefined;
}

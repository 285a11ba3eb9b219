import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import type { MakePlace } from './place.ts';

/** Places for SQLite: a file in a directory of its own, used from this thread or from threads of its own. */
export function sqlitePlaces(worker: boolean): MakePlace {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hearback-record-'));
    return {
      open: (options) => openSqliteStore({ file: join(directory, 'record.db'), worker, ...options }),
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    };
  };
}

import { newLine } from '../postgres/line.ts';
import { migration } from '../postgres/migrate.ts';
import { notOpenable } from '../postgres/not-openable.ts';
import type { Place } from '../postgres/place.ts';
import { openWritingSession, type Session } from '../postgres/session.ts';
import { StoreError } from '../store-error.ts';
import { COPIED_TABLES, type CopiedTable, isNumbered } from './copied-tables.ts';
import { insertRows, numberOn, readRows, refuseFilled, tableColumns } from './postgres-target.ts';
import { newRowsDigest } from './rows-digest.ts';
import { openSqliteSource, type SqliteSource } from './sqlite-source.ts';

/** What was copied of one table. */
export interface CopiedRows {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over all rows in order, the same at both ends. */
  readonly digest: string;
}

export interface CopyProgress {
  readonly table: string;
  readonly done: number;
  readonly of: number;
  readonly doing: 'copying' | 'comparing';
}

interface CopyOptions {
  readonly file: string;
  readonly place: Place;
  /** UTC instant. */
  readonly now: string;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** How long to wait for a server that went away before giving up. Milliseconds. */
  readonly patienceMs?: number;
}

/** Rows in memory at once; bodies may be long. */
const PAGE = 500;
const PAGE_OF_BODIES = 20;
const PATIENCE_MS = 15_000;

/**
 * Copies a SQLite record, as it is at one moment, into a PostgreSQL record that is empty: every row of every table, with its
 * number. All is written, read back and compared by digest in ONE transaction; so it is copied whole or not at all, whatever
 * breaks on the way, and may simply be begun again.
 *
 * @throws StoreError `not-openable` (either record cannot be opened, or the target is in use), `schema` (either is not this
 * program's), `misuse` (the target is not empty), `stale` (somebody wrote to the source meanwhile), `corrupt` (the copy
 * reads otherwise than the source), `in-doubt` (the connection was lost at the very end: look whether the target is filled).
 */
export async function copyRecord({ file, place, now, ...how }: CopyOptions): Promise<CopiedRows[]> {
  const { onProgress = () => undefined, patienceMs = PATIENCE_MS } = how;
  const source = openSqliteSource(file);
  try {
    const open = () => openWritingSession(place, { alone: true });
    const first = await open().catch((thrown) => {
      throw notOpenable(thrown);
    });
    const line = newLine({ first, open, patienceMs });
    try {
      await line.transaction(migration(place.schema, now));
      const copied = await line.transaction({
        locks: [],
        decide: async (session) => ({ value: await copyAll(source, session, onProgress), write: [] }),
      });
      await line.transaction({ locks: [], decide: async () => ({ value: undefined, write: [{ sql: 'analyze' }] }) });
      return copied;
    } finally {
      await line.close();
    }
  } finally {
    source.close();
  }
}

type Tell = NonNullable<CopyOptions['onProgress']>;

async function copyAll(source: SqliteSource, session: Session, tell: Tell): Promise<CopiedRows[]> {
  for (const table of COPIED_TABLES) await refuseFilled(session, table);
  const copied: CopiedRows[] = [];
  for (const table of COPIED_TABLES) copied.push(await copyTable(table, source, session, tell));
  source.checkUnchanged();
  return copied;
}

async function copyTable(table: CopiedTable, source: SqliteSource, session: Session, tell: Tell): Promise<CopiedRows> {
  const { name } = table;
  const columns = await sameColumns(name, source, session);
  const size = name === 'message_body' ? PAGE_OF_BODIES : PAGE;
  const of = source.count(name);
  const digest = newRowsDigest(columns);
  let done = 0;
  for (const page of source.pages(table, columns, size)) {
    for (const row of page) digest.add(row);
    await insertRows(session, table, columns, page);
    done += page.length;
    tell({ table: name, done, of, doing: 'copying' });
  }
  if (isNumbered(table)) await numberOn(session, table, source.lastNumber(name));
  const there = newRowsDigest(columns);
  let read = 0;
  for await (const page of readRows(session, table, columns, size)) {
    for (const row of page) there.add(row);
    read += page.length;
    tell({ table: name, done: read, of, doing: 'comparing' });
  }
  const copied = { table: name, rows: done, digest: digest.value() };
  if (read === done && there.value() === copied.digest) return copied;
  throw new StoreError('corrupt', `the copy of ${name} does not read as the original does; nothing was kept`);
}

/** In the order of their names. Two records that do not have the same are not of one program. */
async function sameColumns(table: string, source: SqliteSource, session: Session): Promise<string[]> {
  const here = source.columns(table).sort();
  const there = (await tableColumns(session, table)).sort();
  if (here.join() === there.join()) return here;
  throw new StoreError('schema', `the table ${table} has other columns in the one database than in the other`);
}

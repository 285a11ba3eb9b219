import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { types } from 'node:util';
import Database from 'libsql';
import type { Bindings, Row, Value } from '../rows/row.ts';
import { databaseCode, StoreError } from '../store-error.ts';

/** One connection, used by one thread. Statements are prepared once and kept. */
export interface Connection {
  all(sql: string, parameters?: Bindings): Row[];
  /** How many rows it changed. */
  run(sql: string, parameters?: Bindings): number;
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

/** How long a statement waits for another process's commit before it gives up. */
const BUSY_MS = 10_000;
/** Searches are composed from fragments; beyond this many texts the kept statements are let go. */
const KEPT_STATEMENTS = 300;

/** FULL: every commit is flushed to disk before it is answered. journal_size_limit gives space back after a burst. */
const WRITER_PRAGMAS = 'pragma synchronous = full; pragma foreign_keys = on; pragma journal_size_limit = 67108864;';
/** The library has no read-only mode of its own (it would create a missing file); this one refuses every write. */
const READER_PRAGMAS = 'pragma query_only = on;';

/** Opens the file for writing and makes it if it is not there, readable by its owner only: it holds patient data. */
export function openForWriting(file: string): Connection {
  if (!existsSync(dirname(file))) {
    throw new StoreError(
      'not-openable',
      `the directory of the record's file does not exist: make ${dirname(file)} first`,
    );
  }
  closeSync(openSync(file, 'a', 0o600));
  const database = openDatabase(file);
  switchToWriteAheadLog(database);
  database.exec(WRITER_PRAGMAS);
  return asConnection(database);
}

/** Opens an existing file; every attempt to write through this connection is refused. */
export function openForReading(file: string): Connection {
  if (!existsSync(file)) {
    throw new StoreError('not-openable', `there is no record at ${file}: check the path, or start the engine once`);
  }
  const database = openDatabase(file);
  database.exec(READER_PRAGMAS);
  return asConnection(database);
}

function openDatabase(file: string): Database.Database {
  try {
    const database = new Database(file, { timeout: BUSY_MS });
    database.prepare('select count(*) from sqlite_master').all();
    return database;
  } catch (error) {
    const why = databaseCode(error) === 'SQLITE_NOTADB' ? 'is not a SQLite database' : 'cannot be opened';
    throw new StoreError('not-openable', `the record's file ${file} ${why}: check the path and its permissions`);
  }
}

/** SQLite answers "busy" at once, without waiting, when two processes switch a new file at the same time. */
function switchToWriteAheadLog(database: Database.Database): void {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      database.prepare('pragma journal_mode = wal').all();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

interface Prepared {
  readonly statement: Database.Statement<[Value[]]>;
  /** Its parameters, in the order of their numbers. */
  readonly names: readonly string[];
}

function asConnection(database: Database.Database): Connection {
  const statements = new Map<string, Prepared>();
  const prepared = (sql: string) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= KEPT_STATEMENTS) statements.clear();
    const made = { statement: database.prepare<[Value[]]>(sql), names: parameterNames(sql) };
    statements.set(sql, made);
    return made;
  };
  return {
    all: (sql, parameters = {}) => {
      const { statement, names } = prepared(sql);
      /* Not get(): it adds a `_metadata` key to the row. */
      return statement.all(bindable(names, parameters)).map(asRow);
    },
    run: (sql, parameters = {}) => {
      const { statement, names } = prepared(sql);
      return statement.run(bindable(names, parameters)).changes;
    },
    exec: (sql) => {
      database.exec(sql);
    },
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => {
      statements.clear();
      database.close();
    },
  };
}

/**
 * The named parameters of a statement in the order in which SQLite numbers them: by where each stands first. Bound by
 * number they take the library half the time that they take it by name.
 */
export function parameterNames(sql: string): string[] {
  const names = new Set<string>();
  for (const [, name] of sql.matchAll(/'[^']*'|--.*|:([a-z]\w*)/gi)) if (name !== undefined) names.add(name);
  return [...names];
}

/**
 * What a statement is given, by number.
 *
 * The library aborts the whole process on a boolean and reads a text only as far as its first NUL (PostgreSQL
 * refuses such a text). So: other kinds of value are refused here, and NUL is replaced as lone surrogates are.
 * The exact bytes of a message stand in its body; nothing of them depends on this.
 */
export function bindable(names: readonly string[], parameters: Bindings): Value[] {
  return names.map((name) => bindableValue(name, parameters[name]));
}

function bindableValue(name: string, value: unknown): Value {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (value === null || typeof value === 'number' || types.isUint8Array(value)) return value;
  throw new StoreError('misuse', `parameter ${name} is of a kind that the database does not take: ${typeof value}`);
}

function asRow(row: unknown): Row {
  if (isRow(row)) return row;
  throw new StoreError('corrupt', 'the database gave something that is not a row');
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
}

import { existsSync } from 'node:fs';
import Database from 'libsql';
import { StoreError } from '../store-error.ts';

export type Cell = string | number | ArrayBuffer | null;
export type Query = (...parameters: (string | number)[]) => readonly (readonly Cell[])[];

export interface ReleaseReader {
  /** Prepared once. Rows as lists. */
  query(sql: string): Query;
  close(): void;
}

/** Opens a release's file for reading only. @throws StoreError when there is none or it is not SQLite */
export function readRelease(file: string): ReleaseReader {
  if (!existsSync(file)) throw new StoreError('not-openable', `there is no imported release at ${file}`);
  const database = openDatabase(file);
  return {
    query(sql) {
      const statement = database.prepare(sql).raw(true);
      return (...parameters) => statement.all(parameters).map(cellsOf);
    },
    close: () => {
      database.close();
    },
  };
}

function openDatabase(file: string): Database.Database {
  try {
    const database = new Database(file);
    database.exec('pragma query_only = on; pragma cache_size = -131072;');
    database.prepare('select count(*) from sqlite_master').all();
    return database;
  } catch {
    throw new StoreError('not-openable', `the file ${file} is no imported release: import it again`);
  }
}

function cellsOf(row: unknown): readonly Cell[] {
  if (!Array.isArray(row)) throw new StoreError('corrupt', 'the database gave something that is not a row');
  return row.map((cell: unknown) => {
    if (typeof cell === 'string' || typeof cell === 'number' || cell === null || cell instanceof ArrayBuffer)
      return cell;
    // In another realm (tests) a blob is no instance of this one's ArrayBuffer.
    if (ArrayBuffer.isView(cell))
      return Uint8Array.from(new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength)).buffer;
    const copy = structuredClone(cell);
    if (copy instanceof ArrayBuffer) return copy;
    throw new StoreError('corrupt', 'the database gave a cell of an unknown kind');
  });
}

export function textCell(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : '';
}

export function numberCell(cell: Cell | undefined): number {
  return typeof cell === 'number' ? cell : 0;
}

export function bytesCell(cell: Cell | undefined): ArrayBuffer {
  if (cell === null || cell === undefined || typeof cell !== 'object')
    throw new StoreError('corrupt', 'a part is missing');
  return cell;
}

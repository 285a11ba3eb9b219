import { types } from 'node:util';
import { StoreError } from '../store-error.ts';

export type Value = string | number | null | Uint8Array;
/** A row to be written: names are those of its columns, in camel case. */
export type Bindings = Readonly<Record<string, Value>>;

/** One row as the library gives it. The functions below read a column and check that it is what we once wrote. */
export type Row = Readonly<Record<string, unknown>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unreadable(column, 'text');
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unreadable(column, 'a number');
  return value;
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) === 1;
}

/** SQLite's library gives blobs as ArrayBuffer, PostgreSQL's as Buffer; the check must hold across realms, so no instanceof. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (types.isArrayBuffer(value)) return new Uint8Array(value);
  if (types.isUint8Array(value)) return new Uint8Array(value);
  throw unreadable(column, 'bytes');
}

/** Bytes that may have been pruned away: then none. */
export function keptBytes(row: Row, column: string): Uint8Array {
  return row[column] === null ? new Uint8Array() : bytes(row, column);
}

/** One of a closed list of words; the list is a record so that the compiler sees when one is missing. */
export function word<T extends string>(row: Row, column: string, words: Readonly<Record<T, true>>): T {
  const value = text(row, column);
  if (isWord(value, words)) return value;
  throw unreadable(column, 'a known word');
}

export function optionalWord<T extends string>(
  row: Row,
  column: string,
  words: Readonly<Record<T, true>>,
): T | undefined {
  return row[column] === null ? undefined : word(row, column, words);
}

/** Structured values are written by us with JSON.stringify from the very type that is read back. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

export function optionalJson<T>(row: Row, column: string): T | undefined {
  return row[column] === null ? undefined : json<T>(row, column);
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same record without the keys that hold nothing: absent and undefined are not the same to its readers. */
export function withoutAbsent<T extends object>(record: T): Present<T> {
  /* Every row of every read comes here: a list of entries for each was a twentieth of what reading a loop cost. */
  const present: Record<string, unknown> = {};
  for (const key in record) if (record[key] !== undefined) present[key] = record[key];
  return present as Present<T>;
}

function isWord<T extends string>(value: string, words: Readonly<Record<T, true>>): value is T {
  return Object.hasOwn(words, value);
}

function unreadable(column: string, expected: string): StoreError {
  return new StoreError('corrupt', `column ${column} does not hold ${expected}`);
}

import { types } from 'node:util';
import type { Bindings, Value } from '../rows/row.ts';
import { sound } from '../rows/sound-text.ts';
import { StoreError } from '../store-error.ts';

/** Values by name; several rows at once go as one JSON text (see `asRows`). */
export type Parameters = Readonly<Record<string, Value | readonly Value[]>>;

interface Parsed {
  readonly text: string;
  readonly names: readonly string[];
}

const parsed = new Map<string, Parsed>();
/** Searches are composed; beyond this many texts the known ones are let go. */
const KEPT = 500;

/** The statement with `$1`, `$2` in the place of `:name`, and the values in that order. A name may stand in it several times. */
export function positional(sql: string, parameters: Parameters): { readonly text: string; readonly values: Value[] } {
  const known = parsed.get(sql) ?? parse(sql);
  return { text: known.text, values: known.names.map((name) => bindable(name, parameters[name])) };
}

function parse(sql: string): Parsed {
  const names: string[] = [];
  /* A cast (`::text`) is no name. */
  const text = sql.replace(/(?<!:):([a-z][A-Za-z0-9]*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  if (parsed.size >= KEPT) parsed.clear();
  parsed.set(sql, { text, names });
  return { text, names };
}

function bindable(name: string, value: Parameters[string] | undefined): Value {
  if (typeof value === 'string') return sound(value);
  if (value === null || typeof value === 'number') return value;
  /* The library sends a Buffer as bytes, and any other view as JSON. */
  if (types.isUint8Array(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map((one: Value) => bindable(name, one)) as never;
  throw new StoreError('misuse', `parameter ${name} is of a kind that the database does not take: ${typeof value}`);
}

/** Rows for `json_populate_recordset(null::table, :rows)`: the names become those of the columns. */
export function asRows(rows: readonly Bindings[]): string {
  return JSON.stringify(rows.map(asColumns));
}

function asColumns(row: Bindings): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const name in row) named[columnOf(name)] = columnValue(row[name] ?? null);
  return named;
}

const columns = new Map<string, string>();

function columnOf(name: string): string {
  const known = columns.get(name) ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  columns.set(name, known);
  return known;
}

/** The database reads `\x` and hexadecimal digits as bytes. */
function columnValue(value: Value): string | number | null {
  if (typeof value === 'string') return sound(value);
  if (types.isUint8Array(value))
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  return value;
}

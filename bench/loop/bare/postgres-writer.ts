import { Client } from 'pg';
import type { RecordPlace } from '../town.ts';
import { rank } from './difference.ts';
import { type Cell, type Change, type Names, valueFor } from './script.ts';
import type { Commit, WriteGroup } from './writer.ts';

/** One statement for all rows of a group that are written alike, as the engine does it; one connection. */
export async function postgresWriter({
  address,
  schema,
}: Extract<RecordPlace, { kind: 'postgres' }>): Promise<WriteGroup> {
  const client = new Client({ connectionString: address });
  await client.connect();
  await client.query(`set search_path to ${schema}`);
  return async (commits) => {
    await client.query('begin');
    for (const { name, text, rows } of statementsOf(commits))
      await client.query({ name, text, values: [JSON.stringify(rows)] });
    await client.query('commit');
  };
}

interface Statement {
  readonly kind: Change['kind'];
  readonly table: string;
  readonly name: string;
  readonly text: string;
  readonly rows: Record<string, unknown>[];
}

const KINDS = ['delete', 'insert', 'update'] as const;

/** Changes of the same shape are one statement. What goes makes room first, and what others refer to is written before them. */
function statementsOf(commits: readonly Commit[]): Statement[] {
  const statements: Statement[] = [];
  const open = new Map<string, Statement>();
  for (const { changes, names } of commits) {
    for (const { table, kind, key, set } of changes) {
      const name = `${kind} ${table} ${Object.keys(set)}`;
      const row = { ...rowOf(set, names), ...rowOf(key, names) };
      const known = open.get(name);
      if (known !== undefined) {
        known.rows.push(row);
        continue;
      }
      const fresh = { kind, table, name: nameOf(name), text: textOf({ table, kind, key, set }), rows: [row] };
      statements.push(fresh);
      open.set(name, fresh);
    }
  }
  return statements.sort(
    (one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || rank(one.table) - rank(other.table),
  );
}

/** A name of a prepared statement is cut off after 63 bytes. */
const short = new Map<string, string>();
function nameOf(name: string): string {
  const known = short.get(name) ?? `bare${short.size}`;
  short.set(name, known);
  return known;
}

function textOf({ table, kind, key, set }: Change): string {
  const columns = Object.keys(set);
  const rows = `json_populate_recordset(null::${table}, $1::json) as r`;
  const where = Object.keys(key).map((column) => `t.${column} = r.${column}`);
  if (kind === 'insert')
    return `insert into ${table} (${columns}) select ${columns.map((column) => `r.${column}`)} from ${rows}`;
  if (kind === 'delete') return `delete from ${table} as t using ${rows} where ${where.join(' and ')}`;
  const assignments = columns.map((column) => `${column} = r.${column}`);
  return `update ${table} as t set ${assignments} from ${rows} where ${where.join(' and ')}`;
}

function rowOf(cells: Readonly<Record<string, Cell>>, names: Names): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(cells).map(([column, cell]) => {
      const value = valueFor(cell, names);
      return [column, Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value];
    }),
  );
}

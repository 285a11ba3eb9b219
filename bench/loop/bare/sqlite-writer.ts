import Database from 'libsql';
import { type Change, valueFor } from './script.ts';
import type { WriteGroup } from './writer.ts';

/** Plain statements, prepared once, on a record that an engine made. */
export function sqliteWriter(file: string): WriteGroup {
  const database = new Database(file, { timeout: 10_000 });
  database.exec('pragma synchronous = full; pragma foreign_keys = on;');
  const prepared = new Map<string, Database.Statement>();
  const statementOf = (change: Change) => {
    const sql = statementText(change);
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return (commits) => {
    database.exec('begin immediate');
    for (const { changes, names } of commits) {
      for (const change of changes) {
        const cells = [...Object.values(change.set), ...Object.values(change.key)];
        statementOf(change).run(cells.map((cell) => valueFor(cell, names)));
      }
    }
    database.exec('commit');
  };
}

function statementText({ table, kind, key, set }: Change): string {
  const columns = Object.keys(set);
  const where = Object.keys(key).map((column) => `${column} = ?`);
  if (kind === 'insert') return `insert into ${table} (${columns}) values (${columns.map(() => '?')})`;
  if (kind === 'delete') return `delete from ${table} where ${where.join(' and ')}`;
  return `update ${table} set ${columns.map((column) => `${column} = ?`)} where ${where.join(' and ')}`;
}

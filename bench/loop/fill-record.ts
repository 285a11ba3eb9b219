import Database from 'libsql';
import { GIVEN_BY_DATABASE, type Row, rowsOf, type Value } from './bare/tables.ts';
import { nhsNumberOf, places } from './messages.ts';

/**
 * Fills a new record on SQLite with copies of the one loop that another record holds, as quickly as the database copies rows:
 * every row of every table, under names of their own. What is copied is found again by everything that the original is found by.
 */

/** In the place of the first 12 digits, the time, of every UUID that the engine gave the copied loop. A copy has one of its own there. */
const MARK = 'badbadba-dbad';
/** Of versions 7 and 5: others are a sender's, and stand in its message alone. */
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}(-[57][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\b/g;
/** Tables that no loop writes to. */
const NOT_A_LOOP = new Set(['migration', 'mapping_version', 'log_leaf', 'log_node', 'log_checkpoint']);

export function fillRecord(
  file: string,
  from: { readonly file: string; readonly nhsNumber: string },
  loops: number,
): void {
  const original = new Database(from.file);
  const database = new Database(file);
  // Nobody else has it open, and one that is lost half-way is made anew.
  database.exec(
    'pragma journal_mode = off; pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -500000;',
  );
  database.exec(
    'begin; create temp table copy (number integer primary key, mark text not null, person text not null);',
  );
  const insert = database.prepare('insert into copy values (?, ?, ?)');
  const numbers = places(PERSONS_FROM);
  for (let number = 1; number <= loops; number += 1) {
    const time = (EARLIER + number).toString(16).padStart(12, '0');
    insert.run([number, `${time.slice(0, 8)}-${time.slice(8)}`, nhsNumberOf(numbers.next().value ?? 0)]);
  }
  const tables = rowsOf(original, `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`);
  for (const name of tables.map((row) => String(row['name'])).filter((one) => !NOT_A_LOOP.has(one))) {
    copyTable(database, name, rowsOf(original, `select * from ${name}`), from.nhsNumber);
  }
  database.exec('commit; pragma journal_mode = wal;');
  database.close();
  original.close();
}

function copyTable(database: Database.Database, table: string, rows: readonly Row[], nhsNumber: string): void {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).filter((column) => column !== GIVEN_BY_DATABASE);
  const marked = rows.map((row) => columns.map((column) => withMark(row[column] ?? null)));
  database.exec(`create temp table original_${table} (${columns.join(', ')})`);
  const insert = database.prepare(`insert into original_${table} values (${columns.map(() => '?')})`);
  for (const row of marked) insert.run(row);
  const written = columns.map((column, place) =>
    copied(
      `o.${column}`,
      marked.map((row) => row[place] ?? null),
      nhsNumber,
    ),
  );
  // The copies one behind the other, each in the order of the original: as they would have come.
  database.exec(
    `insert into ${table} (${columns}) select ${written} from copy c cross join original_${table} o order by c.number, o.rowid`,
  );
}

/** Far from those who are referred while it is measured. */
const PERSONS_FROM = 500_000;
/** When the first copy came, in milliseconds: before everything that comes while it is measured. */
const EARLIER = Date.UTC(2026, 0, 1);
const ids = new Map<string, string>();

function withMark(value: Value): Value {
  if (Buffer.isBuffer(value)) return Buffer.from(String(withMark(value.toString())));
  if (typeof value !== 'string') return value;
  return value.replace(UUID, (id, rest: string) => {
    const known = ids.get(rest) ?? id;
    ids.set(rest, known);
    if (known !== id) throw new Error('two names of the loop are told apart by their time alone');
    return `${MARK}${rest}`;
  });
}

/** How a column is copied: with the names of the copy where it holds any. */
function copied(column: string, values: readonly Value[], nhsNumber: string): string {
  const texts = values.map((value) => (Buffer.isBuffer(value) ? value.toString() : value));
  const holds = (name: string) => texts.some((text) => typeof text === 'string' && text.includes(name));
  const isBytes = values.some((value) => Buffer.isBuffer(value));
  let sql = isBytes ? `cast(${column} as text)` : column;
  if (holds(MARK)) sql = `replace(${sql}, '${MARK}', c.mark)`;
  if (holds(nhsNumber)) sql = `replace(${sql}, '${nhsNumber}', c.person)`;
  if (sql === column) return column;
  return `case when ${column} is null then null else ${isBytes ? `cast(${sql} as blob)` : sql} end`;
}

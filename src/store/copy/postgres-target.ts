import { asRows } from '../postgres/named-parameters.ts';
import type { Session } from '../postgres/session.ts';
import type { Bindings, Row } from '../rows/row.ts';
import { StoreError } from '../store-error.ts';
import type { CopiedTable } from './copied-tables.ts';

const COLUMNS = `
select attname as name from pg_attribute where attrelid = :table::text::regclass and attnum > 0 and not attisdropped`;

export async function tableColumns(session: Session, table: string): Promise<string[]> {
  return (await session.all(COLUMNS, { table })).map((row) => String(row['name']));
}

/** @throws StoreError `misuse` */
export async function refuseFilled(session: Session, { name }: CopiedTable): Promise<void> {
  if ((await session.all(`select 1 as row from ${name} limit 1`)).length === 0) return;
  throw new StoreError(
    'misuse',
    `the record in the database is not empty (${name} has rows): copy into one that has never been used, for example another schema`,
  );
}

export async function insertRows(
  session: Session,
  { name }: CopiedTable,
  columns: readonly string[],
  rows: readonly Bindings[],
): Promise<void> {
  const list = columns.join(', ');
  const sql = `insert into ${name} (${list}) select ${list} from json_populate_recordset(null::${name}, :rows)`;
  await session.all(sql, { rows: asRows(rows) });
}

/** Numbers go on after the last one that was ever given, not after the last that is still there. */
export async function numberOn(session: Session, { name }: CopiedTable, last: number): Promise<void> {
  if (last === 0) return;
  await session.all("select setval(pg_get_serial_sequence(:table::text, 'seq'), :last::bigint)", { table: name, last });
}

/** All rows in order of their key, a page at a time: by a cursor, because no index lies in the order of names of any length. */
export async function* readRows(
  session: Session,
  { name, key }: CopiedTable,
  columns: readonly string[],
  size: number,
): AsyncGenerator<Row[]> {
  const cursor = `copied_${name}`;
  await session.all(
    `declare ${cursor} no scroll cursor for select ${columns.join(', ')} from ${name} order by ${key.join(', ')}`,
  );
  for (;;) {
    const page = await session.all(`fetch ${size} from ${cursor}`);
    if (page.length === 0) break;
    yield page;
  }
  await session.all(`close ${cursor}`);
}

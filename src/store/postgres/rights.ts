import type { Row } from '../rows/row.ts';
import { StoreError } from '../store-error.ts';

/** As much of a session as is needed. */
interface Asked {
  all(sql: string): Promise<Row[]>;
}

/**
 * What the user may, asked of the server itself: its own words for what is missing come in its language, and late (a schema that may
 * not be used looks as if there were none).
 */
const RIGHTS = `
select quote_ident(current_user) as "user", quote_ident(current_database()) as database, current_setting('search_path') as schema,
  has_database_privilege(current_database(), 'create') as "mayMakeSchema",
  n.oid is not null as "isThere",
  has_schema_privilege(n.oid, 'usage') as "mayUse",
  has_schema_privilege(n.oid, 'create') as "mayMake",
  exists (select 1 from pg_class c where c.relnamespace = n.oid and c.relname = 'migration') as "hasTables",
  (select count(*)::int from pg_class c where c.relnamespace = n.oid and c.relkind = 'r'
    and not has_table_privilege(c.oid, 'select')) as unreadable,
  (select count(*)::int from pg_class c where c.relnamespace = n.oid and c.relkind = 'r'
    and not (has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update'))) as unwritable
from (select 1) one left join pg_namespace n on n.nspname = current_setting('search_path')`;

/**
 * Refuses a record that this user may not open, before anything else is tried.
 * @param to what is to be done with it; only `write` makes what is not there
 * @throws StoreError `not-openable`, with what is missing and what an administrator grants
 */
export async function refuseWithoutRights({ all }: Asked, to: 'read' | 'write'): Promise<void> {
  const [may = {}] = await all(RIGHTS);
  const { user, database, schema } = may;
  if (may['isThere'] !== true) {
    if (to === 'read' || may['mayMakeSchema'] === true) return;
    throw missing(
      `there is no schema ${schema} in the database, and its user ${user} may not make one`,
      `create schema ${schema} authorization ${user}; (or: grant create on database ${database} to ${user};)`,
    );
  }
  if (may['mayUse'] !== true) {
    throw missing(
      `its user ${user} may not use the schema ${schema}`,
      `grant usage, create on schema ${schema} to ${user};`,
    );
  }
  if (may['hasTables'] !== true) {
    if (to === 'read' || may['mayMake'] === true) return;
    throw missing(
      `its user ${user} may make nothing in the schema ${schema}`,
      `grant usage, create on schema ${schema} to ${user};`,
    );
  }
  if (may['unreadable'] === 0 && (to === 'read' || may['unwritable'] === 0)) return;
  throw missing(
    `the tables in the schema ${schema} belong to another owner, and its user ${user} may not ${to} them`,
    `restore with pg_restore --no-owner --role=${user}, or make ${user} their owner (reassign owned by THE_OTHER to ${user};)`,
  );
}

function missing(what: string, remedy: string): StoreError {
  return new StoreError(
    'not-openable',
    `the record cannot be opened: ${what}. As an administrator of the server: ${remedy}`,
  );
}

import type { Row } from '../rows/row.ts';

type Ask = (sql: string) => Promise<Row[]>;

const TIMELINE = 'select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline';
const HAS_LIFE = "select to_regclass('server_life') is not null as there";
const LIFE = 'select token::text as token from server_life';
/** The first who comes after a crash. Whoever comes at the same moment takes the same. */
const NEW_LIFE = 'insert into server_life default values on conflict do nothing';

/**
 * Which history of the database a connection sees. Another one after a standby took over, and after the server broke down:
 * either way it may have given the number of a transaction that was never kept to another one, which was.
 * (src/store/postgres/migrations/0009-server-life.ts)
 */
export async function serverHistory(ask: Ask): Promise<string> {
  const [[line = {}], [life = {}]] = await Promise.all([ask(TIMELINE), ask(HAS_LIFE)]);
  const timeline = String(line['timeline']);
  // Before the migration that makes it: whoever migrates finds out by the list of migrations what was kept.
  if (life['there'] !== true) return timeline;
  const known = await ask(LIFE);
  if (known.length === 0) await ask(NEW_LIFE);
  const [{ token } = {}] = known.length === 0 ? await ask(LIFE) : known;
  return `${timeline}/${String(token)}`;
}

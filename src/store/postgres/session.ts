import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import { Client, type ClientConfig, type CustomTypesConfig, type QueryConfig, types } from 'pg';
import type { Row, Value } from '../rows/row.ts';
import { StoreError } from '../store-error.ts';
import { engineLock, recordLock } from './lock-names.ts';
import { type Parameters, positional } from './named-parameters.ts';
import type { Place } from './place.ts';
import { refuseWithoutRights } from './rights.ts';
import { serverHistory } from './server-history.ts';

/** A statement with its values by name (`:name`). */
export interface Statement {
  readonly sql: string;
  readonly parameters?: Parameters;
  /** Several statements in one text, without values. */
  readonly isScript?: boolean;
}

/**
 * One connection. Statements that are asked without waiting travel together, and are answered in order: each sees what those
 * before it did. After one failed, the others of its transaction fail as well.
 */
export interface Session {
  all(sql: string, parameters?: Parameters): Promise<Row[]>;
  /** How many rows it changed, and by which command (`COMMIT`, `ROLLBACK`). */
  run(statement: Statement): Promise<{ readonly rows: number; readonly command: string }>;
  /** True when nothing more can be asked of it. */
  readonly isLost: boolean;
  readonly pid: number;
  /** Which history of the database it sees (server-history.ts). */
  readonly history: string;
  end(): Promise<void>;
}

/** How the server knows a transaction again. */
export interface Transaction {
  readonly id: string;
  readonly pid: number;
  readonly history: string;
}

/** int8 comes as text, because it may be longer than a number is exact; ours never are. */
const INT8 = 20;
const parserOf = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : types.getTypeParser(oid, format as 'text');
const TYPES: CustomTypesConfig = { getTypeParser: parserOf as typeof types.getTypeParser };

/**
 * Every statement by the plan that its indexes were made for, whatever the tables held when it was first planned: a queue that
 * was empty then, and is long now, would otherwise be read from end to end until statistics are made anew.
 */
export const STEADY_PLANS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

const ABOUT_SERVER = `
select pg_backend_pid() as pid, pg_is_in_recovery() as standby, current_setting('fsync') as fsync,
  current_setting('synchronous_commit') as waits, current_setting('server_version_num')::int as version,
  current_setting('transaction_read_only') as "readOnly"`;
const WAIT_FOR_DISK = "select set_config('synchronous_commit', 'on', false)";
/** What a server may be set to that does not wait for its own disk, or not for that of the standby it is to wait for. */
const DOES_NOT_WAIT: ReadonlySet<unknown> = new Set(['off', 'local', 'remote_write']);
const OLDEST = 140_000;

/**
 * Opens a connection that writes. `works`: for an engine. `alone`: only where nobody else has one, and while it lasts nobody can. `unhurried`: what it asks takes as long as it takes,
 * as a copy does, or a new index on a large table.
 * @throws StoreError `not-openable` when the server must not be written to, or the user may not write to the record; whatever the library throws when it cannot be reached.
 */
export async function openWritingSession(
  place: Place,
  { works = false, alone = false, unhurried = false } = {},
): Promise<Session> {
  const limits = alone || unhurried ? { statement_timeout: 0, lock_timeout: 0, query_timeout: 0 } : {};
  const socket = new Socket();
  const together = inOneWrite(socket);
  const given = { ...clientConfig(place, STEADY_PLANS), ...limits, pipeline: true, stream: () => socket };
  const client = new Client(given);
  let lost = false;
  const lose = () => {
    lost = true;
  };
  /* Without a listener the process would end with the connection. */
  client.on('error', lose);
  client.on('end', lose);
  await client.connect();
  const ask = async ({ sql, parameters = {}, isScript = false }: Statement) => {
    const asked = isScript ? { text: sql } : preparedQuery(sql, parameters);
    together();
    const { rows, rowCount, command } = await client.query<Row>(asked);
    return { found: rows, rows: rowCount ?? 0, command };
  };
  const all = async (sql: string, parameters: Parameters = {}) => (await ask({ sql, parameters })).found;
  try {
    const [about = {}] = await all(ABOUT_SERVER);
    refuseUnfit(about);
    if (DOES_NOT_WAIT.has(about['waits'])) await all(WAIT_FOR_DISK);
    await refuseWithoutRights({ all }, 'write');
    const history = await serverHistory(all);
    if (alone) await keepOthersOff(all, place.schema);
    else await markInUse(all, place.schema, works);
    return {
      all,
      run: ask,
      get isLost() {
        return lost;
      },
      pid: Number(about['pid']),
      history,
      end: () => client.end(),
    };
  } catch (thrown) {
    await client.end();
    throw thrown;
  }
}

/**
 * Call it before something is asked: everything that is asked in the same turn goes to the server in one write. The library
 * writes each statement by itself, and a call of the system for each of a dozen was a fifth of what an engine did. (Where the
 * connection is encrypted it makes no difference.)
 */
function inOneWrite(socket: Socket): () => void {
  let isHeld = false;
  return () => {
    if (isHeld) return;
    isHeld = true;
    socket.cork();
    process.nextTick(() => {
      isHeld = false;
      socket.uncork();
    });
  };
}

/** What both kinds of connection have in common. */
export function clientConfig(place: Place, settings: string): ClientConfig {
  const { host, port, user, password, database, schema, ssl } = place;
  return {
    ...{ host, port, user, database, types: TYPES },
    ...(password !== undefined && { password }),
    ssl: ssl ?? false,
    application_name: 'hearback',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 20_000,
    lock_timeout: 10_000,
    /* A process that died without a word must not keep its locks. */
    idle_in_transaction_session_timeout: 15_000,
    /* The network may swallow an answer: then nobody waits for ever. Longer than the server's own limits. */
    query_timeout: 25_000,
    /* Nothing that we ask is long enough for a compiled plan to pay. */
    options: `-c search_path=${schema} -c jit=off -c default_transaction_isolation=read\\ committed ${settings}`,
  };
}

/** As long as one of these connections is there, nobody can fill the record by a copy, and everybody can see that it is worked on. */
async function markInUse(all: Session['all'], schema: string, works: boolean): Promise<void> {
  const [row] = await all('select pg_try_advisory_lock_shared(:number::bigint) as free', {
    number: recordLock(schema),
  });
  if (row?.['free'] !== true) {
    throw new StoreError('not-openable', 'the record is just being copied into: wait until that has ended');
  }
  if (works) await all('select pg_advisory_lock_shared(:number::bigint)', { number: engineLock(schema) });
}

async function keepOthersOff(all: Session['all'], schema: string): Promise<void> {
  const [row] = await all('select pg_try_advisory_lock(:number::bigint) as free', { number: recordLock(schema) });
  if (row?.['free'] === true) return;
  throw new StoreError(
    'not-openable',
    'the record in the database is in use: stop every engine and command that writes to it',
  );
}

/** Whether an engine holds its lock: this connection could not have it for itself. */
export async function isWorkedOnNow(session: Session, schema: string): Promise<boolean> {
  const [row] = await session.all('select pg_try_advisory_lock(:number::bigint) as free', {
    number: engineLock(schema),
  });
  return row?.['free'] !== true;
}

function refuseUnfit(about: Row): void {
  const { version, standby, fsync, readOnly } = about;
  if (typeof version === 'number' && version < OLDEST) {
    throw unfit('is older than PostgreSQL 14', 'use a newer one');
  }
  if (standby === true || readOnly === 'on') {
    throw unfit('takes no writes (a standby, or set to read only)', 'name the primary');
  }
  if (fsync !== 'on') {
    throw unfit('does not flush to disk (fsync = off): what is answered could be lost', 'set fsync = on');
  }
}

function unfit(what: string, remedy: string): StoreError {
  return new StoreError('not-openable', `the record's server ${what}: ${remedy}`);
}

const names = new Map<string, string>();
/** Searches are composed, so there is no end of texts; what comes beyond these is planned anew each time. */
const MOST_NAMES = 300;

/** Prepared once a connection: the texts are the program's own. */
export function preparedQuery(sql: string, parameters: Parameters): QueryConfig<Value[]> {
  const { text, values } = positional(sql, parameters);
  const name = nameOf(text);
  return name === undefined ? { text, values } : { name, text, values };
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const name = `hearback_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  names.set(text, name);
  return name;
}

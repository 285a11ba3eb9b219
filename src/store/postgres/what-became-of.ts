import { setTimeout as sleep } from 'node:timers/promises';
import { databaseCode } from '../store-error.ts';
import type { Session, Transaction } from './session.ts';

/** The server keeps the state of transactions for as long as anybody could ask (PostgreSQL, 9.27.6 pg_xact_status). */
const STATUS = 'select pg_xact_status(:id::text::xid8) as status';
/** Our former connection may still be there, at work on the commit or waiting for a client that is gone. */
const END_FORMER = `
select pg_terminate_backend(pid) from pg_stat_activity
where pid = :pid and usename = current_user and backend_xid = :id::text::xid8::xid`;
/** The server has not given this number away: after a standby took over that had not heard of it yet, or after a crash. */
const NEVER_SEEN = '22023';
const PAUSE_MS = 50;

interface Asking {
  readonly connected: () => Promise<Session>;
  readonly drop: () => Promise<void>;
  readonly deadline: number;
}

/**
 * What became of a transaction whose commit was sent and not answered.
 * `unknown` when the server cannot be asked before the deadline, or its history is another one now: a standby that took over,
 * and a server that broke down, may give the same id to another transaction. Taken for ours, it would have us answer for what
 * nobody has.
 */
export async function whatBecameOf(
  transaction: Transaction,
  { connected, drop, deadline }: Asking,
): Promise<'kept' | 'not-kept' | 'unknown'> {
  const { id, pid, history } = transaction;
  for (; Date.now() < deadline; await sleep(PAUSE_MS)) {
    try {
      const session = await connected();
      if (session.history !== history) return 'unknown';
      const [row] = await session.all(STATUS, { id });
      if (row?.['status'] === 'committed') return 'kept';
      if (row?.['status'] === 'aborted') return 'not-kept';
      if (row?.['status'] !== 'in progress') return 'unknown';
      await session.all(END_FORMER, { id, pid });
    } catch (thrown) {
      if (databaseCode(thrown) === NEVER_SEEN) return 'unknown';
      await drop();
    }
  }
  return 'unknown';
}

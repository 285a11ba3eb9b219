import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import type { Row } from '../rows/row.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { isConnectionLost } from './connection-lost.ts';
import type { Place } from './place.ts';
import { clientConfig, preparedQuery, type Session, STEADY_PLANS } from './session.ts';

/** Where reads go: to any of a few connections, so that a long one delays neither a commit nor the others. */
export interface ReadingPool {
  /** Reads again on another connection when one is lost. Each statement sees what was committed before it began. */
  read<T>(ask: (session: Asked) => Promise<T>): Promise<T>;
  /** As `read`, but all statements see the record as it was at one moment. */
  snapshot<T>(ask: (session: Asked) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type Asked = Pick<Session, 'all'>;

interface PoolOptions {
  readonly connections: number;
  /** `once`: a statement is planned once for all values. `by-value`: anew for each, where a rare code and a common one want different ways. */
  readonly plans: 'once' | 'by-value';
  readonly patienceMs: number;
}

const READING = '-c default_transaction_read_only=on';
const PLANS = { once: STEADY_PLANS, 'by-value': '-c plan_cache_mode=force_custom_plan' } as const;
const PAUSE_MS = 50;

export function openReadingPool(place: Place, { connections, plans, patienceMs }: PoolOptions): ReadingPool {
  const pool = new Pool({
    ...clientConfig(place, `${READING} ${PLANS[plans]}`),
    max: connections,
    idleTimeoutMillis: 60_000,
  });
  /* An idle connection that is lost is replaced when it is needed; without a listener the process would end. */
  pool.on('error', ignore);

  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (const deadline = Date.now() + patienceMs; ; await sleep(PAUSE_MS)) {
      try {
        return await ask();
      } catch (thrown) {
        if (!isConnectionLost(thrown)) throw asStoreError(thrown);
        if (Date.now() > deadline) throw new StoreError('unreachable', asStoreError(thrown).message);
      }
    }
  };
  return {
    read: (ask) =>
      patiently(() => ask({ all: async (sql, given = {}) => (await pool.query<Row>(preparedQuery(sql, given))).rows })),
    snapshot: (ask) =>
      patiently(async () => {
        const client = await pool.connect();
        /* The pool listens to those that are idle: without a listener of its own the process would end with this connection. What is
           asked of a lost one fails, and is asked again on another. */
        client.on('error', ignore);
        try {
          await client.query('begin isolation level repeatable read');
          const found = await ask(askedOf(client));
          await client.query('commit');
          client.off('error', ignore);
          client.release();
          return found;
        } catch (thrown) {
          /* Thrown away: whatever state it is in. */
          client.release(true);
          throw thrown;
        }
      }),
    close: () => pool.end(),
  };
}

function ignore(): void {}

function askedOf(client: PoolClient): Asked {
  return { all: async (sql, given = {}) => (await client.query<Row>(preparedQuery(sql, given))).rows };
}

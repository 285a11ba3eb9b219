import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Place } from './place.ts';
import { clientConfig } from './session.ts';

/**
 * Tells the other processes that there is work, and hears it from them (LISTEN and NOTIFY), so that one that is idle need not wait
 * for its next look. A ring may be lost, and nothing depends on it: every process looks once a second anyway.
 *
 * The server lets transactions that notify commit only one after another. So rings go by a connection of their own, apart from the
 * transactions that they tell of, without waiting for the disk, and few: one says as much as ten.
 */
export interface Bell {
  /** Soon, once for all that is said until then. */
  ring(): void;
  close(): Promise<void>;
}

const BETWEEN_RINGS_MS = 50;
const PAUSE_MS = 1_000;

/** @param heard called when another process rang, and when rings may have been missed */
export function hangBell(place: Place, heard: () => void): Bell {
  const channel = `hearback_${place.schema}`;
  const name = randomUUID();
  let client: Client | undefined;
  let isClosed = false;
  let isToRing: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new Client(clientConfig(place, '-c synchronous_commit=off'));
    const gone = new Promise<void>((resolve) => next.once('end', () => resolve()));
    next.on('error', () => undefined);
    next.on('notification', ({ payload }) => {
      if (payload !== name) heard();
    });
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
    if (isClosed) await next.end();
    else heard();
    await gone;
    client = undefined;
  };
  const keep = async (): Promise<void> => {
    while (!isClosed) {
      await connect().catch(() => undefined);
      if (!isClosed) await sleep(PAUSE_MS, undefined, { ref: false });
    }
  };
  const keeping = keep();

  return {
    ring() {
      isToRing ??= setTimeout(() => {
        isToRing = undefined;
        client?.query('select pg_notify($1, $2)', [channel, name]).catch(() => undefined);
      }, BETWEEN_RINGS_MS);
    },
    async close() {
      isClosed = true;
      clearTimeout(isToRing);
      await client?.end().catch(() => undefined);
      await keeping;
    },
  };
}

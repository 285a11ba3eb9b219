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
/** Each that is heard makes a claim, which costs the server four statements: with many engines that ring, most would find nothing. */
const BETWEEN_HEARD_MS = 50;
const PAUSE_MS = 1_000;

/** @param onRing called when another process rang, and when rings may have been missed; soon, once for all rings until then */
export function hangBell(place: Place, onRing: () => void): Bell {
  const channel = `hearback_${place.schema}`;
  const name = randomUUID();
  let client: Client | undefined;
  let isClosed = false;
  let isToRing: NodeJS.Timeout | undefined;

  const heard = oncePer(BETWEEN_HEARD_MS, onRing);
  const connect = async (): Promise<void> => {
    const next = new Client(clientConfig(place, '-c synchronous_commit=off'));
    const gone = new Promise<void>((resolve) => next.once('end', () => resolve()));
    next.on('error', () => undefined);
    next.on('notification', ({ payload }) => {
      if (payload !== name) heard.call();
    });
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
    if (isClosed) await next.end();
    else heard.call();
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
      heard.stop();
      await client?.end().catch(() => undefined);
      await keeping;
    },
  };
}

/** Calls at once, and once more for all that is said while it waits: nothing that is said is left without a call after it. */
export function oncePer(ms: number, act: () => void): { call(): void; stop(): void } {
  let waiting: NodeJS.Timeout | undefined;
  let isSaid = false;
  let isOver = false;
  const begin = (): void => {
    isSaid = false;
    waiting = setTimeout(() => {
      waiting = undefined;
      if (isSaid) begin();
    }, ms);
    act();
  };
  return {
    call() {
      isSaid = true;
      if (waiting === undefined && !isOver) begin();
    },
    stop() {
      isOver = true;
      clearTimeout(waiting);
      waiting = undefined;
    },
  };
}

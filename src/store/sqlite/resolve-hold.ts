import type { Work } from '../../core/message.ts';
import type { Changes } from '../../ports-changes.ts';
import type { Row } from '../rows/row.ts';
import { toWork } from '../rows/row-work.ts';
import { StoreError } from '../store-error.ts';
import { applyChanges, isStale } from './apply-changes.ts';
import type { Connection } from './connection.ts';
import { RESOLVE_HOLD } from './statements-hold.ts';
import { REQUEUE_WORK, WORK_OF_HOLD } from './statements-work.ts';
import { removeFromLane } from './work-lanes.ts';

type Resolving = [
  hold: string,
  by: string,
  resolution: string,
  then: 'retry' | 'abandon',
  changes: Changes,
  seen?: readonly number[],
];

/**
 * Closes a hold and gives back, in order, exactly the work that waited on it: ready again, or dropped.
 * @throws StoreError `hold-not-open` when it was resolved before, `stale` when the changes' referral has moved on or other
 * work than was seen waits on it;
 * nothing is changed then.
 */
export function resolveHold(
  connection: Connection,
  now: string,
  ...[hold, by, resolution, then, changes, seen]: Resolving
): Work[] {
  if (isStale(connection, changes)) {
    throw new StoreError('stale', `hold ${hold}: the referral has moved on, read it and decide again`);
  }
  const waiting = connection.all(WORK_OF_HOLD, { hold });
  if (seen !== undefined && !waiting.map(toWork).every(({ seq }) => seen.includes(seq))) {
    throw new StoreError('stale', `hold ${hold}: more work waits on it now, look and decide again`);
  }
  if (connection.run(RESOLVE_HOLD, { id: hold, at: now, by, resolution }) === 0) {
    throw new StoreError('hold-not-open', `hold ${hold} is not open`);
  }
  const work = then === 'retry' ? requeue(connection, waiting) : drop(connection, waiting);
  applyChanges(connection, changes, now);
  return work;
}

function requeue(connection: Connection, waiting: readonly Row[]): Work[] {
  return waiting.map(toWork).flatMap(({ seq }) => connection.all(REQUEUE_WORK, { seq }).map(toWork));
}

function drop(connection: Connection, waiting: readonly Row[]): Work[] {
  const work = waiting.map(toWork);
  for (const one of work) removeFromLane(connection, one);
  return work;
}

import type { Hold } from '../../core/message.ts';
import { text } from '../rows/row.ts';
import { fromHold, toHold } from '../rows/row-hold.ts';
import { fromEntry } from '../rows/row-journal.ts';
import { StoreError } from '../store-error.ts';
import type { Connection } from './connection.ts';
import { HOLD_BY_ID, INSERT_HOLD, INSERT_HOLD_REFERRAL, OPEN_HOLD_BY_KEY } from './statements-hold.ts';
import { INSERT_ENTRY } from './statements-journal.ts';

/**
 * Opens each hold, or joins the one that is already open for the same key and says so in the log.
 * Returns, for each hold's id, the id of the hold that is now open for it.
 */
export function openHolds(connection: Connection, holds: readonly Hold[]): ReadonlyMap<string, string> {
  const openAs = new Map<string, string>();
  for (const hold of holds) {
    const open = openHoldOf(connection, hold.key);
    if (open === undefined) connection.run(INSERT_HOLD, fromHold(hold));
    else noteJoined(connection, hold, open);
    const id = open ?? hold.id;
    if (hold.referral !== undefined) connection.run(INSERT_HOLD_REFERRAL, { referral: hold.referral, hold: id });
    openAs.set(hold.id, id);
  }
  return openAs;
}

/** @throws StoreError `misuse` when there is no such hold. */
export function isHoldOpen(connection: Connection, id: string): boolean {
  const row = connection.all(HOLD_BY_ID, { id })[0];
  if (row === undefined) throw new StoreError('misuse', `hold ${id} is not in the record`);
  return toHold(row).resolvedAt === undefined;
}

function openHoldOf(connection: Connection, key: string): string | undefined {
  const row = connection.all(OPEN_HOLD_BY_KEY, { key })[0];
  return row === undefined ? undefined : text(row, 'id');
}

function noteJoined(connection: Connection, hold: Hold, open: string): void {
  const entry = {
    at: hold.openedAt,
    kind: 'hold.joined',
    actor: 'hearback',
    ...(hold.referral === undefined ? {} : { referral: hold.referral }),
    detail: { hold: open, insteadOf: hold.id },
  };
  connection.run(INSERT_ENTRY, fromEntry(entry));
}

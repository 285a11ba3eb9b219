import type { Work } from '../../core/message.ts';
import type { Changes, WorkOutcome } from '../../ports-changes.ts';
import type { ClaimRequest } from '../../ports-record.ts';
import { ALL_KNOWN, AT_ONCE, toWork } from '../rows/row-work.ts';
import { StoreError } from '../store-error.ts';
import { applyChanges, isStale } from './apply-changes.ts';
import type { Connection } from './connection.ts';
import { isHoldOpen } from './open-holds.ts';
import {
  CLAIM_WORK,
  DELETE_WORK,
  HOLD_WORK,
  PROMOTE_NEXT_IN_LANE,
  PUT_BACK_WORK,
  RECOVER_ALL,
  RECOVER_EXPIRED,
  RENEW_CLAIMS,
  UNSETTLED_CLAIM,
} from './statements-work.ts';

/*
 * A work item's life. It is deleted when done; until then it keeps its place in its lane.
 *
 *   ready --claim--> claimed --commit done-----> (deleted; the next of its lane becomes head)
 *     ^  ^              |  |--commit again-----> ready, not before a time
 *     |  |              |  '--commit held------> held --resolveHold retry---> ready
 *     |  '--recover-----'                         '-----resolveHold abandon-> (deleted)
 *     '-- interrupted = 1, and it stays so until a person resolves a hold of it
 */

export function claim(connection: Connection, _now: string, request: ClaimRequest): Work[] {
  const rows = connection.all(CLAIM_WORK, {
    worker: request.worker,
    now: request.now,
    until: later(request.now, request.leaseMs),
    kinds: JSON.stringify(request.kinds),
    notPartners: JSON.stringify(request.notPartners),
    known: JSON.stringify(request.known?.partners ?? []),
    strangersDueBefore: request.known?.strangersDueBefore ?? ALL_KNOWN,
    limit: request.limit,
  });
  /* `returning` promises no order. */
  return rows.map(toWork).sort((a, b) => a.seq - b.seq);
}

/**
 * Applies what a step decided and settles its work.
 * @throws StoreError `claim-lost` when the work was settled already, or another worker has claimed it since.
 */
export function commit(
  connection: Connection,
  now: string,
  ...[work, outcome, changes]: [Work, WorkOutcome, Changes]
): 'committed' | 'stale' {
  const { seq, attempts } = work;
  if (connection.all(UNSETTLED_CLAIM, { seq, attempts }).length === 0) {
    throw new StoreError('claim-lost', `work ${seq} is no longer claimed by the one who wants to settle it`);
  }
  if (isStale(connection, changes)) return 'stale';
  settle(connection, work, outcome, applyChanges(connection, changes, now));
  return 'committed';
}

export function recover(connection: Connection, _now: string, before: string, everything: boolean): number {
  return everything ? connection.run(RECOVER_ALL) : connection.run(RECOVER_EXPIRED, { now: before });
}

export function renew(connection: Connection, _now: string, worker: string, until: string): void {
  connection.run(RENEW_CLAIMS, { worker, until });
}

/** Takes work out of its lane for good and lets the next one come to the head. */
export function removeFromLane(connection: Connection, work: Work): void {
  connection.run(DELETE_WORK, { seq: work.seq });
  connection.run(PROMOTE_NEXT_IN_LANE, { lane: work.lane });
}

function settle(connection: Connection, work: Work, outcome: WorkOutcome, openAs: ReadonlyMap<string, string>): void {
  if (outcome.kind === 'done') removeFromLane(connection, work);
  else if (outcome.kind === 'again') putBack(connection, work, outcome.notBefore, outcome.why);
  else waitFor(connection, work, openAs.get(outcome.hold) ?? outcome.hold);
}

function waitFor(connection: Connection, work: Work, hold: string): void {
  if (isHoldOpen(connection, hold)) connection.run(HOLD_WORK, { seq: work.seq, hold });
  /* A person resolved it while the step was deciding: nobody would ever wake this work again. */ else
    putBack(connection, work, AT_ONCE, 'the hold was resolved meanwhile');
}

function putBack(connection: Connection, work: Work, notBefore: string, why: string): void {
  connection.run(PUT_BACK_WORK, { seq: work.seq, notBefore, why });
}

function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}

import type { Work } from '../../core/message.ts';
import type { ClaimRequest } from '../../ports-record.ts';
import { ALL_KNOWN, toWork } from '../rows/row-work.ts';
import type { LeaseClock } from './lease-clock.ts';
import type { Line } from './line.ts';
import { CLAIM_WORK, RECOVER_ALL, RECOVER_EXPIRED, RENEW_CLAIMS } from './statements-work.ts';

/*
 * A work item's life. It is deleted when done; until then it keeps its place in its lane.
 *
 *   ready --claim--> claimed --commit done-----> (deleted; the next of its lane becomes head)
 *     ^  ^              |  |--commit again-----> ready, not before a time
 *     |  |              |  '--commit held------> held --resolveHold retry---> ready
 *     |  '--recover-----'                         '-----resolveHold abandon-> (deleted)
 *     '-- interrupted = 1, and it stays so until a person resolves a hold of it
 *
 * These three take no locks by name and wait for nobody: what another process is busy with, they pass over.
 */
export interface WorkLanes {
  claim(request: ClaimRequest): Promise<Work[]>;
  recover(now: string, everything: boolean): Promise<number>;
  renew(worker: string, until: string): Promise<void>;
}

export function newWorkLanes(line: Line, leases: LeaseClock): WorkLanes {
  return {
    claim: ({ worker, now, leaseMs, kinds, notPartners, known, limit }) =>
      line.transaction({
        locks: [],
        decide: async (session) => {
          const until = await leases.toServer(session, new Date(Date.parse(now) + leaseMs).toISOString());
          const rows = await session.all(CLAIM_WORK, {
            ...{ worker, now, until, kinds, notPartners, limit },
            known: known?.partners ?? [],
            strangersDueBefore: known?.strangersDueBefore ?? ALL_KNOWN,
          });
          /* `returning` promises no order. */
          return { value: rows.map(toWork).sort((one, other) => one.seq - other.seq), write: [] };
        },
      }),
    recover: (now, everything) =>
      line.transaction({
        locks: [],
        decide: async (session) => {
          const sql = everything ? RECOVER_ALL : RECOVER_EXPIRED;
          const { rows } = await session.run({ sql, parameters: { now: await leases.toServer(session, now) } });
          return { value: rows, write: [] };
        },
      }),
    renew: (worker, until) =>
      line.transaction({
        locks: [],
        decide: async (session) => {
          const parameters = { worker, until: await leases.toServer(session, until) };
          return { value: undefined, write: [{ sql: RENEW_CLAIMS, parameters }] };
        },
      }),
  };
}

import type { WholeRecord } from '../whole-record.ts';
import { applyChanges, isStale } from './apply-changes.ts';
import { changeConsole } from './change-console.ts';
import type { Connection } from './connection.ts';
import { seal } from './log-operations.ts';
import { prune } from './prune.ts';
import { receive } from './receive.ts';
import { resolveHold } from './resolve-hold.ts';
import { claim, commit, recover, renew } from './work-lanes.ts';

export type WriteName =
  | 'receive'
  | 'claim'
  | 'commit'
  | 'apply'
  | 'resolveHold'
  | 'recover'
  | 'renew'
  | 'changeConsole'
  | 'seal'
  | 'prune';

/** What each write of the port does, inside a transaction; `now` is the caller's clock when it asked. */
type WriteOperations = {
  readonly [N in WriteName]: (
    connection: Connection,
    now: string,
    ...asked: Parameters<WholeRecord[N]>
  ) => Awaited<ReturnType<WholeRecord[N]>>;
};

export const WRITE_OPERATIONS: WriteOperations = {
  receive,
  claim,
  commit,
  apply: (connection, now, changes) => {
    if (isStale(connection, changes)) return 'stale';
    applyChanges(connection, changes, now);
    return 'committed';
  },
  resolveHold,
  recover,
  renew,
  changeConsole,
  seal,
  prune,
};

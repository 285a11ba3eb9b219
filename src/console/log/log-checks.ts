import type { LogFault } from '../../core/seal/log-fault.ts';
import type { Clock, Log } from '../../ports.ts';
import type { ConsoleRecord } from '../../ports-console.ts';
import type { LogDesk, WholeLogFigures } from '../engine-desk.ts';
import { actorOf, type ConsoleUser } from '../session/console-user.ts';
import type { Shelf } from '../session/shelf.ts';

/** How a verification stands. It lies on the shelf of whoever asked for it, so that any engine can answer for it. */
export type LogCheck =
  | {
      readonly kind: 'running';
      readonly startedAt: string;
      readonly seenAt: string;
      readonly entries: number;
      readonly of: number;
    }
  | { readonly kind: 'whole'; readonly startedAt: string; readonly endedAt: string; readonly figures: WholeLogFigures }
  | { readonly kind: 'wrong'; readonly startedAt: string; readonly endedAt: string; readonly fault: LogFault }
  /** The engine could not: it says why in its operational log. */
  | { readonly kind: 'failed'; readonly startedAt: string; readonly endedAt: string }
  /** Of the last one: there was none since this engine began. */
  | { readonly kind: 'none' };

/** In the place of a name: the last verification that this engine did, whoever asked for it. */
const LAST = 'last';

export interface LogChecks {
  /** Begins to verify the log behind the pages' backs; gives its name, or undefined while this engine verifies already. */
  begin(asked: { readonly user: ConsoleUser; readonly shelf: Shelf }): Promise<string | undefined>;
  find(shelf: Shelf, id: string): Promise<LogCheck | undefined>;
}

const KIND = 'verification';
const KEPT_MS = 3_600_000;
/** Between two notes of how far it is. */
const NOTE_MS = 1_000;

interface Given {
  readonly desk: Pick<LogDesk, 'verifyLog' | 'sealed'>;
  readonly record: Pick<ConsoleRecord, 'changeConsole'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function newLogChecks({ desk, record, clock, log }: Given): LogChecks {
  let isBusy = false;
  let last: LogCheck = { kind: 'none' };
  const now = () => clock.now().toISOString();
  const run = async (id: string, startedAt: string, { user, shelf }: Parameters<LogChecks['begin']>[0]) => {
    const keep = (check: LogCheck) => {
      last = check;
      return shelf.put(`${KIND}:${id}`, check, KEPT_MS);
    };
    const note = (outcome: string, detail: Readonly<Record<string, number | string>>) =>
      record.changeConsole({
        journal: [
          { at: now(), kind: 'log.verified', actor: actorOf(user), detail: { by: 'console', outcome, ...detail } },
        ],
      });
    const { size: of } = await desk.sealed();
    let noted = 0;
    const verdict = await desk.verifyLog((entries) => {
      const time = Date.now();
      if (time - noted < NOTE_MS) return;
      noted = time;
      void keep({ kind: 'running', startedAt, seenAt: now(), entries, of }).catch(() => undefined);
    });
    if ('kind' in verdict) {
      await note(verdict.kind, { ...(verdict.seq !== undefined && { seq: verdict.seq }) });
      return keep({ kind: 'wrong', startedAt, endedAt: now(), fault: verdict });
    }
    await note('whole', { entries: verdict.entries, bodies: verdict.bodies });
    return keep({ kind: 'whole', startedAt, endedAt: now(), figures: verdict });
  };
  return {
    async begin(asked) {
      if (isBusy) return undefined;
      isBusy = true;
      const startedAt = now();
      try {
        const running: LogCheck = { kind: 'running', startedAt, seenAt: startedAt, entries: 0, of: 0 };
        const id = await asked.shelf.putAway(KIND, running, KEPT_MS);
        void run(id, startedAt, asked)
          .catch((fault: unknown) => {
            log.error('console.verification-failed', { fault: fault instanceof Error ? fault.name : typeof fault });
            return asked.shelf.put(`${KIND}:${id}`, { kind: 'failed', startedAt, endedAt: now() }, KEPT_MS);
          })
          .catch(() => undefined)
          .finally(() => {
            isBusy = false;
          });
        return id;
      } catch (fault) {
        isBusy = false;
        throw fault;
      }
    },
    find: async (shelf, id) => (id === LAST ? last : ((await shelf.find(KIND, id)) as LogCheck | undefined)),
  };
}

import type { Work } from '../../core/message.ts';
import type { Changes } from '../../ports-changes.ts';
import { optionalText, text } from '../rows/row.ts';
import { toWork } from '../rows/row-work.ts';
import { StoreError } from '../store-error.ts';
import { isStale, write } from './decide-step.ts';
import { lookUp } from './facts.ts';
import type { Line } from './line.ts';
import { laneLock, lockNumbers } from './lock-names.ts';
import { RowsToWrite } from './rows-to-write.ts';
import type { Session, Statement } from './session.ts';
import { HOLD_TO_RESOLVE, RESOLVE_HOLD } from './statements-hold.ts';
import { REQUEUE_WORK, WORK_OF_HOLD, WORK_OF_HOLD_TO_RESOLVE } from './statements-work.ts';
import { locksOfChanges } from './step.ts';

export interface Resolving {
  readonly hold: string;
  readonly by: string;
  readonly resolution: string;
  readonly then: 'retry' | 'abandon';
  readonly changes: Changes;
  readonly seen?: readonly number[] | undefined;
  readonly now: string;
}

/**
 * Closes a hold and gives back, in order, exactly the work that waited on it: ready again, or dropped.
 * @throws StoreError `hold-not-open` when it was resolved before, `stale` when the changes' referral has moved on or other
 * work than was seen waits on it;
 * nothing is changed then.
 */
export async function resolveHold(resolving: Resolving, line: Line, schema: string): Promise<Work[]> {
  /* Which lanes are concerned is known only when the work is; more may come to wait until the hold is ours. */
  for (let lanes = await lanesOf(resolving, line); ; lanes = await lanesOf(resolving, line)) {
    const done = await line.transaction({
      locks: lockNumbers([...lanes].map(laneLock).concat(locksOfChanges(resolving.changes)), schema),
      decide: (session) => decide(resolving, lanes, session),
    });
    if (done !== 'more') return done;
  }
}

async function lanesOf({ hold, then }: Resolving, line: Line): Promise<ReadonlySet<string>> {
  if (then === 'retry') return new Set();
  return line.transaction({
    locks: [],
    decide: async (session) => {
      const rows = await session.all(WORK_OF_HOLD, { hold });
      return { value: new Set(rows.map((row) => text(row, 'lane'))), write: [] };
    },
  });
}

interface Decided {
  readonly value: Work[] | 'more';
  readonly write: readonly Statement[];
}

async function decide(resolving: Resolving, lanes: ReadonlySet<string>, session: Session): Promise<Decided> {
  const { hold, by, resolution, then, changes, seen, now } = resolving;
  const facts = await lookUp(session, [{ kind: 'apply', changes, now }]);
  if (isStale(changes, facts)) {
    throw new StoreError('stale', `hold ${hold}: the referral has moved on, read it and decide again`);
  }
  const [found] = await session.all(HOLD_TO_RESOLVE, { id: hold });
  /* From here on nothing more comes to wait on it: whoever wants to must read the hold first. */
  const waiting = (await session.all(WORK_OF_HOLD_TO_RESOLVE, { hold })).map(toWork);
  if (seen !== undefined && !waiting.every(({ seq }) => seen.includes(seq))) {
    throw new StoreError('stale', `hold ${hold}: more work waits on it now, look and decide again`);
  }
  if (found === undefined || optionalText(found, 'resolved_at') !== undefined)
    throw new StoreError('hold-not-open', `hold ${hold} is not open`);
  if (then === 'abandon' && waiting.some(({ lane }) => !lanes.has(lane))) return { value: 'more', write: [] };

  const rows = new RowsToWrite();
  write(changes, now, facts, rows);
  if (then === 'abandon') for (const work of waiting) rows.done(work);
  const seqs = waiting.map(({ seq }) => seq);
  return {
    value: then === 'abandon' ? waiting : waiting.map((work) => ({ ...work, interrupted: false })),
    write: [
      { sql: RESOLVE_HOLD, parameters: { id: hold, at: now, by, resolution } },
      ...(then === 'retry' && seqs.length > 0 ? [{ sql: REQUEUE_WORK, parameters: { seqs } }] : []),
      ...rows.statements(),
    ],
  };
}

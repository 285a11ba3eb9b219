import { setTimeout as sleep } from 'node:timers/promises';
import { text } from '../rows/row.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { isConnectionLost, isToBeRepeated } from './connection-lost.ts';
import { TAKE_LOCKS } from './lock-names.ts';
import type { Session, Statement, Transaction } from './session.ts';
import { whatBecameOf } from './what-became-of.ts';

/** What one transaction does. Begun anew when it has to be: it must decide from nothing but what it looked at. */
export interface Task<T> {
  /** Numbers of the advisory locks to take before anything is looked at. */
  readonly locks: readonly string[];
  /** Looks, and decides what to write. Whatever it throws undoes the transaction and is thrown on. */
  decide(session: Session): Promise<{ readonly value: T; readonly write: readonly Statement[] }>;
}

/**
 * A line to the database: one connection, on which one transaction runs after another. Made again when it is lost.
 *
 *   begin, locks, looks ──▶ decide ──▶ writes, commit ──▶ answered: kept
 *        │ lost: nothing was kept          │ lost: in doubt
 *        └──────▶ again ◀── it was not ────┴──▶ the server is asked what became of it ──▶ it was kept
 *
 * So a restart of the server only takes time; nothing that was kept is reported as not kept, nor the other way.
 */
export interface Line {
  /**
   * Resolves when the transaction is on disk. Rejects with a StoreError: with `in-doubt` when it could not be learnt in time
   * whether it was kept, and with anything else when it was not: with `unreachable` when there was no connection in time.
   */
  transaction<T>(task: Task<T>): Promise<T>;
  /** After what was asked before. */
  close(): Promise<void>;
}

interface LineOptions {
  /** Opened already, so that whoever starts is told at once what is wrong. */
  readonly first: Session;
  readonly open: () => Promise<Session>;
  /** How long a transaction may try to come through, connections included. Milliseconds. */
  readonly patienceMs: number;
}

const THIS_TRANSACTION = 'select pg_current_xact_id()::text as id';
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
const LONGEST_END_MS = 1_000;

export function newLine({ first, open, patienceMs }: LineOptions): Line {
  let session: Session | undefined = first;
  let queue: Promise<unknown> = Promise.resolve();

  const connected = async (): Promise<Session> => {
    if (session?.isLost === true) await drop();
    session ??= await open();
    return session;
  };
  const drop = async (): Promise<void> => {
    const gone = session;
    session = undefined;
    /* One that hears nothing any more may not hear this either. */
    if (gone !== undefined) await Promise.race([gone.end().catch(() => undefined), sleep(LONGEST_END_MS)]);
  };

  /** What came of an attempt, or `undefined` when it is to be made again. */
  const concluded = async <T>(attempt: Attempt<T>, deadline: number): Promise<{ readonly value: T } | undefined> => {
    switch (attempt.kind) {
      case 'kept':
        return attempt;
      case 'failed':
        throw asStoreError(attempt.thrown);
      case 'again':
        return undefined;
      case 'lost':
        await drop();
        return undefined;
      case 'in-doubt': {
        await drop();
        const until = Math.max(deadline, Date.now() + patienceMs);
        const became = await whatBecameOf(attempt.transaction, { connected, drop, deadline: until });
        if (became === 'unknown') throw inDoubt();
        return became === 'kept' ? attempt : undefined;
      }
    }
  };
  const run = async <T>(task: Task<T>, deadline: number): Promise<T> => {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const attempt = await attempted(task, connected);
      const conclusion = await concluded(attempt, deadline);
      if (conclusion !== undefined) return conclusion.value;
      if (Date.now() + pause > deadline) throw unreachable(attempt);
      await sleep(pause);
    }
  };

  return {
    transaction: (task) => {
      const deadline = Date.now() + patienceMs;
      const result = queue.then(() => run(task, deadline));
      queue = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await queue;
      await drop();
    },
  };
}

type Attempt<T> =
  | { readonly kind: 'kept'; readonly value: T }
  /** The connection was lost before the end was asked for: the server has undone it. */
  | { readonly kind: 'lost'; readonly thrown: unknown }
  | { readonly kind: 'in-doubt'; readonly value: T; readonly transaction: Transaction; readonly thrown: unknown }
  | { readonly kind: 'again'; readonly thrown: unknown }
  | { readonly kind: 'failed'; readonly thrown: unknown };

async function attempted<T>(task: Task<T>, connected: () => Promise<Session>): Promise<Attempt<T>> {
  let session: Session;
  try {
    session = await connected();
  } catch (thrown) {
    /* Whatever it is (starting, a standby that is taking over): it may be over in a moment. */
    return { kind: 'lost', thrown };
  }
  let decided: { readonly value: T; readonly write: readonly Statement[] };
  let transaction: Transaction;
  try {
    const begun = begin(session, task.locks);
    const deciding = task.decide(session);
    const [id, answer] = valuesOf(await Promise.allSettled([begun, deciding]));
    decided = answer;
    transaction = { id, pid: session.pid, history: session.history };
  } catch (thrown) {
    return undone(session, thrown);
  }
  return ended(session, decided, transaction);
}

/** Sent in one go with what is looked at first. The id is given here, so that the server can be asked about it later. */
async function begin(session: Session, locks: readonly string[]): Promise<string> {
  const sent = [session.all('begin'), session.all(THIS_TRANSACTION)];
  if (locks.length > 0) sent.push(session.all(TAKE_LOCKS, { numbers: locks }));
  const [, [row = {}] = []] = valuesOf(await Promise.allSettled(sent));
  return text(row, 'id');
}

async function ended<T>(
  session: Session,
  { value, write }: { readonly value: T; readonly write: readonly Statement[] },
  transaction: Transaction,
): Promise<Attempt<T>> {
  const writes = write.map((statement) => session.run(statement));
  const commit = session.run({ sql: 'commit' });
  const [end, ...written] = await Promise.allSettled([commit, ...writes]);
  const failed = written.find((one): one is PromiseRejectedResult => one.status === 'rejected');
  if (failed !== undefined && !isConnectionLost(failed.reason)) {
    /* A failed statement makes a rollback of the commit behind it. */
    return isToBeRepeated(failed.reason)
      ? { kind: 'again', thrown: failed.reason }
      : { kind: 'failed', thrown: failed.reason };
  }
  if (end.status === 'fulfilled') {
    if (end.value.command === 'COMMIT') return { kind: 'kept', value };
    return { kind: 'failed', thrown: new StoreError('database', 'the database undid the transaction') };
  }
  if (isConnectionLost(end.reason)) return { kind: 'in-doubt', value, transaction, thrown: end.reason };
  return isToBeRepeated(end.reason) ? { kind: 'again', thrown: end.reason } : { kind: 'failed', thrown: end.reason };
}

async function undone<T>(session: Session, thrown: unknown): Promise<Attempt<T>> {
  if (isConnectionLost(thrown) || session.isLost) return { kind: 'lost', thrown };
  try {
    await session.run({ sql: 'rollback' });
  } catch (lost) {
    return { kind: 'lost', thrown: lost };
  }
  return isToBeRepeated(thrown) ? { kind: 'again', thrown } : { kind: 'failed', thrown };
}

/** None may be left to fail unheard; the first failure counts, the others follow from it. */
function valuesOf<T extends readonly unknown[]>(settled: { [K in keyof T]: PromiseSettledResult<T[K]> }): T {
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  }) as unknown as T;
}

function inDoubt(): StoreError {
  return new StoreError(
    'in-doubt',
    'the connection was lost while the changes were being committed, and the database could not be asked in time whether they were',
  );
}

function unreachable(attempt: Attempt<unknown>): StoreError {
  const why = 'thrown' in attempt ? `: ${asStoreError(attempt.thrown).message}` : '';
  return new StoreError(attempt.kind === 'lost' ? 'unreachable' : 'database', `nothing was written${why}`);
}

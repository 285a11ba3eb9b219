import type { ConsoleChanges } from '../../ports-console.ts';
import { type Bindings, integer, type Row } from '../rows/row.ts';
import { fromAccount, fromAttempts, fromKept, fromProposal, fromSession } from '../rows/row-console.ts';
import type { Line } from './line.ts';
import { lockNumbers } from './lock-names.ts';
import { RowsToWrite } from './rows-to-write.ts';
import type { Session, Statement } from './session.ts';
import {
  ACCOUNT_BY_NAME,
  ATTEMPTS_BY_KEY,
  END_SESSION,
  END_SESSIONS_OF_USER,
  FORGET_IN_SESSION,
  INSERT_SESSION,
  KEEP_IN_SESSION,
  PROPOSAL_BY_SUBJECT,
  SEE_SESSION,
  SWEEP,
  UPSERT_ACCOUNT,
  UPSERT_ATTEMPTS,
  UPSERT_PROPOSAL,
} from './statements-console.ts';

/** See `ConsoleRecord.changeConsole`: a transaction of its own, since a person waits for it and there are few. */
export function changeConsole(changes: ConsoleChanges, line: Line, schema: string): Promise<'committed' | 'stale'> {
  return line.transaction({
    locks: lockNumbers(locksOf(changes), schema),
    decide: async (session) =>
      (await isStale(session, changes))
        ? { value: 'stale' as const, write: [] }
        : { value: 'committed' as const, write: statementsOf(changes) },
  });
}

/** Rows that may not be there yet: two must not both make the first version. */
function locksOf({ account, proposal, attempts = [] }: ConsoleChanges): string[] {
  const accounts = account === undefined ? [] : [`console account\n${account.next.name}`];
  const proposals = proposal === undefined ? [] : [`console proposal\n${proposal.next.subject}`];
  return [...accounts, ...proposals, ...attempts.map(({ next }) => `console attempts\n${next.key}`)];
}

async function isStale(session: Session, { account, proposal, attempts = [] }: ConsoleChanges): Promise<boolean> {
  const found = [
    ...(account === undefined ? [] : [{ ...account, rows: session.all(ACCOUNT_BY_NAME, { name: account.next.name }) }]),
    ...(proposal === undefined
      ? []
      : [{ ...proposal, rows: session.all(PROPOSAL_BY_SUBJECT, { subject: proposal.next.subject }) }]),
    ...attempts.map((one) => ({ ...one, rows: session.all(ATTEMPTS_BY_KEY, { key: one.next.key }) })),
  ];
  const versions = await Promise.all(found.map(async ({ rows }) => versionOf(await rows)));
  return found.some(({ ifVersion }, position) => versions[position] !== ifVersion);
}

function versionOf([row]: readonly Row[]): number | 'new' {
  return row === undefined ? 'new' : integer(row, 'version');
}

function statementsOf(changes: ConsoleChanges): Statement[] {
  const {
    account,
    proposal,
    attempts = [],
    opened,
    seen,
    ended = [],
    endedOf,
    kept = [],
    forgotten = [],
    sweep,
  } = changes;
  const entries = new RowsToWrite();
  for (const entry of changes.journal) entries.entry(entry);
  const each = (sql: string, rows: readonly Bindings[]) => rows.map((parameters) => ({ sql, parameters }));
  return [
    /* First what is over: a session that is opened now must not meet one that ended. */
    ...(sweep === undefined ? [] : SWEEP.map((sql) => ({ sql, parameters: { before: sweep } }))),
    ...each(UPSERT_ACCOUNT, account === undefined ? [] : [fromAccount(account.next)]),
    ...each(UPSERT_PROPOSAL, proposal === undefined ? [] : [fromProposal(proposal.next)]),
    ...each(
      UPSERT_ATTEMPTS,
      attempts.map(({ next }) => fromAttempts(next)),
    ),
    ...each(END_SESSIONS_OF_USER, endedOf === undefined ? [] : [{ user: endedOf }]),
    ...each(
      END_SESSION,
      ended.map((id) => ({ id })),
    ),
    ...each(INSERT_SESSION, opened === undefined ? [] : [fromSession(opened)]),
    ...each(SEE_SESSION, seen === undefined ? [] : [{ ...seen }]),
    ...each(
      FORGET_IN_SESSION,
      forgotten.map(({ session, key }) => ({ session, key })),
    ),
    ...each(KEEP_IN_SESSION, kept.map(fromKept)),
    ...entries.statements(),
  ];
}

import type { ConsoleChanges } from '../../ports-console.ts';
import { integer, type Row } from '../rows/row.ts';
import { fromAccount, fromAttempts, fromKept, fromProposal, fromSession } from '../rows/row-console.ts';
import { writeEntry } from './apply-changes.ts';
import type { Connection } from './connection.ts';
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

/** See `ConsoleRecord.changeConsole`. Stands in a transaction; a throw undoes all of it. */
export function changeConsole(connection: Connection, _now: string, changes: ConsoleChanges): 'committed' | 'stale' {
  if (isStale(connection, changes)) return 'stale';
  const { account, proposal, attempts = [], journal } = changes;
  /* First what is over: a session that is opened now must not meet one that ended. */
  if (changes.sweep !== undefined) for (const sql of SWEEP) connection.run(sql, { before: changes.sweep });
  if (account !== undefined) connection.run(UPSERT_ACCOUNT, fromAccount(account.next));
  if (proposal !== undefined) connection.run(UPSERT_PROPOSAL, fromProposal(proposal.next));
  for (const { next } of attempts) connection.run(UPSERT_ATTEMPTS, fromAttempts(next));
  ofSessions(connection, changes);
  for (const entry of journal) writeEntry(connection, entry);
  return 'committed';
}

function ofSessions(connection: Connection, changes: ConsoleChanges): void {
  const { opened, seen, ended = [], endedOf, kept = [], forgotten = [] } = changes;
  if (endedOf !== undefined) connection.run(END_SESSIONS_OF_USER, { user: endedOf });
  for (const id of ended) connection.run(END_SESSION, { id });
  if (opened !== undefined) connection.run(INSERT_SESSION, fromSession(opened));
  if (seen !== undefined) connection.run(SEE_SESSION, seen);
  for (const { session, key } of forgotten) connection.run(FORGET_IN_SESSION, { session, key });
  for (const one of kept) connection.run(KEEP_IN_SESSION, fromKept(one));
}

function isStale(connection: Connection, { account, proposal, attempts = [] }: ConsoleChanges): boolean {
  if (proposal !== undefined) {
    const { ifVersion, next } = proposal;
    if (versionOf(connection.all(PROPOSAL_BY_SUBJECT, { subject: next.subject })) !== ifVersion) return true;
  }
  if (account !== undefined) {
    const { ifVersion, next } = account;
    if (versionOf(connection.all(ACCOUNT_BY_NAME, { name: next.name })) !== ifVersion) return true;
  }
  return attempts.some(
    ({ ifVersion, next }) => versionOf(connection.all(ATTEMPTS_BY_KEY, { key: next.key })) !== ifVersion,
  );
}

function versionOf([row]: readonly Row[]): number | 'new' {
  return row === undefined ? 'new' : integer(row, 'version');
}

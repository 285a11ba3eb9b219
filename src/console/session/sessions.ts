import type { JournalEntry } from '../../ports-changes.ts';
import type { ConsoleChanges, ConsoleRecord, ConsoleSession, Standing } from '../../ports-console.ts';
import type { ConsoleRules } from '../console-parts.ts';
import { actorOf } from './console-user.ts';
import { digestOf, newSecret } from './secret.ts';

type Rules = Pick<ConsoleRules, 'idleMs' | 'limitMs'>;

/** Writing that somebody is still there costs a commit; so often is often enough. Part of the idle time. */
const SEEN_EVERY = 15;

/** A session that begins: what the browser is to hold, and what the record gets, in one transaction with the rest of a sign-in. */
export function beginSession(
  user: Standing & { readonly name: string; readonly account?: number },
  now: Date,
  { limitMs }: Rules,
): { readonly secret: string; readonly changes: Pick<ConsoleChanges, 'opened' | 'sweep'> } {
  const secret = newSecret();
  const at = now.toISOString();
  const opened: ConsoleSession = {
    id: digestOf(secret),
    user: user.name,
    ...(user.account !== undefined && { account: user.account }),
    roles: user.roles,
    ...(user.partners !== undefined && { partners: user.partners }),
    openedAt: at,
    seenAt: at,
    endsAt: new Date(now.getTime() + limitMs).toISOString(),
  };
  return { secret, changes: { opened, sweep: at } };
}

/** The session that a browser holds the secret of, seen now; undefined when there is none, or it is over. */
export async function sessionOf(
  secret: string | undefined,
  { record, now, rules }: { readonly record: ConsoleRecord; readonly now: Date; readonly rules: Rules },
): Promise<ConsoleSession | undefined> {
  if (secret === undefined) return undefined;
  const session = await record.consoleSession(digestOf(secret));
  if (session === undefined) return undefined;
  const over = await whyOver(session, { record, now, rules });
  if (over !== undefined) {
    await record.changeConsole({ ended: [session.id], journal: [ended(session, over, now)] });
    return undefined;
  }
  if (now.getTime() - Date.parse(session.seenAt) > rules.idleMs / SEEN_EVERY) {
    await record.changeConsole({ seen: { session: session.id, at: now.toISOString() }, journal: [] });
  }
  return session;
}

type Over = 'idle' | 'limit' | 'account-changed' | 'signed-out';

async function whyOver(
  session: ConsoleSession,
  { record, now, rules }: { readonly record: ConsoleRecord; readonly now: Date; readonly rules: Rules },
): Promise<Over | undefined> {
  if (Date.parse(session.endsAt) <= now.getTime()) return 'limit';
  if (now.getTime() - Date.parse(session.seenAt) > rules.idleMs) return 'idle';
  if (session.account === undefined) return undefined;
  const account = await record.consoleAccount(session.user);
  // Whoever changes an account ends what it began: a password that was reset, a role that was taken away.
  return account?.version === session.account && !account.disabled ? undefined : 'account-changed';
}

/** Ends it, and writes that down. */
export async function endSession(session: ConsoleSession, record: ConsoleRecord, now: Date): Promise<void> {
  await record.changeConsole({ ended: [session.id], journal: [ended(session, 'signed-out', now)] });
}

function ended({ user }: ConsoleSession, why: Over, now: Date): JournalEntry {
  return { at: now.toISOString(), kind: 'user.signed-out', actor: actorOf({ name: user }), detail: { how: why } };
}

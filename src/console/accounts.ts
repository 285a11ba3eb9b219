import type { JournalEntry } from '../ports-changes.ts';
import { CONSOLE_ROLES, type ConsoleAccount, type ConsoleRecord, type Standing } from '../ports-console.ts';
import { hashPassword, passwordFlaw } from './sign-in/password.ts';

/** Small letters, so that nobody has to remember which. */
export const ACCOUNT_NAME = /^[a-z][a-z0-9._-]{1,63}$/;

/** What is asked for cannot be: a sentence with what to do about it. */
export class AccountRefused extends Error {}

/** Who changes accounts, and when. */
export interface AccountChange {
  readonly record: ConsoleRecord;
  readonly by: string;
  readonly now: Date;
}

export interface NewAccount extends Standing {
  readonly name: string;
  readonly password: string;
}

/** @throws AccountRefused when there is one of that name, or the name, the roles or the password will not do */
export async function addAccount(account: NewAccount, { record, by, now }: AccountChange): Promise<void> {
  const { name, password, roles, partners } = account;
  if (!ACCOUNT_NAME.test(name)) {
    throw new AccountRefused(
      'The name of an account has 2 to 64 small letters, digits, dots, hyphens and underscores, and begins with a letter.',
    );
  }
  if (roles.length === 0) throw new AccountRefused(`Give the account at least one role: ${CONSOLE_ROLES.join(', ')}.`);
  const at = now.toISOString();
  const next: ConsoleAccount = {
    name,
    version: 1,
    roles,
    ...(partners !== undefined && { partners }),
    password: await hashed(password, name),
    disabled: false,
    createdAt: at,
    changedAt: at,
  };
  const detail = {
    user: name,
    roles: roles.join(' '),
    ...(partners !== undefined && { partners: partners.join(' ') }),
  };
  const journal: JournalEntry[] = [{ at, kind: 'account.added', actor: by, detail }];
  if ((await record.changeConsole({ account: { ifVersion: 'new', next }, journal })) === 'stale') {
    throw new AccountRefused(`There is an account ${name} already: disable it, or reset its password.`);
  }
}

/** Disables an account; its sessions are over. @throws AccountRefused when there is none of that name */
export async function disableAccount(name: string, change: AccountChange): Promise<void> {
  await changeAccount(name, 'account.disabled', (account) => ({ ...account, disabled: true }), change);
}

/** Gives an account a new password and makes it usable again; its sessions are over. @throws AccountRefused as `addAccount` */
export async function resetAccount(name: string, password: string, change: AccountChange): Promise<void> {
  const kept = await hashed(password, name);
  await changeAccount(name, 'account.reset', (account) => ({ ...account, password: kept, disabled: false }), change);
}

async function changeAccount(
  name: string,
  kind: string,
  changed: (account: ConsoleAccount) => ConsoleAccount,
  { record, by, now }: AccountChange,
): Promise<void> {
  const at = now.toISOString();
  for (;;) {
    const account = await record.consoleAccount(name);
    if (account === undefined) throw new AccountRefused(`There is no account ${name}.`);
    const next = { ...changed(account), version: account.version + 1, changedAt: at };
    const journal: JournalEntry[] = [{ at, kind, actor: by, detail: { user: name } }];
    const done = await record.changeConsole({ account: { ifVersion: account.version, next }, endedOf: name, journal });
    if (done === 'committed') return;
  }
}

async function hashed(password: string, name: string): Promise<string> {
  const flaw = passwordFlaw(password, name);
  if (flaw !== undefined) throw new AccountRefused(`${flaw} Take a longer one that nobody can guess.`);
  return hashPassword(password);
}

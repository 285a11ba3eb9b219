import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { addAccount } from '../../../src/console/accounts.ts';
import { CONSOLE_ROLES, type ConsoleRole } from '../../../src/ports-console.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';

export interface DemoAccount {
  readonly name: string;
  readonly role: ConsoleRole;
  /** Random, and nowhere else than on this screen. */
  readonly password: string;
}

/** An account for each role of the console, made beside the running engine as `hearback console account add` does. */
export async function openDemoAccounts(config: string): Promise<DemoAccount[]> {
  const record = await openSqliteStore({ file: join(dirname(config), 'hearback.db'), worker: false });
  try {
    const accounts = CONSOLE_ROLES.map((role) => ({
      name: role,
      role,
      password: randomBytes(12).toString('base64url'),
    }));
    for (const { name, role, password } of accounts) {
      await addAccount({ name, password, roles: [role] }, { record, by: 'user:demo', now: new Date() });
    }
    return accounts;
  } finally {
    await record.close();
  }
}

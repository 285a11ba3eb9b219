import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { type AccountChange, AccountRefused, addAccount, disableAccount, resetAccount } from '../console/accounts.ts';
import { CONSOLE_ROLES, type ConsoleAccount, type ConsoleRole } from '../ports-console.ts';
import { WrongUse } from './exit-code.ts';
import { withWholeRecord } from './open-setup.ts';
import { readPassword } from './read-password.ts';

/** `hearback console`: who may use the web console. */
export function consoleCommand(): Command {
  return new Command('console').description('The web console.').addCommand(accountCommand());
}

interface AccountOptions {
  readonly config: string;
}

function accountCommand(): Command {
  return new Command('account')
    .description('Accounts of the console. Each change is an entry in the message log.')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(disableCommand())
    .addCommand(resetCommand());
}

function addCommand(): Command {
  return named('add', 'Make an account. The password is read from standard input.')
    .addOption(
      new Option(
        '--role <role...>',
        'auditor (reads, verifies, exports), engineer (mappings, holds, replay), operator (late loops, partners)',
      )
        .choices(CONSOLE_ROLES)
        .makeOptionMandatory(),
    )
    .option('--partner <id...>', 'only loops in which one of these partners takes part')
    .action(async (name: string, options: AccountOptions & { role: ConsoleRole[]; partner?: string[] }) => {
      await changed(options, async (change, partners) => {
        for (const id of options.partner ?? []) {
          if (!partners.has(id)) throw new WrongUse(`The configuration has no partner ${id}.`);
        }
        const password = await readPassword(process.stdin);
        const limits = options.partner !== undefined && { partners: options.partner };
        await addAccount({ name, password, roles: [...new Set(options.role)], ...limits }, change);
      });
      console.log(`${name} may sign in.`);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('List the accounts.')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml')
    .option('--json', 'one JSON object a line')
    .action(async ({ config, json }: AccountOptions & { json?: boolean }) => {
      const accounts = await withWholeRecord(config, { readonly: true }, ({ record }) => record.consoleAccounts());
      for (const { password: _never, ...account } of accounts) {
        console.log(json ? JSON.stringify(account) : line(account));
      }
      if (!json && accounts.length === 0) console.log('No accounts.');
    });
}

function line({ name, roles, partners, disabled, changedAt }: Omit<ConsoleAccount, 'password'>): string {
  const limits = partners === undefined ? 'all partners' : `only ${partners.join(', ')}`;
  return `${name.padEnd(20)}  ${roles.join(', ').padEnd(28)}  ${limits}  ${disabled ? 'DISABLED' : 'may sign in'} since ${changedAt}`;
}

function disableCommand(): Command {
  return named('disable', 'Let nobody sign in with an account any more, and end its sessions.').action(
    async (name: string, options: AccountOptions) => {
      await changed(options, (change) => disableAccount(name, change));
      console.log(`${name} may not sign in any more.`);
    },
  );
}

function resetCommand(): Command {
  return named(
    'reset',
    'Give an account a new password, read from standard input; end its sessions, and let a disabled one in again.',
  ).action(async (name: string, options: AccountOptions) => {
    await changed(options, async (change) => resetAccount(name, await readPassword(process.stdin), change));
    console.log(`${name} may sign in with the new password.`);
  });
}

function named(verb: string, description: string): Command {
  return new Command(verb)
    .description(description)
    .argument('<name>', 'the account')
    .option('-c, --config <file>', 'the configuration', 'hearback.yaml');
}

/** Beside a running engine or without one. */
async function changed(
  { config }: AccountOptions,
  change: (how: AccountChange, partners: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  await withWholeRecord(config, {}, async ({ record, config: { partners } }) => {
    const by = `user:${userInfo().username}`;
    try {
      await change({ record, by, now: new Date() }, new Set(partners.map(({ id }) => id)));
    } catch (fault) {
      throw fault instanceof AccountRefused ? new WrongUse(fault.message) : fault;
    }
  });
}

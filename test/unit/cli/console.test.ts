import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readPassword } from '../../../src/cli/read-password.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { runCommand } from '../../fixtures/town/run-command.ts';

const PASSWORD = 'correct-horse-battery';
const CONFIG = `
engine: { store: 'sqlite:./hearback.db', console: {} }
partners:
  - id: riverside
    kind: gp-system
    organisation: { name: Riverside Surgery, ods: A81001 }
    inlets: [{ type: fhir, tokens: [{ sha256: ${'a'.repeat(64)} }] }]
`;

describe('hearback console account', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-accounts-'));
  const config = join(directory, 'hearback.yaml');
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');

  beforeAll(async () => {
    writeFileSync(config, CONFIG);
    await (await openSqliteStore({ file: join(directory, 'hearback.db'), worker: false })).close();
  });
  afterEach(() => {
    if (stdin !== undefined) Object.defineProperty(process, 'stdin', stdin);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const account = (typed: string, ...args: readonly string[]) => {
    Object.defineProperty(process, 'stdin', { value: Readable.from([typed]), configurable: true });
    return runCommand('console', 'account', ...args, '--config', config);
  };
  const looked = async <T>(look: (store: Awaited<ReturnType<typeof openSqliteStore>>) => Promise<T>): Promise<T> => {
    const store = await openSqliteStore({ file: join(directory, 'hearback.db'), worker: false, readonly: true });
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  };

  it('adds, lists, disables and resets, each with its entry, and prints no password or hash', async () => {
    const added = await account(
      `${PASSWORD}\n`,
      'add',
      'anna',
      '--role',
      'auditor',
      'engineer',
      '--partner',
      'riverside',
    );
    expect(added).toMatchObject({ status: 0, errors: '', printed: 'anna may sign in.\n' });
    const [one] = await looked((store) => store.consoleAccounts());
    expect(one).toMatchObject({
      name: 'anna',
      roles: ['auditor', 'engineer'],
      partners: ['riverside'],
      disabled: false,
    });
    expect((await account('', 'disable', 'anna')).status).toBe(0);
    expect((await account('', 'list')).printed).toMatch(/^anna +auditor, engineer +only riverside {2}DISABLED since /);
    expect((await account('another-long-enough', 'reset', 'anna')).status).toBe(0);
    const { printed } = await account('', 'list', '--json');
    expect(JSON.parse(printed)).toMatchObject({ name: 'anna', disabled: false, version: 3 });
    expect(printed).not.toMatch(/argon|password/);
    const entries = await looked((store) => store.journal({ limit: 99 }));
    expect(entries.map(({ kind, detail }) => [kind, detail['user']])).toEqual([
      ['account.added', 'anna'],
      ['account.disabled', 'anna'],
      ['account.reset', 'anna'],
    ]);
    expect(entries.every(({ actor }) => actor.startsWith('user:'))).toBe(true);
  });

  it.each([
    ['a short password', 'short', ['add', 'ben', '--role', 'auditor'], 'fewer than 12'],
    ['no password', '', ['add', 'ben', '--role', 'auditor'], 'standard input'],
    ['the name in the password', 'ben-and-ben-and-ben', ['add', 'ben', '--role', 'auditor'], 'contains the name'],
    ['a password of one letter', 'aaaaaaaaaaaaaaaa', ['add', 'ben', '--role', 'auditor'], 'too few different'],
    ['a name that is none', PASSWORD, ['add', 'Ben <b>', '--role', 'auditor'], 'small letters'],
    ['an unknown role', PASSWORD, ['add', 'ben', '--role', 'admin'], ''],
    ['no role', PASSWORD, ['add', 'ben'], ''],
    ['an unknown partner', PASSWORD, ['add', 'ben', '--role', 'auditor', '--partner', 'nowhere'], 'nowhere'],
    ['a name that is taken', PASSWORD, ['add', 'anna', '--role', 'auditor'], 'already'],
    ['an account that is not there', PASSWORD, ['disable', 'zoe'], 'no account zoe'],
  ] as const)('refuses %s and changes nothing', async (_what, typed, args, said) => {
    const before = await looked((store) => store.consoleAccounts());
    const { status, errors } = await account(typed, ...args);
    expect([status, errors.includes(said)]).toEqual([2, true]);
    expect(await looked((store) => store.consoleAccounts())).toEqual(before);
  });
});

describe('a password from standard input', () => {
  it('is what was given, without the line end at its end', async () => {
    expect(await readPassword(Readable.from(['two ', 'pieces\r\n']))).toBe('two pieces');
    await expect(readPassword(Readable.from(['x'.repeat(5_000)]))).rejects.toThrow('longer');
  });

  it('is not shown when it is typed, and can be mended', async () => {
    const modes: boolean[] = [];
    const terminal = Object.assign(Readable.from(['secrep', '\u007F', 't', '\r']), {
      isTTY: true,
      setRawMode: (raw: boolean) => modes.push(raw),
    });
    expect(await readPassword(terminal)).toBe('secret');
    expect(modes).toEqual([true, false]);
  });
});

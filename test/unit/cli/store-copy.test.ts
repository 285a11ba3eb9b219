import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { runProgram } from '../../../src/cli/program.ts';
import { lockRecord } from '../../../src/ops/engine-lock.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { describeOnPostgres } from '../../fixtures/postgres/test-server.ts';
import { fillRecord } from '../../fixtures/store/full-record.ts';

let directory: string;
let printed: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-cli-copy-'));
  const store = await openSqliteStore({ file: join(directory, 'record.db'), worker: false });
  await fillRecord(store, 3);
  await store.close();
  printed = '';
  for (const stream of ['log', 'error'] as const) {
    jest.spyOn(console, stream).mockImplementation((...given: unknown[]) => {
      printed += `${format(...given)}\n`;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  rmSync(directory, { recursive: true, force: true });
});

async function copied(...more: string[]): Promise<number> {
  process.exitCode = 0;
  await runProgram(['store', 'copy', '--from', `sqlite:${join(directory, 'record.db')}`, ...more]);
  return Number(process.exitCode);
}

describe('hearback store copy', () => {
  it.each([
    ['postgres://engine:very-secret@db.example.org/x', 'change the password'],
    ['postgres:env:NOT_SET_ANYWHERE', 'is not set'],
    ['mysql:env:X', 'postgres:env:NAME'],
  ])('refuses an address that stands in the command, or nowhere: %s', async (to, said) => {
    expect(await copied('--to', to)).toBe(2);
    expect(printed).toContain(said);
    expect(printed).not.toContain('very-secret');
  });

  it('refuses a record that is not there', async () => {
    await runProgram(['store', 'copy', '--from', 'sqlite:./nowhere.db', '--to', 'postgres:env:X']);
    expect(process.exitCode).toBe(2);
    expect(printed).toContain('There is no record at');
  });
});

await describeOnPostgres('hearback store copy to a database', (server) => {
  async function addressFile(): Promise<string> {
    const file = join(directory, 'database.secret');
    writeFileSync(file, `${await server.database()}\n`);
    return file;
  }

  it('copies, and says rows and digest of every table', async () => {
    const to = ['--to', `postgres:file:${await addressFile()}`, '--local'];
    expect(await copied(...to)).toBe(0);
    expect(printed).toMatch(/^referral {10} +3 {2}[0-9a-f]{64}$/m);
    expect(printed).toContain('every table reads the same at both ends');
    expect(await copied(...to, '--json')).toBe(1);
    expect(printed).toContain('is not empty');
  });

  it('ends with the key that the log must be sealed on with', async () => {
    const key = join(directory, 'record.db.log-key');
    writeFileSync(key, 'a key');
    expect(await copied('--to', `postgres:file:${await addressFile()}`, '--local', '--json')).toBe(0);
    expect(printed.trimEnd().split('\n').at(-1)).toContain(`log: { key: { file: ${key} } }`);
    rmSync(key);
    expect(await copied('--to', `postgres:file:${await addressFile()}`, '--local')).toBe(0);
    expect(printed.trimEnd().split('\n').at(-1)).toContain('engine.log.key as it is');
  });

  it('does not copy under a running engine', async () => {
    const lock = lockRecord(join(directory, 'record.db'), process.pid);
    expect(await copied('--to', `postgres:file:${await addressFile()}`, '--local')).toBe(1);
    expect(printed).toContain('Another engine');
    lock.release();
  });

  it('encrypts unless it is told that the server is local', async () => {
    expect(await copied('--to', `postgres:file:${await addressFile()}`)).toBe(1);
    expect(printed).toMatch(/does not speak TLS.*--local|certificate/);
  });
});

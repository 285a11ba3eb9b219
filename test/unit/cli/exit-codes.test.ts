import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runProgram } from '../../../src/cli/program.ts';
import { lockRecord } from '../../../src/ops/engine-lock.ts';
import type { Store } from '../../../src/ports-record.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

jest.setTimeout(180_000);

const HOLD = {
  id: 'hold-1',
  kind: 'unknown-referral',
  key: 'k',
  referral: 'referral-1',
  openedAt: '2026-11-21T09:00:00.000Z',
  findings: [],
} as const;

let directory: string;
let port: number;
const file = (name: string) => join(directory, name);
/** A command as a process of its own, with no environment but what finds node, so that no secret can be had. */
function spawned(...args: readonly string[]): ChildProcess & { readonly stdout: Readable; readonly stderr: Readable } {
  const env = { PATH: process.env['PATH'] };
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return spawn(process.execPath, [join(PROJECT, 'bin/hearback.mjs'), ...args], { cwd: directory, env, stdio });
}

/** The same in this process, which is quicker. Names of files are taken from the test's directory. */
async function hearback(...args: readonly string[]) {
  const said = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => (text: unknown) => {
    said[stream] += `${String(text)}\n`;
    return true;
  };
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(keep('stdout')),
    jest.spyOn(console, 'error').mockImplementation(keep('stderr')),
    jest.spyOn(process.stdout, 'write').mockImplementation(keep('stdout')),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep('stderr')),
  ];
  const [before, here] = [process.exitCode, args.map((arg) => (arg.endsWith('.yaml') ? file(arg) : arg))];
  const named = here.some((arg) => arg.endsWith('.yaml')) || !NEEDS_CONFIG.has(args[0] ?? '');
  process.exitCode = undefined;
  try {
    await runProgram(named ? here : [...here, '-c', file('hearback.yaml')]);
    return { ...said, status: process.exitCode ?? 0 };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

const NEEDS_CONFIG = new Set(['loop', 'loops', 'log', 'holds', 'receipts', 'replay', 'serve']);

/** All that is named here is missing: the secrets, the digest, the mapping. */
const config = (more: readonly string[] = []) =>
  [
    'engine:',
    `  listen: { port: ${port} }`,
    '  store: sqlite:./var/hearback.db',
    `  terminology: ${join(PROJECT, 'terminology')}`,
    ...more,
    'partners:',
    '- id: oak-road',
    '  kind: gp-system',
    '  organisation: { name: Oak Road, ods: Z99001 }',
    '  inlets: [{ type: fhir, tokens: [{ sha256Env: NOT_SET_ANYWHERE }] }]',
    '- id: casework',
    '  kind: vcse-platform',
    '  organisation: { name: Casework }',
    '  inlets: [{ type: webhook, secrets: [{ file: ./no.secret }], mapping: casework/report }]',
    '  outlets:',
    '  - type: webhook',
    '    url: https://casework.example/referrals',
    '    secrets: [{ file: ./no.secret }]',
    '    mappings: { referral: casework/referral, cancel: casework/cancel }',
    'routes:',
    '- { name: everybody, to: [casework], all: true }',
    '',
  ].join('\n');

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-cli-'));
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  holder.close();
  writeFileSync(file('hearback.yaml'), config());
  writeFileSync(file('wrong.yaml'), config(['  nonsense: 1']));
  mkdirSync(file('var'));
  const store = await openSqliteStore({ file: file('var/hearback.db') });
  await store.apply({
    holds: [HOLD],
    journal: Array.from({ length: 2_000 }, (_, number) => ({
      at: `2026-11-${number < 1_000 ? '20' : '21'}T09:00:00.000Z`,
      kind: 'message.received',
      actor: 'oak-road',
      referral: 'referral-1',
      message: `message-${number}`,
      detail: {},
    })),
  } satisfies Parameters<Store['apply']>[0]);
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the exit code', () => {
  it.each([
    ['check', ['check', 'none.yaml'], 2],
    ['check', ['check', 'wrong.yaml'], 1],
    ['check --json', ['check', 'wrong.yaml', '--json'], 1],
    ['check --json', ['check', 'none.yaml', '--json'], 2],
    ['loops', ['loops', '-c', 'none.yaml'], 2],
    ['loop', ['loop', 'x', '-c', 'wrong.yaml'], 2],
    ['loop', ['loop', 'x'], 1],
    ['log', ['log', '-c', 'wrong.yaml'], 2],
    ['log', ['log', '--limit', 'x'], 2],
    ['log', ['log', '--since', 'yesterday'], 2],
    ['loops', ['loops', '--limit', '0'], 2],
    ['loops', ['loops', '--nope'], 2],
    ['holds', ['holds', '-c', 'none.yaml'], 2],
    ['holds resolve', ['holds', 'resolve', 'hold-1', '--reason', 'x'], 2],
    ['receipts', ['receipts'], 2],
    ['receipts', ['receipts', '--partner', 'x'], 2],
    ['receipts', ['receipts', '--partner', 'casework', '-c', 'none.yaml'], 2],
    ['replay', ['replay', 'x', '-c', 'none.yaml', '--dry-run'], 2],
    ['replay', ['replay', 'x'], 2],
    ['serve', ['serve', '-c', 'wrong.yaml'], 2],
    ['serve', ['serve', '--log-level', 'loud'], 2],
    ['no such command', ['sevre'], 2],
    ['--help', ['--help'], 0],
    ['log --help', ['log', '--help'], 0],
  ])('of %s (%j) is %i', async (_name, args, code) => {
    const { status, stdout, stderr } = await hearback(...args);
    expect({ status, said: stdout + stderr }).toEqual({ status: code, said: expect.stringMatching(/\S/) });
  });
});

describe('a wrong value of an option', () => {
  it('is refused with a sentence that says what is wanted', async () => {
    expect((await hearback('log', '--limit', 'x')).stderr).toContain('Give a whole number from 1 to');
    expect((await hearback('log', '--until', '2026-02-31')).stderr).toContain('Give an instant with its offset');
  });
});

describe('looking at the record', () => {
  it('needs no secret, no digest and no mapping', async () => {
    for (const [command = '', ...options] of [['loops'], ['holds'], ['log', '--limit', '9999']]) {
      const { status, stderr } = await hearback(command, ...options);
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
    }
  });

  it('counts what became of a partner’s messages with the mappings alone', async () => {
    writeFileSync(file('mapped.yaml'), config([`  mappings: ${join(PROJECT, 'mappings')}`]));
    const { status, stdout, stderr } = await hearback(
      'receipts',
      '--partner',
      'casework',
      '-c',
      'mapped.yaml',
      '--json',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ partner: 'casework', messages: 0, byMapping: [] });
  });

  it('shows messages and referrals by their ids', async () => {
    expect((await hearback('log', '--limit', '1')).stdout).toMatch(/ referral-1 +message-0 /);
    expect((await hearback('holds')).stdout).toContain('referral referral-1');
    expect(JSON.parse((await hearback('holds', '--json')).stdout)).toMatchObject({
      id: 'hold-1',
      referrals: ['referral-1'],
      messages: [],
    });
  });

  it('reads instants as such, whatever way they are written', async () => {
    const first = async (since: string) =>
      /message-\d+/.exec((await hearback('log', '--limit', '1', '--since', since)).stdout)?.[0];
    expect(await first('2026-11-21T09:00:00Z')).toBe('message-1000');
    expect(await first('2026-11-21T10:00:00+01:00')).toBe('message-1000');
    expect(await first('2026-11-21')).toBe('message-1000');
    expect(await first('2026-11-22')).toBeUndefined();
  });

  it('ends quietly when its reader has seen enough', async () => {
    const child = spawned('log', '--limit', '9999');
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'exit');
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });
});

describe('an engine that cannot start', () => {
  const sound = () =>
    config([`  mappings: ${join(PROJECT, 'mappings')}`])
      .replace('{ sha256Env: NOT_SET_ANYWHERE }', `{ sha256: ${'ab'.repeat(32)} }`)
      .replaceAll('./no.secret', './casework.secret');
  beforeAll(() => {
    writeFileSync(file('sound.yaml'), sound());
    writeFileSync(file('casework.secret'), `whsec_${Buffer.alloc(32, 1).toString('base64')}`, { mode: 0o600 });
  });

  it('says that the port is taken and what to do, and has touched nothing', async () => {
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const { status, stdout, stderr } = await hearback('serve', '-c', 'sound.yaml');
    holder.close();
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken by another process.`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).not.toContain('    at ');
  });

  it('says that another engine works on the record and what to do', async () => {
    const lock = lockRecord(file('var/hearback.db'), process.pid);
    const { status, stderr } = await hearback('serve', '-c', 'sound.yaml');
    expect((await hearback('loops', '-c', 'sound.yaml')).status).toBe(0);
    lock.release();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `Another engine (process ${process.pid}) works on ${file('var/hearback.db')}. Stop it first`,
    );
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordedEntry } from '../../src/ports-queries.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
let referral: string;
let directory: string;
beforeAll(async () => {
  town = await startTown();
  directory = mkdtempSync(join(tmpdir(), 'hearback-log-'));
  const { task } = await town.gp.refer(transactionReferral());
  await untilReferred(town);
  referral = (await town.store.resource('Task', task))?.referral ?? '';
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await town.stop();
});

const log = (...args: string[]) => runCommand('log', ...args, '-c', town.configFile);
const entriesOf = ({ printed }: { printed: string }): RecordedEntry[] =>
  printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
/** The last entry before the case that runs. */
let before = 0;
beforeEach(async () => {
  before = (await town.store.searchLog({ newestFirst: true, limit: 1 })).entries[0]?.seq ?? 0;
});
const looks = (kind: string) => town.store.journal({ kind, limit: 99, afterSeq: before });

describe('the log asked about a person', () => {
  it('is asked with the number in a file, never in the command, and the look names the referral and not the number', async () => {
    const file = join(directory, 'number.txt');
    writeFileSync(file, `${NHS_NUMBER.slice(0, 3)} ${NHS_NUMBER.slice(3, 6)} ${NHS_NUMBER.slice(6)}\n`);
    const found = entriesOf(await log('search', '--patient-file', file, '--json'));

    expect(found.length).toBeGreaterThan(2);
    expect(new Set(found.map((entry) => entry.referral))).toEqual(new Set([referral]));
    expect(await looks('log.searched')).toMatchObject([
      { referral, actor: expect.stringMatching(/^user:/), detail: { criteria: 'patient', found: found.length } },
    ]);
    expect(JSON.stringify(await town.store.journal({ limit: 999 }))).not.toContain(NHS_NUMBER);
  });

  it('is asked with the number on stdin', async () => {
    const stdin = Readable.from([`${NHS_NUMBER}\n`]) as unknown as typeof process.stdin;
    const spy = jest.spyOn(process, 'stdin', 'get').mockReturnValue(stdin);
    const found = entriesOf(await log('--patient', '--json'));
    spy.mockRestore();
    expect(found.length).toBeGreaterThan(2);
  });

  it('takes nothing else for a number', async () => {
    const file = join(directory, 'number.txt');
    writeFileSync(file, 'Testpatient');
    const ran = await log('search', '--patient-file', file);
    expect(ran).toMatchObject({ status: 2, printed: '' });
    expect(ran.errors).not.toContain('Testpatient');
  });
});

describe('the log a page at a time', () => {
  it('says when there is more, and goes on from there', async () => {
    const whole = entriesOf(await log('--referral', referral, '--json'));
    const first = await log('--referral', referral, '--json', '--limit', '2');
    const after = /There is more: --after (\S+)/.exec(first.errors)?.[1] ?? '';
    const second = await log('--referral', referral, '--json', '--limit', '1000', '--after', after);

    expect([...entriesOf(first), ...entriesOf(second)].slice(0, whole.length)).toEqual(whole);
    expect(second.errors).not.toContain('There is more');
  });
});

describe('one entry', () => {
  it('is shown with its message, its digest held against the bytes, and the look with its reason', async () => {
    const [entry] = entriesOf(await log('--referral', referral, '--kind', 'message.made', '--json'));
    const shown = await log('show', String(entry?.seq), '--reason', 'A complaint about it.');

    expect(shown.printed).toContain(`as entry ${entry?.seq} says`);
    expect(shown.printed).toContain('"clientReference"');
    expect(await looks('message.read')).toMatchObject([
      {
        referral,
        message: entry?.message,
        detail: { command: 'show', reason: 'A complaint about it.', seq: entry?.seq },
      },
    ]);
  });

  it('gives the very bytes into a file of its owner’s, and not in place of another', async () => {
    const [entry] = entriesOf(await log('--referral', referral, '--kind', 'message.received', '--json'));
    const raw = join(directory, 'raw');
    const ran = await log('show', entry?.message ?? '', '--reason', 'why', '--raw', raw);
    const again = await log('show', entry?.message ?? '', '--reason', 'why', '--raw', raw);

    expect(
      Buffer.compare(readFileSync(raw), (await town.store.message(entry?.message ?? ''))?.body as Uint8Array),
    ).toBe(0);
    expect(statSync(raw).mode & 0o777).toBe(0o600);
    expect([ran.status, again.status]).toEqual([0, 1]);
  });

  it('is not shown without a reason', async () => {
    expect(await log('show', '1')).toMatchObject({ status: 2, printed: '' });
    expect(await looks('entry.read')).toEqual([]);
  });
});

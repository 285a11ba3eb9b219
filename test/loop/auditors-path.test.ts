import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEntry } from '../../src/ports-queries.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { PROJECT } from '../fixtures/town/town-config.ts';
import { until } from '../fixtures/town/until.ts';

/** What docs/auditors.md tells an auditor to do, step by step, with nothing but the commands that stand there. */
let town: Town;
let directory: string;
let referral: string;
beforeAll(async () => {
  town = await startTown();
  directory = mkdtempSync(join(tmpdir(), 'hearback-auditor-'));
  const { task } = await town.gp.refer(transactionReferral());
  await untilReferred(town);
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'closed-completed' });
  await untilClosed(town, task);
  referral = (await town.store.resource('Task', task))?.referral ?? '';
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await town.stop();
});

const file = (name: string) => join(directory, name);
const log = (...args: string[]) => runCommand('log', ...args);
const here = () => ['-c', town.configFile];
const page = () => readFileSync(join(PROJECT, 'docs/auditors.md'), 'utf8');

async function entries(...args: string[]): Promise<RecordedEntry[]> {
  const { printed } = await log('search', ...args, '--json', '--limit', '1000', ...here());
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function publicKey(): Promise<string> {
  return (await log('key', 'show', ...here())).printed.trim().split(/\s+/).at(-1) ?? '';
}

/** Once the sealer has come by. */
async function exported(name: string, ...args: string[]): Promise<string> {
  return until('all of it is sealed', async () => {
    rmSync(file(name), { force: true });
    const ran = await log('export', '--out', file(name), ...args, ...here());
    const text = ran.status === 0 ? readFileSync(file(name), 'utf8') : '';
    return text.includes('"loop.closed"') && text;
  });
}

describe('that the outcome reached the GP', () => {
  it('is read off the log, which is found by the NHS number', async () => {
    writeFileSync(file('number'), NHS_NUMBER);
    const found = await entries('--patient-file', file('number'));
    const way = await entries('--referral', referral);
    const said = way.map(({ kind, actor, detail }) => [kind, actor, detail['purpose'] ?? detail['kind'] ?? '']);

    expect(new Set(found.flatMap((entry) => entry.referral ?? []))).toEqual(new Set([referral]));
    expect(said).toEqual(
      expect.arrayContaining([
        ['message.received', 'riverside', ''],
        ['leg.acknowledged', 'hearback', 'referral'],
        ['message.received', 'casework', ''],
        ['event.recorded', 'casework', 'completed'],
        ['message.made', 'hearback', 'write-back'],
        ['leg.acknowledged', 'hearback', 'write-back'],
        ['loop.closed', 'hearback', ''],
      ]),
    );
    for (const kind of new Set(way.map((entry) => entry.kind))) {
      if (kind.startsWith('message.') || kind.startsWith('leg.')) expect(page()).toContain(kind.split('.')[0]);
    }
  });

  it('can be seen byte by byte: what was written to the GP is what the log says', async () => {
    const made = (await entries('--referral', referral, '--kind', 'message.made')).at(-1);
    const shown = await log('show', made?.message ?? '', '--reason', 'Complaint 17', '--raw', file('raw'), ...here());

    expect(shown.printed).toContain(`as entry ${made?.seq} says`);
    expect(
      createHash('sha256')
        .update(readFileSync(file('raw')))
        .digest('hex'),
    ).toBe(made?.detail['digest']);
  });

  it('is proved offline, with the file and the public key alone', async () => {
    const key = await publicKey();
    const text = await exported('referral.ndjson', '--referral', referral, '--bodies');
    const verified = await log('verify', file('referral.ndjson'), '--key', key);
    expect(verified).toMatchObject({ status: 0, printed: expect.stringContaining('Whole:') });

    // The platform's report is in it, though it came before it was known whose it was.
    const lines = text.split('\n').filter((line) => line !== '');
    const inside = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'entry');
    const reports = inside.filter(({ entry }) => entry.kind === 'message.received' && entry.actor === 'casework');
    expect(reports.length).toBeGreaterThan(1);
    for (const { body, entry } of reports) {
      expect(createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex')).toBe(entry.detail.digest);
    }
  });

  it('is proved of one entry alone', async () => {
    await exported('all.ndjson');
    const closed = (await entries('--referral', referral, '--kind', 'loop.closed'))[0];
    const proof = file('entry.tlog-proof');
    expect((await log('prove', String(closed?.seq), '--out', proof, ...here())).status).toBe(0);
    expect((await log('verify', proof, '--key', await publicKey())).status).toBe(0);
  });
});

describe('a log that is not whole', () => {
  it('is found, with the place, as the page shows it', async () => {
    const key = await publicKey();
    const text = await exported('bodies.ndjson', '--referral', referral, '--bodies');
    const changed = (name: string, change: (line: string) => string) => {
      writeFileSync(file(name), text.split('\n').map(change).join('\n'));
      return log('verify', file(name), '--key', key);
    };
    const body = await changed('body.ndjson', (line) => line.replace(/"body":"[^"]+"/, '"body":"eA=="'));
    const entry = await changed('entry.ndjson', (line) => line.replace('"kind":"loop.closed"', '"kind":"loop.opened"'));

    expect([body.status, entry.status]).toEqual([1, 1]);
    const shape = (text: string) =>
      text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').replace(/\d+/g, 'N');
    expect(body.printed).toContain('body-changed');
    expect(entry.printed).toContain('entry-changed');
    for (const { printed } of [body, entry]) expect(shape(page())).toContain(shape(printed.trim()));
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Database from 'libsql';
import { unfitWords } from '../../../src/core/audit/detail-words.ts';
import { signCheckpoint } from '../../../src/core/seal/checkpoint.ts';
import { publicText, readSigningKey } from '../../../src/core/seal/note-key.ts';
import { bodyDetail } from '../../../src/flow/intake/body-detail.ts';
import { sealNext } from '../../../src/journal/seal-log.ts';
import { readTree } from '../../../src/journal/tree-reading.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { changes, entry, message, newReferral } from '../../contract/store/samples.ts';
import { testKey, testKeyText } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { runCommand } from '../../fixtures/town/run-command.ts';
import { PROJECT } from '../../fixtures/town/town-config.ts';

jest.setTimeout(180_000);

let directory: string;
const at = (name: string) => join(directory, name);
const PUBLIC = publicText(testKey());

/** Its secrets are not there: none but the log's key is needed. */
const CONFIG = `engine:
  store: sqlite:./record.db
  terminology: ${join(PROJECT, 'terminology')}
  log: { key: { file: ./log.key } }
partners:
- id: oak-road
  kind: gp-system
  organisation: { name: Oak Road, ods: Z99001 }
  inlets: [{ type: fhir, tokens: [{ sha256Env: NOT_SET_ANYWHERE }] }]
- id: casework
  kind: vcse-platform
  organisation: { name: Casework }
  inlets: [{ type: webhook, secrets: [{ file: ./no.secret }], mapping: casework/report }]
  outlets:
  - type: webhook
    url: https://casework.example/referrals
    secrets: [{ file: ./no.secret }]
    mappings: { referral: casework/referral, cancel: casework/cancel }
routes:
- { name: everybody, to: [casework], all: true }
`;

async function onRecord<T>(work: (record: WholeRecord) => Promise<T>): Promise<T> {
  const record = await openSqliteStore({ file: at('record.db'), worker: false });
  try {
    return await work(record);
  } finally {
    await record.close();
  }
}

/** A line of JSON that a command printed. */
async function asked(...args: readonly string[]): Promise<{ status: number; result: Record<string, unknown> }> {
  const { printed, errors, status } = await runCommand('log', ...args, '--json');
  if (printed === '') throw new Error(errors);
  return { status, result: JSON.parse(printed) };
}

const inConfig = (...args: readonly string[]) => [...args, '-c', at('hearback.yaml')];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-log-'));
  writeFileSync(at('hearback.yaml'), CONFIG);
  writeFileSync(at('log.key'), testKeyText(), { mode: 0o600 });
  await onRecord(async (record) => {
    const bytes = message('m1', { referral: 'r1' });
    const about = { referral: 'r1', message: 'm1', actor: 'elm-tree', detail: bodyDetail(bytes) };
    const journal = [entry('message.received', about)];
    await record.receive(bytes, changes({ referral: newReferral('r1'), journal }));
    await record.apply(changes({ journal: Array.from({ length: 30 }, () => entry('test.noted')) }));
    await sealAll(record, { limit: 10 });
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('hearback log verify', () => {
  it('finds the record whole with the key that it is configured with, or the public one alone', async () => {
    expect(await asked('verify', ...inConfig())).toMatchObject({
      status: 0,
      result: { whole: true, entries: 31, checkpoints: 4, bodies: 1 },
    });
    const { status, result } = await asked('verify', ...inConfig(), '--key', publicText(testKey(2)));
    expect([status, result]).toEqual([
      1,
      expect.objectContaining({ whole: false, kind: 'checkpoint-not-signed', checkpoint: 10 }),
    ]);
  });

  it('says in words what it found', async () => {
    const { printed } = await runCommand('log', 'verify', ...inConfig());
    expect(printed).toMatch(/^Whole: 31 entries[.]\n {2}checkpoints: 4\n {2}root: \S{44}\n {2}bodies: 1\n$/);
  });

  it('is wrong use without a key for a file', async () => {
    const { status, errors } = await runCommand('log', 'verify', at('log.key'));
    expect(status).toBe(2);
    expect(errors).toContain('A file cannot vouch for its own key');
    expect((await runCommand('log', 'verify', ...inConfig(), '--key', 'nonsense')).status).toBe(2);
    expect((await runCommand('log', 'verify', directory, '--key', PUBLIC)).status).toBe(2);
  });
});

describe('an export', () => {
  it('is whole to whoever has the public key, and not when a line of it is another, gone, or twice', async () => {
    await runCommand('log', 'export', ...inConfig(), '--out', at('whole.ndjson'), '--bodies');
    expect(statSync(at('whole.ndjson')).mode & 0o777).toBe(0o600);
    const lines = readFileSync(at('whole.ndjson'), 'utf8').trimEnd().split('\n');
    const verify = async (changed: readonly string[], ...more: readonly string[]) => {
      writeFileSync(at('changed.ndjson'), `${changed.join('\n')}\n`);
      return asked('verify', at('changed.ndjson'), '--key', PUBLIC, ...more);
    };
    expect(await verify(lines)).toMatchObject({ status: 0, result: { whole: true, entries: 31, bodies: 1 } });
    const place = lines.findIndex((line) => line.includes('"index":7'));
    const edit = (change: (line: string) => string) =>
      lines.map((line, number) => (number === place ? change(line) : line));
    const without = lines.filter((_, number) => number !== place);
    const found = async (changed: readonly string[]) => {
      const { status, result } = await verify(changed);
      return [status, result['kind'], result['index'], result['line']];
    };
    expect(await found(edit((line) => line.replace('test.noted', 'test.Noted')))).toEqual([
      1,
      'entry-changed',
      7,
      place + 1,
    ]);
    expect(await found(without)).toEqual([1, 'leaf-out-of-order', 7, place + 1]);
    expect(await found([...lines.slice(0, place + 1), ...lines.slice(place)])).toEqual([
      1,
      'leaf-out-of-order',
      8,
      place + 2,
    ]);
    expect(await found(lines.slice(0, -1))).toEqual([1, 'file-broken', undefined, lines.length]);
    expect(await found(edit(() => 'nonsense'))).toEqual([1, 'file-broken', undefined, place + 1]);
    const bodyAt = lines.findIndex((line) => line.includes('"body"'));
    expect(await found(lines.map((line) => line.replace(/"body":"e/, '"body":"f')))).toEqual([
      1,
      'body-changed',
      0,
      bodyAt + 1,
    ]);
  });

  it('of one referral proves each of its entries', async () => {
    await runCommand('log', 'export', ...inConfig(), '--out', at('part.ndjson'), '--referral', 'r1');
    const text = readFileSync(at('part.ndjson'), 'utf8');
    expect(text).not.toContain('test.noted');
    const { status, result } = await asked('verify', at('part.ndjson'), '--key', PUBLIC);
    expect([status, result]).toEqual([0, expect.objectContaining({ entries: 1, part: { referral: 'r1' } })]);
    writeFileSync(at('forged.ndjson'), text.replace('elm-tree', 'elm-free'));
    expect(await asked('verify', at('forged.ndjson'), '--key', PUBLIC)).toMatchObject({
      status: 1,
      result: { kind: 'entry-changed', index: 0, seq: 1 },
    });
  });

  it('is itself in the log, by whom and whether with bytes', async () => {
    const looks = await onRecord((record) => record.journal({ kind: 'log.exported', limit: 9 }));
    expect(looks.map(({ detail }) => detail['withBodies'])).toEqual([true, false]);
    for (const { actor, detail } of looks)
      expect([actor.slice(0, 5), unfitWords(actor, detail)]).toEqual(['user:', []]);
  });

  it('gives a checkpoint to keep: its last one, which a later log must have', async () => {
    const file = at('kept.ndjson');
    expect((await runCommand('log', 'export', '--out', file, ...inConfig())).status).toBe(0);
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findLast((one) => one.startsWith('{"type":"checkpoint"'));
    writeFileSync(at('kept.line'), `${line}\n`);
    const held = (checkpoint: string) => asked('verify', file, '--key', PUBLIC, '--checkpoint', checkpoint);
    expect(await held(at('kept.line'))).toMatchObject({ status: 0, result: { whole: true } });
    const other = signCheckpoint({ origin: testKey().name, size: 9_999, root: new Uint8Array(32) }, [testKey()]);
    writeFileSync(at('longer.line'), JSON.stringify({ type: 'checkpoint', size: 9_999, note: other }));
    expect(await held(at('longer.line'))).toMatchObject({ status: 1, result: { kind: 'rolled-back' } });
  });

  it('never writes over a file', async () => {
    const { status } = await runCommand('log', 'export', ...inConfig(), '--out', at('part.ndjson'));
    expect(status).toBe(1);
  });
});

describe('hearback log prove', () => {
  it('proves one entry to whoever has the public key, and no other', async () => {
    await runCommand('log', 'prove', '3', ...inConfig(), '--out', at('third.tlog-proof'));
    const { status, result } = await asked('verify', at('third.tlog-proof'), '--key', PUBLIC);
    expect([status, result]).toEqual([
      0,
      expect.objectContaining({ index: 2, entry: expect.objectContaining({ seq: 3 }) }),
    ]);
    const text = readFileSync(at('third.tlog-proof'), 'utf8');
    const forged = text.replace(/^extra (\S+)$/m, (_, extra: string) => {
      const changed = Buffer.from(extra, 'base64').toString().replace('"seq":3', '"seq":4');
      return `extra ${Buffer.from(changed).toString('base64')}`;
    });
    writeFileSync(at('forged.tlog-proof'), forged);
    expect((await asked('verify', at('forged.tlog-proof'), '--key', PUBLIC)).status).toBe(1);
    expect((await asked('verify', at('third.tlog-proof'), '--key', publicText(testKey(5)))).status).toBe(1);
    const kept = signCheckpoint({ origin: testKey().name, size: 9_999, root: new Uint8Array(32) }, [testKey()]);
    writeFileSync(at('kept.checkpoint'), kept);
    const held = await asked('verify', at('third.tlog-proof'), '--key', PUBLIC, '--checkpoint', at('kept.checkpoint'));
    expect(held).toMatchObject({ status: 1, result: { kind: 'rolled-back', checkpoint: 9_999 } });
  });

  it('says that an entry is not sealed', async () => {
    const { status, errors } = await runCommand('log', 'prove', '9999', ...inConfig());
    expect([status, errors]).toEqual([1, expect.stringContaining('is not sealed')]);
  });
});

describe('hearback log key', () => {
  it('makes a key for its owner alone, and shows the public half of the one in use', async () => {
    const { printed } = await runCommand('log', 'key', 'new', '--origin', testKey().name, '--out', at('next.key'));
    const made = readSigningKey(readFileSync(at('next.key'), 'utf8'));
    expect(made && publicText(made)).toBe(printed.trim());
    expect((await runCommand('log', 'key', 'show', ...inConfig())).printed.trim()).toBe(PUBLIC);
    expect((await runCommand('log', 'key', 'new', '--origin', 'two words', '--out', at('x.key'))).status).toBe(2);
    expect(existsSync(at('x.key'))).toBe(false);
  });

  it('hands over to another, whom the old one vouches for', async () => {
    const next = readSigningKey(readFileSync(at('next.key'), 'utf8'));
    if (next === undefined) throw new Error('the key was made');
    await runCommand('log', 'key', 'rotate', ...inConfig(), '--to', at('next.key'));
    await onRecord(async (record) => {
      const [rotated] = await record.journal({ kind: 'log.key-rotated', limit: 2 });
      const signature = expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/);
      const signed = { fromSignature: signature, toSignature: signature };
      expect(rotated?.detail).toEqual({ from: PUBLIC, to: publicText(next), ...signed });
      expect(unfitWords(rotated?.actor ?? '', rotated?.detail ?? {})).toEqual([]);
      await record.apply(changes({ journal: [entry('test.after')] }));
      await sealAll(record, { keys: [next] });
    });
    for (const key of [PUBLIC, publicText(next)]) {
      expect((await asked('verify', ...inConfig(), '--key', key)).status).toBe(0);
      await runCommand('log', 'export', ...inConfig(), '--out', at(`by-${key.slice(-4)}.ndjson`));
    }
    for (const name of [PUBLIC, publicText(next)].map((key) => `by-${key.slice(-4)}.ndjson`)) {
      expect(await asked('verify', at(name), '--key', PUBLIC)).toMatchObject({
        status: 0,
        result: { followedKeys: [publicText(next)] },
      });
      expect((await asked('verify', at(name), '--key', publicText(next))).status).toBe(0);
      const both = await asked('verify', at(name), '--key', PUBLIC, '--key', publicText(next));
      expect([both.status, both.result['followedKeys']]).toEqual([0, undefined]);
      expect((await asked('verify', at(name), '--key', publicText(testKey(7)))).status).toBe(1);
    }
    const shown = await runCommand('log', 'key', 'show', ...inConfig());
    expect(shown.printed.trim().split('\n').sort()).toEqual([PUBLIC, publicText(next)].sort());
  });

  it('is not handed over by whoever has the database and no key', async () => {
    const thief = testKey(66);
    const database = new Database(at('record.db'));
    const [{ last } = { last: 0 }] = database.prepare('select max(seq) as last from journal').all() as {
      last: number;
    }[];
    database.exec(
      `insert into journal (seq, at, kind, actor, detail) values (${last + 1}, '2026-11-02T10:00:00.000Z', 'log.key-rotated', 'user:x', '${JSON.stringify({ from: PUBLIC, to: publicText(thief) })}')`,
    );
    database.close();
    await onRecord(async (record) => {
      const { size, lastSeq } = await record.logHead();
      const tree = { tree: await readTree(record, size), lastSeq };
      await sealNext(tree, { log: record, keys: [thief], at: '2026-11-02T10:00:00.000Z', limit: 99 });
    });
    const { status, result } = await asked('verify', ...inConfig(), '--key', PUBLIC);
    expect([status, result]).toEqual([
      1,
      expect.objectContaining({
        kind: 'checkpoint-not-signed',
        what: expect.stringContaining(`Entry ${last + 1} hands over to another key`),
      }),
    ]);
    // Whoever asks for the log's public keys is not given the thief's.
    expect((await runCommand('log', 'key', 'show', ...inConfig())).printed).not.toContain(publicText(thief));
  });
});

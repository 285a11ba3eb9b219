import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { readCheckpoint } from '../../../src/core/seal/checkpoint.ts';
import { appendCheckpoint, lastCheckpoints } from '../../../src/journal/checkpoint-file.ts';
import { keyBeside, readKeyFile, UnusableKey, writeKeyFile } from '../../../src/journal/key-file.ts';
import type { KnownHead } from '../../../src/journal/seal-log.ts';
import { newSealer } from '../../../src/journal/sealer.ts';
import type { Log, Measure } from '../../../src/ports.ts';
import type { KeptCheckpoint } from '../../../src/ports-log.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { changes, entry } from '../../contract/store/samples.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { until } from '../../fixtures/town/until.ts';

let directory: string;
let file: string;
let store: WholeRecord;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-sealer-'));
  file = join(directory, 'record.db');
  store = await openSqliteStore({ file, worker: false });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const write = (count: number) => store.apply(changes({ journal: Array.from({ length: count }, () => entry()) }));

/** As somebody could who administers the database. */
function asAdministrator(...statements: readonly string[]): void {
  const database = new Database(file);
  const rows = database.prepare("select name from sqlite_master where type = 'trigger'").all() as { name: string }[];
  for (const { name } of rows) database.exec(`drop trigger ${name}`);
  for (const sql of statements) database.exec(sql);
  database.close();
}

interface Said {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function sealerOf(
  more: {
    readonly before?: KnownHead;
    readonly key?: number;
    readonly keep?: () => Promise<void>;
    readonly now?: () => Date;
  } = {},
) {
  const said: Said[] = [];
  const counted: Measure[] = [];
  const kept: KeptCheckpoint[] = [];
  const say =
    (level: string): Log['info'] =>
    (event, fields = {}) =>
      void said.push({ level, event, fields });
  const sealer = newSealer({
    log: store,
    keys: [testKey(more.key ?? 1)],
    clock: { now: more.now ?? (() => new Date('2026-11-02T10:00:00.000Z')) },
    meter: { note: (measure) => void counted.push(measure) },
    operational: { info: say('info'), warn: say('warn'), error: say('error') },
    before: more.before,
    keep: async (checkpoint) => {
      await more.keep?.();
      kept.push(checkpoint);
    },
    everyMs: 5,
  });
  return { sealer, said, kept, counted };
}

describe('the sealer', () => {
  it('seals what comes, says how far, and keeps each checkpoint', async () => {
    const { sealer, said, kept } = sealerOf();
    await write(3);
    sealer.start();
    await write(2);
    await sealer.stop();
    expect(await store.logHead()).toMatchObject({ size: 5 });
    expect(said.at(-1)).toMatchObject({ level: 'info', event: 'log.sealed', fields: { size: 5 } });
    expect(readCheckpoint(kept.at(-1)?.note ?? '')).toMatchObject({ size: 5, origin: testKey().name });
    expect(said.at(-1)?.fields['root']).toBe(
      Buffer.from(readCheckpoint(kept.at(-1)?.note ?? '')?.root ?? []).toString('base64'),
    );
  });

  it('says nothing while nothing comes', async () => {
    const { sealer, said } = sealerOf();
    sealer.start();
    await sealer.stop();
    expect(said).toEqual([]);
    expect(await store.checkpoints(0, 1)).toEqual([]);
  });

  it('seals on when a checkpoint cannot be kept, and says so', async () => {
    const { sealer, said, counted } = sealerOf({
      keep: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    await write(1);
    await sealer.stop();
    expect(said).toContainEqual({
      level: 'error',
      event: 'log.checkpoint-not-kept',
      fields: { size: 1, code: 'ENOSPC' },
    });
    expect(counted).toEqual([{ kind: 'log-fault', fault: 'checkpoint-not-kept' }]);
    expect(await store.logHead()).toMatchObject({ size: 1 });
  });

  it.each([
    ['a leaf is another', 'update log_leaf set hash = zeroblob(32) where position = 2'],
    ['a leaf is gone', 'delete from log_leaf where position = 2'],
    ['the last checkpoint is gone', 'delete from log_checkpoint'],
  ])('signs nothing on top of a tree in which %s', async (_what, sql) => {
    await write(3);
    await sealAll(store);
    asAdministrator(sql);
    await write(1);
    const { sealer, said } = sealerOf();
    await sealer.stop();
    expect(said.map(({ level, event }) => [level, event])).toEqual([
      [expect.stringMatching(/error|warn/), expect.stringMatching(/^log[.]not-/)],
    ]);
    expect((await store.checkpoints(4, 1)).length).toBe(0);
  });

  it('signs nothing under a key that has not signed what is there', async () => {
    await write(1);
    await sealAll(store);
    await write(1);
    const { sealer, said } = sealerOf({ key: 2 });
    await sealer.stop();
    expect(said).toEqual([{ level: 'error', event: 'log.not-whole', fields: { code: 'not-signed', size: 1 } }]);
    expect(await store.logHead()).toMatchObject({ size: 1 });
  });

  it('says again every minute that it signs nothing, counts it at every look, and says why to whoever asks', async () => {
    await write(1);
    await sealAll(store);
    await write(1);
    let now = new Date('2026-11-02T10:00:00.000Z');
    const { sealer, said, counted } = sealerOf({ key: 2, now: () => now });
    expect(sealer.trouble()).toBeUndefined();
    sealer.start();
    await until('it looked three times', async () => counted.length >= 3);
    expect(said).toHaveLength(1);
    expect(sealer.trouble()).toBe('not-whole: not-signed');
    now = new Date('2026-11-02T10:01:00.000Z');
    await until('it says so again', async () => said.length === 2);
    await sealer.stop();
    expect(said.map(({ event }) => event)).toEqual(['log.not-whole', 'log.not-whole']);
    expect(new Set(counted)).toEqual(new Set(counted.map(() => ({ kind: 'log-fault', fault: 'not-whole' }))));
  });

  it('has no more to say once what was wrong is mended', async () => {
    await write(1);
    await sealAll(store);
    await write(1);
    const { sealer } = sealerOf({ key: 2 });
    sealer.start();
    await until('it is in trouble', async () => sealer.trouble() !== undefined);
    asAdministrator('delete from log_checkpoint', 'delete from log_leaf');
    await until('it is not any more', async () => sealer.trouble() === undefined);
    await sealer.stop();
  });

  it('signs nothing in a log that was rolled back behind what was kept, or is another', async () => {
    await write(5);
    await sealAll(store);
    const [checkpoint] = await store.checkpoints(0, 1);
    const known = readCheckpoint(checkpoint?.note ?? '');
    if (known === undefined) throw new Error('a checkpoint was made');
    await write(1);
    const later = sealerOf({ before: { ...known, size: 9 } });
    await later.sealer.stop();
    expect(later.said).toMatchObject([{ event: 'log.not-whole', fields: { code: 'rolled-back', size: 5 } }]);
    const other = sealerOf({ before: { ...known, root: new Uint8Array(32) } });
    await other.sealer.stop();
    expect(other.said).toMatchObject([{ event: 'log.not-whole', fields: { code: 'changed' } }]);
    const right = sealerOf({ before: known });
    await right.sealer.stop();
    expect(right.said).toMatchObject([{ event: 'log.sealed', fields: { size: 6 } }]);
  });

  it('notices when the log is rolled back while it runs', async () => {
    const { sealer, said } = sealerOf();
    await write(3);
    await sealAll(store);
    await write(2);
    sealer.start();
    await write(0);
    while (!said.some(({ event }) => event === 'log.sealed')) await write(0);
    asAdministrator(
      'delete from log_checkpoint where size > 3',
      'delete from log_leaf where position > 2',
      'delete from journal where seq > 3',
    );
    await write(1);
    while (!said.some(({ level }) => level === 'error')) await write(1);
    await sealer.stop();
    expect(said.find(({ level }) => level === 'error')).toMatchObject({
      event: 'log.not-whole',
      fields: { code: 'rolled-back' },
    });
  });
});

describe('checkpoints kept in a file', () => {
  const note = (size: number) => ({ size, at: '2026-11-02T10:00:00.000Z', note: `x\n${size}\ny\n\n— x AAAAAAA=\n` });

  it('are found again, however long the file is, and a line that was cut off is passed over', async () => {
    const kept = join(directory, 'checkpoints');
    expect(await lastCheckpoints(kept)).toEqual([]);
    for (let size = 1; size <= 3; size += 1) await appendCheckpoint(kept, note(size));
    expect(await lastCheckpoints(kept)).toEqual([1, 2, 3].map((size) => note(size).note));
    writeFileSync(kept, `${'x'.repeat(200_000)}\n${readFileSync(kept, 'utf8')}{"at":"2026`);
    expect((await lastCheckpoints(kept)).at(-1)).toBe(note(3).note);
  });
});

describe('a key in a file', () => {
  const seed = new Uint8Array(32).fill(9);

  it('is made for its owner alone, and never over another', () => {
    const path = join(directory, 'log.key');
    const key = writeKeyFile(path, 'a.example/log', seed);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readKeyFile(path).id).toBe(key.id);
    expect(() => writeKeyFile(path, 'a.example/log', seed)).toThrow(UnusableKey);
    expect(
      keyBeside(
        path,
        () => 'b.example/log',
        () => new Uint8Array(32),
      ).id,
    ).toBe(key.id);
  });

  it('is refused when it holds something else, without repeating it', () => {
    const path = join(directory, 'log.key');
    writeFileSync(path, 'secret-something');
    expect(() => readKeyFile(path)).toThrow(UnusableKey);
    expect(() => readKeyFile(path)).not.toThrow('secret-something');
    expect(() => readKeyFile(join(directory, 'none'))).toThrow(UnusableKey);
  });
});

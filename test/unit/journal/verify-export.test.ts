import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeLine } from '../../../src/core/seal/export-lines.ts';
import { bodyDetail } from '../../../src/flow/intake/body-detail.ts';
import { exportLog } from '../../../src/journal/export-log.ts';
import { verifyExport } from '../../../src/journal/verify-export.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-store.ts';
import { changes, entry, message, newReferral } from '../../contract/store/samples.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';

/** What somebody can do to a file who has no key, and wants whoever reads it to believe something that was never sealed. */

let whole: string[];
let part: string[];
/** A checkpoint of the first entries. */
let early: string;
const directory = mkdtempSync(join(tmpdir(), 'hearback-verify-'));

beforeAll(async () => {
  const record = await openSqliteStore({ file: join(directory, 'record.db'), worker: false });
  const bytes = message('m1', { referral: 'r1' });
  const about = { referral: 'r1', message: 'm1', actor: 'elm-tree', detail: bodyDetail(bytes) };
  const journal = [entry('message.received', about), entry('leg.refused', { referral: 'r1', actor: 'elm-tree' })];
  await record.receive(bytes, changes({ referral: newReferral('r1'), journal }));
  const given = { log: record, keys: [testKey()], at: '2026-11-21T09:00:00.000Z', bodies: true };
  await sealAll(record, { limit: 10 });
  early = (await record.logHead()).checkpoint?.note ?? '';
  part = await linesOf(exportLog({ ...given, part: { referral: 'r1' } }));
  await record.apply(changes({ journal: [entry('test.noted')] }));
  await sealAll(record, { limit: 10 });
  whole = await linesOf(exportLog(given));
  await record.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function linesOf(lines: ReturnType<typeof exportLog>): Promise<string[]> {
  const texts: string[] = [];
  for await (const line of lines) texts.push(writeLine(line));
  return texts;
}

async function verdict(lines: readonly string[], kept: readonly string[] = []) {
  async function* each() {
    yield* lines;
  }
  return verifyExport(each(), { keys: [testKey()], kept });
}

/** The lines with one changed, and the number of that line in the file. */
function changed(lines: readonly string[], kind: string, change: (line: string) => string) {
  const place = lines.findIndex((line) => line.includes(`"${kind}"`));
  const to = change(lines[place] ?? '');
  if (to === lines[place]) throw new Error('nothing was changed');
  return { file: lines.map((line, index) => (index === place ? to : line)), line: place + 1 };
}

describe.each([
  ['a whole export', () => whole],
  ['a part', () => part],
])('%s', (_name, lines) => {
  it('is whole as it was written', async () => {
    expect(await verdict(lines())).toMatchObject({ bodies: 1, root: expect.anything() });
  });

  it('is broken where a member stands twice: other tools read the first of them', async () => {
    const { file, line } = changed(lines(), 'leg.refused', (text) =>
      text.replace('"kind":', '"kind":"leg.acknowledged","kind":'),
    );
    expect(await verdict(file)).toMatchObject({ kind: 'file-broken', line });
  });

  it.each([
    ['an entry', '"actor":', '"outcome":"acknowledged","actor":'],
    ['a line', '"type":', '"outcome":"acknowledged","type":'],
  ])('is broken where a member was added to %s, which no leaf is the hash of', async (_place, before, after) => {
    const { file, line } = changed(lines(), 'leg.refused', (text) => text.replace(before, after));
    expect(await verdict(file)).toMatchObject({ kind: 'file-broken', line });
  });

  it('is broken where something stands after its end', async () => {
    const [, first = ''] = lines();
    const forged = first.replace('message.received', 'leg.read-back');
    expect(await verdict([...lines(), forged])).toMatchObject({ kind: 'file-broken', line: lines().length + 1 });
  });

  it.each(['body', 'answer'])(
    'is found out where a %s stands beside an entry that has no digest of it',
    async (name) => {
      const { file, line } = changed(lines(), 'leg.refused', (text) => text.replace(/\}$/, `,"${name}":"Zm9yZ2Vk"}`));
      expect(await verdict(file)).toMatchObject({ kind: 'body-changed', seq: 2, line });
    },
  );

  it('is found out where an entry is gone and its leaf is left', async () => {
    const { file, line } = changed(lines(), 'leg.refused', (text) => text.replace(/"entry":\{.*?\}\}/, '"x":0'));
    const bare = file.map((text) => text.replace(',"x":0', ''));
    expect(await verdict(bare)).toMatchObject({ kind: 'entry-missing', seq: 2, line });
  });
});

describe('a part', () => {
  it('is held against the checkpoint that was kept', async () => {
    expect(await verdict(part, [early])).toMatchObject({ entries: 2 });
    const last = whole.findLast((line) => line.includes('"checkpoint"')) ?? '';
    expect(await verdict(part, [(JSON.parse(last) as { note: string }).note])).toMatchObject({ kind: 'rolled-back' });
  });

  it('does not pass where nothing that was kept can be read with the key', async () => {
    const kept = early.replace(/^— (\S+) \S/m, '— $1 B');
    expect(await verdict(part, [kept])).toMatchObject({ kind: 'checkpoint-not-signed' });
  });
});

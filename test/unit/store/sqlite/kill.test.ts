import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '../../../../src/store/sqlite/open-store.ts';
import { claim } from '../../../contract/store/samples.ts';

const CHILD = fileURLToPath(new URL('../../../fixtures/store/receive-forever.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'hearback-killed-'));
const file = join(directory, 'record.db');
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Lets the child receive and kills it without warning as soon as it has acknowledged so many. Returns all it acknowledged. */
async function killedAfter(acknowledged: number, prefix: string): Promise<string[]> {
  const running = spawn(process.execPath, ['--import', 'tsx', CHILD, file, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = running;
  const ids: string[] = [];
  for await (const id of createInterface({ input: running.stdout })) {
    ids.push(id);
    if (ids.length === acknowledged) running.kill('SIGKILL');
  }
  if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  expect(running.signalCode).toBe('SIGKILL');
  return ids;
}

describe('a process killed while it receives', () => {
  const acknowledged: string[] = [];

  it.each([1, 2, 3])(
    'has lost nothing that it acknowledged (round %i)',
    async (round) => {
      const ids = await killedAfter(20 + round * 37, `round${round}`);
      expect(ids.length).toBeGreaterThanOrEqual(20 + round * 37);
      acknowledged.push(...ids);
      const store = await openSqliteStore({ file, worker: false });
      try {
        for (const id of acknowledged) {
          expect(await store.message(id)).toMatchObject({ id, referral: `referral-${id}`, answer: { status: 201 } });
          expect(await store.referral(`referral-${id}`)).toBeDefined();
        }
        /* What was written but not acknowledged is whole, too. */
        const counts = await store.counts();
        const kept = counts['message.accepted'];
        expect(kept).toBeGreaterThanOrEqual(acknowledged.length);
        expect(counts).toMatchObject({ 'referral.open': kept, 'work.ready': kept, 'journal.message.received': kept });
      } finally {
        await store.close();
      }
    },
    180_000,
  );

  it('leaves work that goes on in the order in which it was received', async () => {
    const store = await openSqliteStore({ file, worker: false });
    const claimed = await store.claim(claim({ limit: 100_000 }));
    await store.close();
    const subjects = claimed.map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(claimed.map(({ seq }) => seq)).toEqual(claimed.map(({ seq }) => seq).sort((a, b) => a - b));
  });
});

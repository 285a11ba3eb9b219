import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LOG_KEY, type RecordPlace } from '../../bench/loop/town.ts';
import { readSigningKey } from '../../src/core/seal/note-key.ts';
import { bodyDetail } from '../../src/flow/intake/body-detail.ts';
import { verifyRecord } from '../../src/journal/verify-record.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { changes, entry, message } from '../contract/store/samples.ts';
import { sealAll } from '../fixtures/journal/seal-all.ts';
import { runTamperings } from './run-tamperings.ts';
import { TAMPERINGS } from './tamperings.ts';

jest.setTimeout(180_000);

let directory: string;
let place: RecordPlace;
const RUNS = Object.keys(TAMPERINGS).length;

/** A small record, made by the store alone; `npm run tamper` has an engine make it, on both stores. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hearback-tampered-'));
  place = { kind: 'sqlite', file: join(directory, 'record.db') };
  const store = await openSqliteStore({ file: place.file, worker: false });
  const key = readSigningKey(LOG_KEY);
  if (key === undefined) throw new Error('the key is one');
  for (let number = 0; number < 100; number += 1) {
    const received = message(`m${number}`);
    const about = { message: received.id, actor: 'elm-tree', detail: bodyDetail(received) };
    const journal = [entry('message.received', about), entry('test.noted', { referral: `r${number}` }), entry()];
    await store.receive(received, changes({ journal }));
    if (number % 20 === 0) await sealAll(store, { keys: [key] });
  }
  await sealAll(store, { keys: [key] });
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('tampering with the log', () => {
  it('is found whatever is done, and the place is named', async () => {
    const said: string[] = [];
    const found = await runTamperings({ runs: RUNS, seed: 11, places: [place], say: (line) => said.push(line) });
    expect(said).toEqual([]);
    expect(found).toBe(RUNS);
  });

  it('is not found by a verifier that looks at signatures and roots alone, or at the wrong place', async () => {
    const orders = { runs: 5, seed: 11, places: [place], say: () => undefined };
    const lenient: typeof verifyRecord = async (asked) => {
      const { size } = await asked.log.logHead();
      return {
        entries: size,
        pruned: 0,
        prunedBodies: 0,
        checkpoints: 1,
        root: new Uint8Array(32),
        bodies: 0,
        unsealed: 0,
      };
    };
    expect(await runTamperings({ ...orders, verify: lenient })).toBe(0);
    const astray: typeof verifyRecord = async (asked) => {
      const result = await verifyRecord(asked);
      return 'kind' in result ? { kind: result.kind, index: -1, seq: -1, checkpoint: -1, what: result.what } : result;
    };
    expect(await runTamperings({ ...orders, verify: astray })).toBe(0);
  });
});

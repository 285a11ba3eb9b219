import { describe, expect, it } from '@jest/globals';
import { isFault } from '../../../src/core/seal/check-log.ts';
import { writeLine } from '../../../src/core/seal/export-lines.ts';
import { publicText, type SigningKey, type VerifierKey } from '../../../src/core/seal/note-key.ts';
import { exportLog } from '../../../src/journal/export-log.ts';
import { rotateKey } from '../../../src/journal/rotate-key.ts';
import { sealNext } from '../../../src/journal/seal-log.ts';
import { newSealer } from '../../../src/journal/sealer.ts';
import { readTree } from '../../../src/journal/tree-reading.ts';
import { verifyExport } from '../../../src/journal/verify-export.ts';
import { verifyRecord } from '../../../src/journal/verify-record.ts';
import type { Measure } from '../../../src/ports.ts';
import type { WholeRecord } from '../../../src/store/whole-record.ts';
import { testKey } from '../../fixtures/journal/log-keys.ts';
import { sealAll } from '../../fixtures/journal/seal-all.ts';
import { freshStores, type MakePlace } from './place.ts';
import { changes, entry } from './samples.ts';

const [OWN, NEXT, THIEF] = [testKey(1), testKey(2), testKey(66)];
const AT = '2026-11-02T10:00:00.000Z';

/** What somebody who can write to the database, and has not the log's key, writes beside the engine. */
function handOver(from: SigningKey, to: SigningKey, more: Readonly<Record<string, string>> = {}) {
  const detail = { from: publicText(from), to: publicText(to), ...more };
  return changes({ journal: [entry('log.key-rotated', { at: AT, actor: 'user:ana', detail })] });
}

/** One look of a running engine's sealer; gives what it said at the level of an error. */
async function sealedByEngine(log: WholeRecord): Promise<(readonly [string, unknown])[]> {
  const said: (readonly [string, unknown])[] = [];
  const counted: Measure[] = [];
  const silent = () => undefined;
  const sealer = newSealer({
    ...{ log, keys: [OWN], before: undefined, keep: async () => undefined },
    clock: { now: () => new Date(AT) },
    meter: { note: (measure) => void counted.push(measure) },
    operational: { info: silent, warn: silent, error: (event, fields) => void said.push([event, fields]) },
  });
  await sealer.stop();
  // Whoever watches figures and no lines sees as many.
  expect(counted).toEqual(said.map(() => ({ kind: 'log-fault', fault: 'hand-over-not-signed' })));
  return said;
}

/** What comes after is sealed with the thief's own key, as anybody who can write to the database may. */
async function goOnAsThief(log: WholeRecord): Promise<void> {
  await log.apply(changes({ journal: [entry('test.forged')] }));
  const { size, lastSeq } = await log.logHead();
  const from = { tree: await readTree(log, size), lastSeq };
  await sealNext(from, { log, keys: [THIEF], at: AT, limit: 99 });
}

/** Both ways in which an auditor looks: in the record, and in an export with candidates that the log itself names. */
async function verified(log: WholeRecord, keys: readonly VerifierKey[]) {
  const candidates = [OWN, NEXT, THIEF];
  const lines = async function* () {
    for await (const line of exportLog({ log, keys: candidates, at: AT })) yield writeLine(line);
  };
  const results = [await verifyRecord({ log, keys, candidates }), await verifyExport(lines(), { keys })];
  return results.map((result) =>
    isFault(result)
      ? { fault: result.kind, checkpoint: result.checkpoint, seq: result.seq }
      : { followed: result.followedKeys ?? [], unsigned: result.handOversNotSigned ?? [] },
  );
}

const both = <T>(one: T) => [one, one];

/** A log is handed over to another key by the key that it has, and by nobody else. */
export function handingOverContract(makePlace: MakePlace): void {
  const fresh = freshStores(makePlace);

  describe('a hand-over of the log that somebody wrote into the database', () => {
    it.each([
      ['from the log’s key to the thief’s, with no signature', () => handOver(OWN, THIEF)],
      ['from the thief’s key to the log’s, with no signature', () => handOver(THIEF, OWN)],
      [
        'with a signature of the thief’s in the place of the other',
        () => {
          const forged = Buffer.from(
            THIEF.sign(`hearback-log-hand-over/1\n${publicText(OWN)}\n${publicText(THIEF)}\n${AT}\n`),
          ).toString('base64');
          return handOver(OWN, THIEF, { fromSignature: forged, toSignature: forged });
        },
      ],
    ])('is sealed as what it is, said aloud, and followed by nobody: %s', async (_what, forged) => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry(), entry()] }));
      await sealAll(store, { keys: [OWN] });
      await store.apply(forged());
      const [{ seq } = { seq: 0 }] = await store.journal({ kind: 'log.key-rotated', limit: 1 });
      expect(await sealedByEngine(store)).toEqual([['log.hand-over-not-signed', { seq }]]);
      expect(await verified(store, [OWN])).toEqual(both({ followed: [], unsigned: [seq] }));

      await goOnAsThief(store);
      expect(await verified(store, [OWN])).toEqual(
        both({ fault: 'checkpoint-not-signed', checkpoint: 4, seq: undefined }),
      );
    });

    it('does not borrow the signatures of one that was made', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry()] }));
      await sealAll(store, { keys: [OWN] });
      await rotateKey({ record: store, old: OWN, next: NEXT, at: AT, actor: 'user:ana' });
      const [made] = await store.journal({ kind: 'log.key-rotated', limit: 1 });
      const { fromSignature, toSignature } = made?.detail ?? {};
      const borrowed = { fromSignature: String(fromSignature), toSignature: String(toSignature) };
      await store.apply(handOver(OWN, THIEF, borrowed));
      const [, { seq } = { seq: 0 }] = await store.journal({ kind: 'log.key-rotated', limit: 2 });
      expect(await sealedByEngine(store)).toEqual([['log.hand-over-not-signed', { seq }]]);
      await goOnAsThief(store);
      expect(await verified(store, [OWN])).toEqual(
        both({ fault: 'checkpoint-not-signed', checkpoint: 4, seq: undefined }),
      );
    });
  });

  describe('a hand-over of the log by its key', () => {
    it('is followed from either key to the other, and nothing is said of it', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry()] }));
      await sealAll(store, { keys: [OWN] });
      await rotateKey({ record: store, old: OWN, next: NEXT, at: AT, actor: 'user:ana' });
      await store.apply(changes({ journal: [entry()] }));
      await sealAll(store, { keys: [NEXT] });
      expect(await verified(store, [OWN])).toEqual(both({ followed: [publicText(NEXT)], unsigned: [] }));
      expect(await verified(store, [NEXT])).toEqual(both({ followed: [publicText(OWN)], unsigned: [] }));
      expect(await verified(store, [THIEF])).toEqual(both(expect.objectContaining({ fault: 'checkpoint-not-signed' })));
    });

    it('of before it was signed is named, and whole to whoever is given both keys', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry()] }));
      await store.apply(handOver(OWN, NEXT));
      await sealAll(store, { keys: [OWN, NEXT] });
      await store.apply(changes({ journal: [entry()] }));
      await sealAll(store, { keys: [NEXT] });
      const [{ seq } = { seq: 0 }] = await store.journal({ kind: 'log.key-rotated', limit: 1 });
      expect(await verified(store, [OWN, NEXT])).toEqual(both({ followed: [], unsigned: [seq] }));
      expect(await verified(store, [OWN])).toEqual(
        both(expect.objectContaining({ fault: 'checkpoint-not-signed', checkpoint: 3 })),
      );
    });

    it('that was written and not sealed, because the machine failed, is none that anybody forged', async () => {
      const { store } = await fresh();
      await store.apply(changes({ journal: [entry()] }));
      await sealAll(store, { keys: [OWN] });
      const failing = { ...store, seal: () => Promise.reject(new Error('the machine failed')) };
      await expect(rotateKey({ record: failing, old: OWN, next: NEXT, at: AT, actor: 'user:ana' })).rejects.toThrow();
      expect(await sealedByEngine(store)).toEqual([]);
      expect(await verified(store, [OWN])).toEqual(both({ followed: [], unsigned: [] }));
    });
  });
}

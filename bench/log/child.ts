/**
 * One part of the benchmark in a process of its own, so that its memory is nobody else's: `fill FILE LOOPS`, `seal FILE`,
 * `search FILE LOOPS TIMES`, `verify FILE`, `export FILE INTO` or `verify-export FILE`. The figures are the only line on stdout.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeLine } from '../../src/core/seal/export-lines.ts';
import { readSigningKey, secretText } from '../../src/core/seal/note-key.ts';
import { exportLog } from '../../src/journal/export-log.ts';
import { openTree, sealNext } from '../../src/journal/seal-log.ts';
import { verifyExport } from '../../src/journal/verify-export.ts';
import { verifyRecord } from '../../src/journal/verify-record.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import type { WholeRecord } from '../../src/store/whole-record.ts';
import { askedOf, fillLog } from './fill-log.ts';
import { measureMemory } from './memory.ts';
import { timed } from './timed.ts';

const [what = '', file = '', first = '', second = ''] = process.argv.slice(2);
const KEY = keyOf(readSigningKey(secretText('bench.example.org/hearback', new Uint8Array(32).fill(1))));
/** Entries under a checkpoint, as an engine under load seals them. */
const SEALED_AT_ONCE = 1_000;
const PAGE = 100;

function keyOf<K>(key: K | undefined): K {
  if (key === undefined) throw new Error('the key of the benchmark is a key');
  return key;
}

async function withStore<T>(readonly: boolean, work: (store: WholeRecord) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ file, readonly });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const PARTS: Readonly<Record<string, () => Promise<unknown>>> = {
  fill: () =>
    withStore(false, async (store) => {
      await fillLog(store, Number(first), (entries) => process.stderr.write(`  ${entries} entries written\n`));
      return {};
    }),
  seal: () =>
    withStore(false, async (log) => {
      const began = performance.now();
      let tree = await openTree(log, [KEY], undefined);
      for (let entries = 0; ; ) {
        const at = new Date().toISOString();
        const { sealing, now } = await sealNext(tree, { log, keys: [KEY], at, limit: SEALED_AT_ONCE });
        if (sealing.kind !== 'sealed' || now === undefined) return { entries, ms: performance.now() - began };
        entries += sealing.entries;
        tree = now;
      }
    }),
  search: () =>
    withStore(true, async (store) => {
      const loops = Number(first);
      const times = Number(second);
      const asked = (time: number) => askedOf((time * 7_919 + 13) % loops);
      const about = async (name: Parameters<WholeRecord['logSubjects']>[0]) => {
        const page = await store.searchLog({ about: await store.logSubjects(name), limit: PAGE });
        if (page.entries.length === 0) throw new Error('a search found nothing of what is there');
      };
      const page = async (query: Omit<Parameters<WholeRecord['searchLog']>[0], 'limit'>) => {
        if ((await store.searchLog({ ...query, limit: PAGE })).entries.length === 0)
          throw new Error('a search found nothing of what is there');
      };
      return {
        patient: await timed(times, (time) => about({ patient: asked(time).patient })),
        reference: await timed(times, (time) => about({ reference: asked(time).reference })),
        time: await timed(times, (time) => {
          const { since, until } = asked(time);
          return page({ since, until });
        }),
        partnerOfDay: await timed(times, (time) => {
          const { since, until, partner } = asked(time);
          return page({ since, until, partner });
        }),
        newest: await timed(times, () => page({ newestFirst: true })),
      };
    }),
  verify: () =>
    withStore(true, async (log) => {
      const began = performance.now();
      const whole = await verifyRecord({ log, keys: [KEY] });
      if ('kind' in whole) throw new Error(JSON.stringify(whole));
      return { entries: whole.entries, bodies: whole.bodies, ms: performance.now() - began };
    }),
  export: () =>
    withStore(true, async (log) => {
      const began = performance.now();
      const memory = measureMemory();
      const lines = exportLog({ log, keys: [KEY], at: new Date().toISOString() });
      async function* texts() {
        for await (const line of lines) yield `${writeLine(line)}\n`;
      }
      await pipeline(Readable.from(texts()), createWriteStream(first));
      return { ms: performance.now() - began, ...memory.end() };
    }),
  'verify-export': async () => {
    const began = performance.now();
    const memory = measureMemory();
    const whole = await verifyExport(createInterface({ input: createReadStream(file) }), { keys: [KEY] });
    if ('kind' in whole) throw new Error(JSON.stringify(whole));
    return { entries: whole.entries, ms: performance.now() - began, ...memory.end() };
  },
};

const part = PARTS[what];
if (part === undefined) throw new Error(`there is no part ${what}`);
process.stdout.write(JSON.stringify(await part()));

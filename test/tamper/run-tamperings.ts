import { LOG_KEY, type RecordPlace } from '../../bench/loop/town.ts';
import { keysOfLog } from '../../src/cli/log-keys.ts';
import { isFault } from '../../src/core/seal/check-log.ts';
import type { LogFault } from '../../src/core/seal/log-fault.ts';
import { readSigningKey, type VerifierKey } from '../../src/core/seal/note-key.ts';
import { verifyRecord } from '../../src/journal/verify-record.ts';
import { seeded } from '../fixtures/crash/seeded.ts';
import { administer } from './administrator.ts';
import { copyOf, openCopy } from './copies.ts';
import { readLog } from './log-in-database.ts';
import { TAMPERINGS } from './tamperings.ts';

export interface TamperOrder {
  readonly runs: number;
  readonly seed: number;
  /** Records that an engine has made. They are copied for each run and stay as they are. */
  readonly places: readonly RecordPlace[];
  readonly say: (line: string) => void;
  /** What is tried; the product's own when left out. */
  readonly verify?: typeof verifyRecord;
}

/**
 * So many tamperings, each with a copy of a record of its own: first the untouched copy must be whole, then what was done to
 * it must be found, and the place that is named must be the right one.
 * @returns how many were found
 */
export async function runTamperings({ runs, seed, places, say, verify = verifyRecord }: TamperOrder): Promise<number> {
  const random = seeded(seed);
  const pick = (before: number) => Math.floor(random() * before);
  const names = Object.keys(TAMPERINGS);
  let found = 0;
  for (let run = 0; run < runs; run += 1) {
    const place = places[run % places.length];
    const name = names[Math.floor(run / places.length) % names.length] ?? '';
    const tampering = TAMPERINGS[name];
    if (place === undefined || tampering === undefined) throw new Error('there is a record and a tampering');
    const copy = await copyOf(place, run);
    try {
      const kept = await lastCheckpointOf(copy.place);
      const before = await look(copy.place, kept, verify);
      if (isFault(before)) throw new Error(`the untouched record is not whole: ${JSON.stringify(before)}`);
      const database = await administer(copy.place);
      const log = await readLog(database);
      const deed = await tampering({ database, log, pick }).finally(() => database.close());
      const after = await look(copy.place, kept, verify);
      const isFound = isFault(after) && deed.isNamedBy(after);
      if (isFound) found += 1;
      else say(`run ${run}, ${place.kind}, ${name} (${deed.what}) is not named: ${JSON.stringify(after)}`);
    } finally {
      await copy.remove();
    }
  }
  return found;
}

type Whole = Exclude<Awaited<ReturnType<typeof verifyRecord>>, LogFault>;

async function look(
  place: RecordPlace,
  kept: readonly string[],
  verify: typeof verifyRecord,
): Promise<LogFault | Whole> {
  const log = await openCopy(place);
  try {
    /* As `hearback log verify` does: with the keys that the log names, to be found trustworthy or not. */
    return await verify({ log, keys: [publicKey()], candidates: await keysOfLog(log), kept });
  } finally {
    await log.close();
  }
}

/** As an auditor keeps one, before anything happens to the record. */
async function lastCheckpointOf(place: RecordPlace): Promise<string[]> {
  const log = await openCopy(place);
  try {
    const { checkpoint } = await log.logHead();
    return checkpoint === undefined ? [] : [checkpoint.note];
  } finally {
    await log.close();
  }
}

function publicKey(): VerifierKey {
  const key = readSigningKey(LOG_KEY);
  if (key === undefined) throw new Error('the town has a key');
  return key;
}

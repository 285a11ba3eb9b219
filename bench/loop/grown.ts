import { statSync } from 'node:fs';
import { aimLine, compete, figureOf } from './compete.ts';
import { type Carrier, planOf, startEngines } from './contenders.ts';
import { fillRecord } from './fill-record.ts';
import type { LoopBench } from './loop-bench.ts';
import { newRecord, type Prepared, RECORDED } from './prepare-script.ts';
import type { RecordPlace } from './town.ts';

/** Loops per second on an empty record, and on one that holds a million messages. */
export interface Grown {
  readonly empty: number | null;
  readonly million: number | null;
}

const MESSAGES = 1_000_000;
/** Of the speed on an empty record. */
const AIM = 0.9;

export interface GrownGiven {
  readonly prepared: Prepared;
  /** The record that holds the one loop. */
  readonly recorded: Extract<RecordPlace, { kind: 'sqlite' }>;
}

/** What a record that has grown does to an engine, on SQLite. */
export async function grown(bench: LoopBench, { prepared, recorded }: GrownGiven, messages = MESSAGES): Promise<Grown> {
  const { say, places, entry } = bench;
  const loops = Math.ceil(messages / (prepared.rows['message'] ?? 1));
  const large = { ...bench, place: places.sqlite('million') };
  await newRecord(planOf('million', large));
  const began = performance.now();
  fillRecord(large.place.file, { file: recorded.file, nhsNumber: RECORDED }, loops);
  const gigabytes = (statSync(large.place.file).size / 1e9).toFixed(1);
  say(
    `${messages} messages of ${loops} loops in ${gigabytes} GB, filled in ${Math.round((performance.now() - began) / 1_000)} s`,
  );
  const empty = await startEngines('empty', { entry, count: 1 }, { ...bench, place: places.sqlite('empty') });
  const million = await startEngines('million', { entry, count: 1 }, large);
  await untilIdle(million);
  const standings = await compete('SQLite, grown', bench, [empty, million]);
  say(aimLine('the large record, of the empty one,', standings.get('million')?.ratio ?? Number.NaN, AIM));
  await empty.stop();
  await million.stop();
  return { empty: figureOf(standings.get('empty')), million: figureOf(standings.get('million')) };
}

const LOOK_MS = 3_000;
/** Of one processor: what an engine needs that has nothing to do. */
const IDLE = 0.1;
const PATIENCE_MS = 900_000;

/** What was filled in has not been sealed: an engine begins with that, and would do it beside the loops. */
async function untilIdle(carrier: Carrier): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    const before = carrier.cpuMs();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (carrier.cpuMs() - before < IDLE * LOOK_MS) return;
  }
  throw new Error('the engine on the large record does not come to rest');
}

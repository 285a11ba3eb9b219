import { join } from 'node:path';
import { type CarrierGiven, startEngines } from './contenders.ts';
import type { LoopBench } from './loop-bench.ts';
import { type Areas, areasOf, profileFlags, readProfiles, sourcesBeside } from './profile.ts';
import { whyNoPostgres } from './record-place.ts';

const LOOPS = { quick: 150, thorough: 1_000 };
/** Smaller parts are summed up. */
const SHOWN = 0.01;

/** Where the processor time of one engine goes, on each database; null where it was not measured. */
export interface Profiled {
  readonly sqlite: Areas;
  readonly postgres: Areas | null;
}

/** Loops through one engine that writes a profile: a little slower than otherwise, and with its start in it. */
export async function profileEngines(bench: LoopBench): Promise<Profiled> {
  const { places } = bench;
  const sqlite = await profileOne('SQLite', { ...bench, place: places.sqlite('engine') }, bench);
  const absent = await whyNoPostgres();
  if (absent !== undefined) bench.say(`PostgreSQL: not measured: ${absent}`);
  const place = absent === undefined ? await places.postgres('engine') : undefined;
  return { sqlite, postgres: place === undefined ? null : await profileOne('PostgreSQL', { ...bench, place }, bench) };
}

async function profileOne(
  title: string,
  given: CarrierGiven,
  { say, isQuick, entry, directory }: LoopBench,
): Promise<Areas> {
  const into = join(directory, `profile-${given.place.kind}`);
  const engine = await startEngines('engine', { entry, count: 1, flags: profileFlags(into) }, given);
  await engine.carry(isQuick ? LOOPS.quick : LOOPS.thorough);
  const cost = `${engine.loops()} loops, ${engine.cpuMsPerLoop().toFixed(1)} ms of processor time each`;
  await engine.stop();
  const areas = areasOf(readProfiles(into), sourcesBeside());
  for (const line of ['', `${title}: ${cost}`, ...areas.filter(({ part }) => part >= SHOWN).map(areaLine)]) say(line);
  return areas.map(({ area, part }) => ({ area, part: Math.round(part * 1_000) / 1_000 }));
}

function areaLine({ area, part }: Areas[number]): string {
  return `${(part * 100).toFixed(1).padStart(5)} %  ${area}`;
}

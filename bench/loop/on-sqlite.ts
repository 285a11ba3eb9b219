import { statSync } from 'node:fs';
import { aimLine, compete, figureOf } from './compete.ts';
import { planOf, startBare, startEngines } from './contenders.ts';
import { type Latency, latencyAtHalfLoad } from './latency.ts';
import type { LoopBench } from './loop-bench.ts';
import { type Memory, memoryOverAnHour } from './memory.ts';
import { type Prepared, prepareScript } from './prepare-script.ts';
import type { RecordPlace } from './town.ts';

/** Loops per second, medians. */
export interface OnSqlite {
  readonly loops: number | null;
  readonly bare: number | null;
  readonly latency: Latency;
  readonly memory: Memory;
  /** Processor milliseconds of the engine a loop. */
  readonly cpuMs: number;
  /** Bytes of the record that a loop adds. */
  readonly disk: number;
  readonly prepared: Prepared;
  /** The record with the one loop that was written down. */
  readonly recorded: Extract<RecordPlace, { kind: 'sqlite' }>;
}

/** Of the bare script. */
export const AIM = 0.5;

export async function onSqlite(bench: LoopBench): Promise<OnSqlite> {
  const { entry, places, say } = bench;
  const script = { ...bench, place: places.sqlite('script') };
  const prepared = await prepareScript('script', planOf('script', script), bench.partners);
  say(`A loop: ${stepsOf(prepared)}.`);
  const bare = await startBare('bare', prepared, { ...bench, place: places.sqlite('bare') });
  const place = places.sqlite('engine');
  const engine = await startEngines('engine', { entry, count: 1 }, { ...bench, place });
  const standings = await compete('SQLite', bench, [bare, engine]);
  const standing = standings.get('engine');
  say(aimLine('one engine, of the bare script,', standing?.ratio ?? Number.NaN, AIM));
  const latency = await latencyAtHalfLoad(engine, standing?.median ?? 1, bench);
  const memory = await memoryOverAnHour(engine, bench);
  const cpuMs = Math.round(engine.cpuMsPerLoop() * 10) / 10;
  await Promise.all([bare.stop(), engine.stop()]);
  const disk = Math.round(statSync(place.file).size / engine.loops());
  say(`the record holds ${Math.round(disk / 1_000)} kB a loop`);
  const figures = { loops: figureOf(standing), bare: figureOf(standings.get('bare')), latency, memory, cpuMs, disk };
  return { ...figures, prepared, recorded: script.place };
}

/** What a loop is made of, in words. */
function stepsOf({ script, rows }: Prepared): string {
  const { segments } = script;
  const steps = segments.flatMap((segment) => segment.steps);
  const writes = segments.length + steps.filter(({ kind }) => kind === 'write').length;
  const sends = steps.filter(({ kind }) => kind === 'send').length;
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${segments.length} messages in, ${sends} out, ${writes} commits, ${all} rows left, ${rows['message']} of them messages`;
}

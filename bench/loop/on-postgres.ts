import { newBrokerPlace, whyNoBroker } from './broker-place.ts';
import { aimLine, compete, figureOf } from './compete.ts';
import { type Carrier, planOf, startBare, startEngines } from './contenders.ts';
import { type Latency, latencyAtHalfLoad } from './latency.ts';
import type { LoopBench } from './loop-bench.ts';
import { type Memory, memoryOverAnHour } from './memory.ts';
import { AIM } from './on-sqlite.ts';
import { prepareScript } from './prepare-script.ts';
import { ask, whyNoPostgres } from './record-place.ts';

/** Loops per second, medians; null where it was not measured. */
export interface OnPostgres {
  readonly loops: Readonly<Record<'1' | '2' | '4' | 'bare', number | null>>;
  readonly amqp: number | null;
  readonly latency: Latency | null;
  readonly memory: Memory | null;
  /** Processor milliseconds of one engine a loop. */
  readonly cpuMs: number | null;
  /** Bytes of the database that a loop adds. */
  readonly disk: number | null;
}

const NOTHING: OnPostgres = {
  loops: { '1': null, '2': null, '4': null, bare: null },
  amqp: null,
  latency: null,
  memory: null,
  cpuMs: null,
  disk: null,
};
const AMQP = 'engine-amqp';
const COUNTS = [1, 2, 4] as const;

export async function onPostgres(bench: LoopBench): Promise<OnPostgres> {
  const absent = await whyNoPostgres();
  if (absent !== undefined) {
    bench.say(`PostgreSQL and AMQP: not measured: ${absent}`);
    return NOTHING;
  }
  const { places, say } = bench;
  const script = { ...bench, place: await places.postgres('script') };
  const prepared = await prepareScript('script', planOf('script', script), bench.partners);
  const bare = await startBare('bare', prepared, { ...bench, place: await places.postgres('bare') });
  const place = await places.postgres('engine');
  const before = await sizeOf(place.address);
  const engine = await startEngines(nameOf(1), { entry: bench.entry, count: 1 }, { ...bench, place });
  const carriers = [bare, engine, await severalOf(2, bench), await severalOf(4, bench), ...(await overBroker(bench))];
  const standings = await compete('PostgreSQL', bench, carriers);
  const standing = standings.get(nameOf(1));
  say(aimLine('one engine, of the bare script,', standing?.ratio ?? Number.NaN, AIM));
  const latency = await latencyAtHalfLoad(engine, standing?.median ?? 1, bench);
  const memory = await memoryOverAnHour(engine, bench);
  const cpuMs = Math.round(engine.cpuMsPerLoop() * 10) / 10;
  await Promise.all(carriers.map((one) => one.stop()));
  const disk = Math.round(((await sizeOf(place.address)) - before) / engine.loops());
  say(`the record holds ${Math.round(disk / 1_000)} kB a loop`);
  const [one, two, four] = COUNTS.map((count) => figureOf(standings.get(nameOf(count))));
  const loops = { '1': one ?? null, '2': two ?? null, '4': four ?? null, bare: figureOf(standings.get('bare')) };
  return { loops, amqp: figureOf(standings.get(AMQP)), latency, memory, cpuMs, disk };
}

/** It stands in addresses and in names of databases, too. */
function nameOf(count: number): string {
  return count === 1 ? 'engine' : `engines-${count}`;
}

async function severalOf(count: number, bench: LoopBench): Promise<Carrier> {
  const place = await bench.places.postgres(`by${count}`);
  return startEngines(nameOf(count), { entry: bench.entry, count }, { ...bench, place });
}

/** One engine whose platform speaks AMQP; nobody where no broker answers. */
async function overBroker(bench: LoopBench): Promise<Carrier[]> {
  const absent = await whyNoBroker();
  if (absent !== undefined) {
    bench.say(`AMQP: not measured: ${absent}`);
    return [];
  }
  const broker = newBrokerPlace();
  bench.undo.push(broker.remove);
  const place = await bench.places.postgres('amqp');
  return [await startEngines(AMQP, { entry: bench.entry, count: 1, broker }, { ...bench, place })];
}

async function sizeOf(address: string): Promise<number> {
  const [row = {}] = await ask(address, 'select pg_database_size(current_database()) as bytes');
  return Number(row['bytes']);
}

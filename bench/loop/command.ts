import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pace, QUICK, takeTurns } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import type { Standing } from '../summarise.ts';
import { machineLine } from '../surroundings.ts';
import { tableLines } from '../table.ts';
import { newBrokerPlace, whyNoBroker } from './broker-place.ts';
import { bundleEngine } from './bundled-engine.ts';
import { type Carrier, IN_FLIGHT, planOf, startBare, startEngines } from './contenders.ts';
import { type Partners, startPartners } from './partners.ts';
import { prepareScript } from './prepare-script.ts';
import { newRecordPlaces, type RecordPlaces, whyNoPostgres } from './record-place.ts';

const PACES: Readonly<Record<'quick' | 'thorough', Pace>> = {
  quick: { rounds: 3, turnMs: 1_200, warmUpMs: 800 },
  thorough: { rounds: 7, turnMs: 6_000, warmUpMs: 4_000 },
};

/** Of the bare script. */
const AIM = 0.5;

const NOTES = [
  'Whole closed loops: referral in, delivered, three status events and an outcome in, three write-backs acknowledged, loop closed.',
  `Engines are \`hearback serve\` in processes of their own, and so are both ends; ${IN_FLIGHT} loops are under way at once. bare: the same`,
  'commits (the rows of a real loop, grouped alike) and the same calls, and nothing else. In turns; ratios round by round.',
];

/** Loops per second, medians; null where it was not measured. */
export interface LoopFigures {
  readonly sqlite: { readonly loops: number; readonly bare: number };
  readonly postgres: Readonly<Record<'1' | '2' | '4' | 'bare', number | null>>;
  readonly amqp: { readonly loops: number | null };
}

/** What every part of the benchmark needs. */
export interface LoopBench {
  readonly say: (line: string) => void;
  readonly isQuick: boolean;
  /** The bundled command. */
  readonly entry: string;
  readonly directory: string;
  readonly places: RecordPlaces;
  readonly partners: Partners;
  /** How to end what was started, should something fail. */
  readonly undo: (() => Promise<unknown>)[];
}

/** Whole closed loops per second, beside a script that makes the same commits and calls. */
export async function benchLoop({ say, pace }: BenchOutput): Promise<LoopFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-loop-'));
  const places = newRecordPlaces(directory);
  const engine = bundleEngine();
  const partners = await startPartners();
  const undo = [partners.stop];
  for (const line of [machineLine(), ...NOTES]) say(line);
  try {
    return await measure({ say, isQuick: pace === QUICK, entry: engine.entry, directory, places, partners, undo });
  } finally {
    for (const end of undo.reverse()) await end();
    await places.remove();
    engine.remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(bench: LoopBench): Promise<LoopFigures> {
  const sqlite = await onSqlite(bench);
  const absent = await whyNoPostgres();
  if (absent !== undefined) {
    bench.say(`PostgreSQL and AMQP: not measured: ${absent}`);
    return { sqlite, postgres: { '1': null, '2': null, '4': null, bare: null }, amqp: { loops: null } };
  }
  return { sqlite, ...(await onPostgres(bench)) };
}

async function onSqlite(bench: LoopBench): Promise<LoopFigures['sqlite']> {
  const { entry, places } = bench;
  const script = { ...bench, place: places.sqlite('script') };
  const prepared = await prepareScript('script', planOf('script', script), bench.partners);
  const standings = await compete('SQLite', bench, [
    await startBare('bare', prepared, { ...bench, place: places.sqlite('bare') }),
    await startEngines('engine', { entry, count: 1 }, { ...bench, place: places.sqlite('engine') }),
  ]);
  return { loops: standings.get('engine') ?? Number.NaN, bare: standings.get('bare') ?? Number.NaN };
}

async function onPostgres(bench: LoopBench): Promise<Pick<LoopFigures, 'postgres' | 'amqp'>> {
  const { entry, places } = bench;
  const script = { ...bench, place: await places.postgres('script') };
  const prepared = await prepareScript('script', planOf('script', script), bench.partners);
  const carriers = [await startBare('bare', prepared, { ...bench, place: await places.postgres('bare') })];
  for (const count of [1, 2, 4])
    carriers.push(
      await startEngines(
        enginesName(count),
        { entry, count },
        { ...bench, place: await places.postgres(`by${count}`) },
      ),
    );
  const absent = await whyNoBroker();
  const broker = newBrokerPlace();
  if (absent === undefined) bench.undo.unshift(broker.remove);
  if (absent === undefined)
    carriers.push(
      await startEngines(AMQP, { entry, count: 1, broker }, { ...bench, place: await places.postgres('amqp') }),
    );
  else bench.say(`AMQP: not measured: ${absent}`);
  const standings = await compete('PostgreSQL', bench, carriers);
  const of = (name: string) => standings.get(name) ?? null;
  const postgres = { '1': of(enginesName(1)), '2': of(enginesName(2)), '4': of(enginesName(4)), bare: of('bare') };
  return { postgres, amqp: { loops: of(AMQP) } };
}

const AMQP = 'engine-amqp';

/** It stands in addresses and in names of databases, too. */
function enginesName(count: number): string {
  return count === 1 ? 'engine' : `engines-${count}`;
}

/** Lets them take turns, stops them, and tells of them. Gives loops per second by name. */
async function compete(
  title: string,
  { say, isQuick }: LoopBench,
  carriers: readonly Carrier[],
): Promise<ReadonlyMap<string, number>> {
  const standings = await takeTurns(carriers, isQuick ? PACES.quick : PACES.thorough);
  for (const line of ['', ...tableLines(title, standings)]) say(line);
  for (const one of carriers) say(costLine(one));
  for (const one of carriers) await one.stop();
  for (const line of aimLine(standings)) say(line);
  return new Map(standings.map(({ name, median }) => [name, Math.round(median * 10) / 10]));
}

function costLine(one: Carrier): string {
  const megabytes = Math.round(one.resident() / 1_000_000);
  return `${one.name}: ${one.loops()} loops, ${one.cpuMsPerLoop().toFixed(1)} ms of processor time each, ${megabytes} MB resident`;
}

function aimLine(standings: readonly Standing[]): string[] {
  const engine = standings.find(({ name }) => name === enginesName(1));
  if (engine === undefined) return [];
  const verdict = engine.ratio >= AIM ? 'reached' : 'missed';
  return [`aim ${verdict}: one engine at ${engine.ratio.toFixed(2)} of the bare script (at least ${AIM})`];
}

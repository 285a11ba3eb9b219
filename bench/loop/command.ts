import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK } from '../interleave.ts';
import type { BenchOutput } from '../output.ts';
import { machineLine } from '../surroundings.ts';
import { bundleEngine } from './bundled-engine.ts';
import { IN_FLIGHT } from './contenders.ts';
import { type Grown, grown } from './grown.ts';
import type { LoopBench } from './loop-bench.ts';
import { type OnPostgres, onPostgres } from './on-postgres.ts';
import { type OnSqlite, onSqlite } from './on-sqlite.ts';
import { startPartners } from './partners.ts';
import { type Profiled, profileEngines } from './profile-engines.ts';
import { newRecordPlaces } from './record-place.ts';

const notes = (inFlight: number) => [
  'Whole closed loops: referral in, delivered, three status events and an outcome in, three write-backs acknowledged, loop closed.',
  `Engines are \`hearback serve\` in processes of their own, and so are both ends; ${inFlight} loops are under way at once. bare: the same`,
  'commits (the rows of a real loop, grouped alike) and the same calls, and nothing else. In turns; ratios round by round.',
];

/** Loops per second, medians; null where it was not measured. The rest is what docs/sizing.md reckons with. */
export interface LoopFigures {
  readonly sqlite: Pick<OnSqlite, 'loops' | 'bare'>;
  readonly postgres: OnPostgres['loops'];
  readonly amqp: { readonly loops: number | null };
  /** Left out when quick. */
  readonly grown?: Grown;
  readonly latency: Readonly<Record<'sqlite' | 'postgres', OnPostgres['latency']>>;
  readonly memory: Readonly<Record<'sqlite' | 'postgres', OnPostgres['memory']>>;
  readonly cpuMs: Readonly<Record<'sqlite' | 'postgres', number | null>>;
  readonly disk: Readonly<Record<'sqlite' | 'postgres', number | null>>;
}

/** Whole closed loops per second, beside a script that makes the same commits and calls. */
export async function benchLoop({ say, pace, isProfile }: BenchOutput): Promise<LoopFigures | Profiled> {
  const directory = mkdtempSync(join(tmpdir(), 'hearback-bench-loop-'));
  const places = newRecordPlaces(directory);
  const undo: LoopBench['undo'] = [async () => rmSync(directory, { recursive: true, force: true }), places.remove];
  let clearing: Promise<void> | undefined;
  const clear = (): Promise<void> => {
    clearing ??= (async () => {
      for (const end of undo.reverse()) await end();
    })();
    return clearing;
  };
  // Engines go on without whoever started them.
  const giveUp = () => void clear().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, giveUp);
  const isQuick = pace === QUICK;
  const inFlight = isQuick ? IN_FLIGHT.quick : IN_FLIGHT.thorough;
  for (const line of [machineLine(), ...notes(inFlight)]) say(line);
  try {
    const engine = bundleEngine();
    undo.push(async () => engine.remove());
    const partners = await startPartners();
    undo.push(partners.stop);
    const bench = { say, isQuick, inFlight, entry: engine.entry, directory, places, partners, undo };
    return await (isProfile ? profileEngines(bench) : measure(bench));
  } finally {
    for (const signal of SIGNALS) process.off(signal, giveUp);
    await clear();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

async function measure(bench: LoopBench): Promise<LoopFigures> {
  const sqlite = await onSqlite(bench);
  const postgres = await onPostgres(bench);
  const both = <K extends 'latency' | 'memory' | 'cpuMs' | 'disk'>(name: K) => ({
    sqlite: sqlite[name],
    postgres: postgres[name],
  });
  return {
    sqlite: { loops: sqlite.loops, bare: sqlite.bare },
    postgres: postgres.loops,
    amqp: { loops: postgres.amqp },
    ...(!bench.isQuick && { grown: await grown(bench, sqlite) }),
    latency: both('latency'),
    memory: both('memory'),
    cpuMs: both('cpuMs'),
    disk: both('disk'),
  };
}

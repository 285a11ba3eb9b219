import { join } from 'node:path';
import type { Worker } from '../interleave.ts';
import type { BrokerOrder } from './amqp-platform-process.ts';
import { openTables, type ReadTables } from './bare/tables.ts';
import type { BareOrder } from './bare-process.ts';
import { startOrdered } from './orders.ts';
import type { Partners } from './partners.ts';
import { newRecord, type Prepared } from './prepare-script.ts';
import { cpuMsOf, residentOf, type ServeProcess, startServe } from './serve-process.ts';
import { type RecordPlace, type TownPlan, writeTown } from './town.ts';

/** Somebody between both ends who carries whole loops. */
export interface Carrier extends Worker {
  /** So many loops; gives loops per second. */
  carry(loops: number): Promise<number>;
  /** Where messages are taken. */
  readonly urls: readonly string[];
  /** Referrals at an even pace; gives the milliseconds from each one's acceptance to its delivery. */
  pace(order: { readonly perSecond: number; readonly ms: number }): Promise<readonly number[]>;
  /** Processor milliseconds of its own processes a loop, over all turns so far. */
  cpuMsPerLoop(): number;
  /** Processor milliseconds of its own processes since they began. */
  cpuMs(): number;
  /** Resident memory of its processes, in bytes. */
  resident(): number;
  /** Loops so far, all of which came to their end. */
  loops(): number;
  /** Stops it, and sees in the record that every loop is closed, or has left the rows of a whole one. */
  stop(): Promise<void>;
}

export interface CarrierGiven {
  readonly partners: Partners;
  /** Loops under way at once. */
  readonly inFlight: number;
  /** Where it may write. */
  readonly directory: string;
  readonly place: RecordPlace;
  /** Is given how to end what was started, should something fail. */
  readonly undo: (() => Promise<unknown>)[];
}

/** Loops under way at once, for everybody: a turn is at least so many, so a quick one is done with fewer. */
export const IN_FLIGHT = { quick: 12, thorough: 32 };

export interface Engines {
  readonly count: number;
  /** The bundled command. */
  readonly entry: string;
  /** Of Node itself. */
  readonly flags?: readonly string[];
  /** Left out: the platform speaks webhooks. */
  readonly broker?: BrokerOrder;
}

/** So many engines on one record. */
export async function startEngines(name: string, engines: Engines, given: CarrierGiven): Promise<Carrier> {
  const { broker } = engines;
  const plan = planOf(name, given);
  const config = writeTown(broker === undefined ? plan : { ...plan, platform: { kind: 'amqp', ...broker } });
  const processes: ServeProcess[] = [];
  // They start at once, as after a failure of power.
  const starts = Array.from({ length: engines.count }, () => startServe(engines.entry, config, engines.flags));
  for (const start of await Promise.allSettled(starts)) {
    if (start.status === 'rejected') throw start.reason;
    given.undo.push(start.value.stop);
    processes.push(start.value);
  }
  const platform = broker && startOrdered('amqp-platform-process.ts');
  if (platform) given.undo.push(platform.stop);
  await platform?.ask('work', broker);
  const tables = await openTables(given.place);
  const before = await tables.closedLoops();
  return carrier(name, given, {
    urls: processes.map(({ url }) => url),
    pids: processes.map(({ pid }) => pid),
    async stop(loops) {
      await platform?.stop();
      await Promise.all(processes.map((one) => one.stop()));
      const closed = (await tables.closedLoops()) - before;
      await tables.close();
      if (closed !== loops) throw new Error(`${name}: ${loops} loops came to their end, and ${closed} are closed`);
    },
  });
}

/** The bare script on a record of its own. */
export async function startBare(name: string, prepared: Prepared, given: CarrierGiven): Promise<Carrier> {
  await newRecord(planOf(name, given));
  const bare = startOrdered('bare-process.ts');
  given.undo.push(bare.stop);
  const { script, names } = prepared;
  const addresses = { gp: given.partners.gp, platform: given.partners.platform(name) };
  const url = await bare.ask<string>('listen', { script, names, place: given.place, ...addresses } satisfies BareOrder);
  const tables = await openTables(given.place);
  const before = await tables.count();
  return carrier(name, given, {
    urls: [url],
    pids: [bare.pid],
    async stop(loops) {
      await bare.ask('finish');
      await bare.stop();
      await assertWhole(name, tables, { before, loops, rows: prepared.rows });
    },
  });
}

interface Expected {
  readonly before: Readonly<Record<string, number>>;
  readonly loops: number;
  /** Of each loop. */
  readonly rows: Readonly<Record<string, number>>;
}

/** @throws when not every loop has left the rows of a whole one: then speeds cannot be compared */
async function assertWhole(name: string, tables: ReadTables, { before, loops, rows }: Expected): Promise<void> {
  const after = await tables.count();
  await tables.close();
  for (const [table, each] of Object.entries(rows)) {
    const left = (after[table] ?? 0) - (before[table] ?? 0);
    if (left !== each * loops)
      throw new Error(`${name}: ${loops} loops left ${left} rows in ${table}, not ${each} each`);
  }
}

/** What stands between the ends under this name. */
export function planOf(name: string, { directory, place, partners }: Omit<CarrierGiven, 'inFlight'>): TownPlan {
  return {
    directory: join(directory, name),
    record: place,
    gp: partners.gp,
    platform: { kind: 'webhook', url: partners.platform(name) },
  };
}

interface Started {
  readonly urls: readonly string[];
  readonly pids: readonly number[];
  /** @param loops that must have come to their end */
  stop(loops: number): Promise<void>;
}

async function carrier(
  name: string,
  { partners, inFlight }: CarrierGiven,
  { urls, pids, stop }: Started,
): Promise<Carrier> {
  await partners.reportTo(name, urls);
  const cpuMs = () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  let [loops, measured, spent] = [0, 0, 0];
  const load = async (order: { readonly ms: number; readonly loops?: number }): Promise<number> => {
    const before = cpuMs();
    const came = await partners.load({ inFlight, ...order }, urls);
    loops += came.loops;
    measured += came.loops;
    spent += cpuMs() - before;
    return came.perSecond;
  };
  return {
    name,
    urls,
    turn: (ms) => load({ ms }),
    carry: (count) => load({ ms: Number.MAX_SAFE_INTEGER, loops: count }),
    async pace(order) {
      const delays = await partners.pace(order, urls);
      loops += delays.length;
      return delays;
    },
    cpuMsPerLoop: () => spent / measured,
    cpuMs,
    resident: () => pids.reduce((sum, pid) => sum + residentOf(pid), 0),
    loops: () => loops,
    stop: () => stop(loops),
  };
}

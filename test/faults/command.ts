import { parseArgs } from 'node:util';
import type { CrowdPlatform } from '../fixtures/crash/crowd.ts';
import { type EngineShed, openEngineShed } from '../fixtures/engines/engine-process.ts';
import { PLANTS, type Plant } from '../fixtures/engines/planted-store.ts';
import { KINDS, type Kind, planRuns, type RunPlan } from './plan.ts';
import { type RunResult, run } from './run.ts';
import { type OpenServers, openServers } from './servers.ts';
import { addRun, isClean, newTally, type Tally } from './tally.ts';
import { openWorld, type World } from './world.ts';

export interface Streams {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

interface Asked {
  readonly runs: number;
  readonly seed: number;
  readonly json: boolean;
  readonly patienceMs: number;
  readonly leaseMs: number;
  readonly kinds: readonly Kind[];
  readonly plant?: Plant;
}

const USAGE = `Usage: npm run faults -- [--runs N] [--seed N] [--kind NAME] [--patience SECONDS] [--lease SECONDS] [--plant NAME] [--json]
  --runs      how many runs, kinds in turns; 12 when left out
  --seed      the same one gives the same traffic and the same blows; 7 when left out
  --kind      one kind alone, of ${KINDS.join(', ')}
  --patience  how long a run may take until everything has come to its end, in seconds; 180 when left out
  --lease     after how long engines take up each other's work, in seconds; 3 when left out, and 30 in service
  --plant     gives the engines a bug, which must be found: ${PLANTS.join(', ')}
  --json      the counts as the only, and last, line on stdout; everything else on stderr`;

/** A world is used for so many runs: partners and record grow, and to look through them takes longer. */
const RUNS_A_WORLD = 10;

/** As shells have it for SIGINT. */
const INTERRUPTED = 130;

/**
 * Runs faults. Gives the exit code: 0 nothing was lost, doubled, disordered or stuck; 1 something was, or nothing ran; 2 the command
 * is wrong.
 * @param stopped resolves when somebody wants it to end
 */
export async function runFaults(
  args: readonly string[],
  { out, error }: Streams,
  stopped: Promise<void> = new Promise(() => undefined),
): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    error(USAGE);
    return 2;
  }
  const say = asked.json ? error : out;
  const servers = await openServers(asked.kinds, say);
  try {
    // Servers outlive whoever started them: they are stopped also when somebody stops us.
    const tally = await Promise.race([runAll(asked, servers, say), stopped]);
    if (tally === undefined) return INTERRUPTED;
    out(JSON.stringify(tally));
    return isClean(tally) ? 0 : 1;
  } finally {
    await servers.close();
  }
}

async function runAll(asked: Asked, servers: OpenServers, say: (line: string) => void): Promise<Tally> {
  const kinds = asked.kinds.filter((kind) => servers.skipped[kind] === undefined);
  if (kinds.length === 0) return newTally(servers.skipped);
  const platforms: readonly CrowdPlatform[] = servers.rabbitmq
    ? ['casework', 'springboard', 'piecemeal']
    : ['casework', 'springboard'];
  const shed = openEngineShed();
  const worlds = newWorlds(asked, { servers, platforms, shed });
  let tally = newTally(servers.skipped);
  const byKind = new Map(kinds.map((kind) => [kind, newTally({})]));
  try {
    for (const plan of planRuns({ ...asked, kinds, platforms })) {
      const result = await runOne(plan, worlds, asked.patienceMs);
      tally = addRun(tally, result);
      byKind.set(plan.kind, addRun(byKind.get(plan.kind) ?? newTally({}), result));
      tell(plan, result, say);
      // After a run that went wrong the next one begins on clean ground.
      if (!isClean(addRun(newTally({}), result))) await worlds.close();
    }
    for (const [kind, counts] of byKind) say(`${kind}: ${JSON.stringify(counts)}`);
    return tally;
  } finally {
    await worlds.close();
    await shed.close();
  }
}

/** One that ends in a fault is a run that is stuck: what went before and comes after counts all the same. */
async function runOne(plan: RunPlan, worlds: Worlds, patienceMs: number): Promise<RunResult> {
  try {
    return await run(plan, await worlds.of(plan), patienceMs);
  } catch (fault) {
    const what = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    const nothing = { lost: [], doubled: [], outOfOrder: [], logFaults: [], struck: [], messages: 0, repeated: 0 };
    return { ...nothing, decided: 0, seconds: [0, 0, 0], stuck: [`the run did not come to its end: ${what}`] };
  }
}

type Worlds = ReturnType<typeof newWorlds>;

interface Given {
  readonly servers: OpenServers;
  readonly platforms: readonly CrowdPlatform[];
  readonly shed: EngineShed;
}

/** The world of each store, opened when it is needed and anew after some runs. */
function newWorlds({ plant, leaseMs }: Asked, { servers, platforms, shed }: Given) {
  const open = new Map<'sqlite' | 'postgres', { readonly world: World; runs: number }>();
  const close = async (store: 'sqlite' | 'postgres'): Promise<void> => {
    await open.get(store)?.world.stop();
    open.delete(store);
  };
  return {
    async of({ kind }: RunPlan): Promise<World> {
      const store = kind === 'disk' ? 'sqlite' : 'postgres';
      if ((open.get(store)?.runs ?? 0) >= RUNS_A_WORLD) await close(store);
      const orders = { leaseMs, ...(plant && { plant }) };
      const current = open.get(store) ?? {
        world: await openWorld({ store, servers, platforms, shed, orders }),
        runs: 0,
      };
      current.runs += 1;
      open.set(store, current);
      return current.world;
    },
    async close(): Promise<void> {
      for (const store of [...open.keys()]) await close(store);
    },
  };
}

function tell({ run: number, kind, people }: RunPlan, result: RunResult, say: (line: string) => void): void {
  const { struck, messages, repeated, decided, seconds, ...verdict } = result;
  const wrong = Object.entries(verdict).flatMap(([name, found]) => found.map((one: string) => `    ${name}: ${one}`));
  say(
    `run ${number} ${kind}: ${struck.join(', ')}; ${people.length} referrals, ${messages} messages acknowledged, ${repeated} requests repeated, ${decided} decided by a person, ${seconds.map((one) => one.toFixed(1)).join(' + ')} s; ${wrong.length === 0 ? 'nothing wrong' : `${wrong.length} wrong`}`,
  );
  for (const one of wrong.slice(0, 20)) say(one);
}

function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '12' },
        seed: { type: 'string', default: '7' },
        kind: { type: 'string' },
        patience: { type: 'string', default: '180' },
        lease: { type: 'string', default: '3' },
        plant: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [runs, seed, patience, lease] = [values.runs, values.seed, values.patience, values.lease].map(wholeNumber);
    const kinds = values.kind === undefined ? KINDS : KINDS.filter((kind) => kind === values.kind);
    const plant = PLANTS.find((one) => one === values.plant);
    if (!runs || seed === undefined || patience === undefined || !lease || kinds.length === 0) return undefined;
    if (values.plant !== undefined && plant === undefined) return undefined;
    return {
      runs,
      seed,
      json: values.json,
      patienceMs: patience * 1_000,
      leaseMs: lease * 1_000,
      kinds,
      ...(plant && { plant }),
    };
  } catch {
    return undefined;
  }
}

function wholeNumber(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

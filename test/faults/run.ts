import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveHold } from '../../src/flow/person-decides.ts';
import { roadParts } from '../../src/main.ts';
import type { Log } from '../../src/ports.ts';
import { openRecord } from '../../src/wire-record.ts';
import type { Referred } from '../fixtures/crash/stubborn-gp.ts';
import { isTaken } from '../fixtures/crash/tap.ts';
import { judge, type Verdict } from './judge.ts';
import { countReferrals, gather, type Look, lookInto, mark } from './look.ts';
import type { RunPlan } from './plan.ts';
import { strike } from './strike.ts';
import { verifyLog } from './verify-log.ts';
import type { World } from './world.ts';

export interface RunResult extends Verdict {
  /** Messages that were acknowledged: referrals, cancellations, reports. */
  readonly messages: number;
  /** What was struck and when, in words. */
  readonly struck: readonly string[];
  /** Requests of GP systems that had to be made again. */
  readonly repeated: number;
  /** Deliveries in doubt that a person decided. */
  readonly decided: number;
  readonly seconds: number;
}

const CLERKS = 4;
const LOOK_MS = 250;
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Sends a run's people through a world, strikes it meanwhile, waits until everything has come to its end, and judges. */
export async function run(plan: RunPlan, world: World, patienceMs: number): Promise<RunResult> {
  const began = performance.now();
  const look = await lookInto(world);
  try {
    const since = await mark(world, look);
    for (const { nhsNumber, steps } of plan.people) world.playbooks.set(nhsNumber, steps);
    const patience = AbortSignal.timeout(patienceMs);
    // Everybody who waits listens to it.
    setMaxListeners(0, patience);
    const [{ referred, unanswered }, struck] = await Promise.all([
      referAll(plan, world, patience),
      strikeAll(plan, world),
    ]);
    const { decided, stuck: unended } = await untilEnded(world, look, referred, patience);
    const stuck = [...unanswered, ...unended];
    const evidence = await gather(world, look, referred, since);
    const newReferrals = (await countReferrals(look.store)) - since.referrals;
    const reports = evidence.platforms.flatMap(({ answered }) => answered.filter(({ status }) => status < 300));
    return {
      ...judge({ evidence, people: plan.people, newReferrals, stuck, logFaults: await verifyLog(evidence, look) }),
      messages: referred.length + plan.people.filter(({ cancelled }) => cancelled).length + reports.length,
      struck,
      repeated: referred.reduce((sum, { tries }) => sum + tries - 1, 0),
      decided,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await look.close();
  }
}

/** Blows may fall while others last: an engine can be killed while it starts. */
async function strikeAll({ strikes }: RunPlan, world: World): Promise<string[]> {
  return Promise.all(
    strikes.map(async (blow) => {
      await sleep(blow.afterMs);
      return `${await strike(blow, world)} at ${blow.afterMs} ms`;
    }),
  );
}

interface Told {
  readonly referred: readonly Referred[];
  /** What the practice was not answered while its patience lasted. */
  readonly unanswered: readonly string[];
}

/** Several clerks at once, each one referral after the other. */
async function referAll({ people, pausesMs }: RunPlan, world: World, patience: AbortSignal): Promise<Told> {
  const waiting = [...people.entries()];
  const referred: Referred[] = [];
  const unanswered: string[] = [];
  const cancelling: Promise<void>[] = [];
  const inTime = <T>(what: string, asked: Promise<T>): Promise<T | undefined> =>
    Promise.race([asked, over(patience)]).catch((fault: unknown) => {
      unanswered.push(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`);
      return undefined;
    });
  const clerk = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [nth, { nhsNumber, bundle, cancelled }] = next;
      await sleep(pausesMs[nth] ?? 0);
      const one = await inTime(`the referral in place ${nth}`, world.gp.refer(nhsNumber, bundle));
      if (one === undefined) continue;
      referred.push(one);
      if (cancelled) cancelling.push(cancelUnderWay(one, world, inTime));
    }
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
  await Promise.all(cancelling);
  return { referred, unanswered };
}

type InTime = <T>(what: string, asked: Promise<T>) => Promise<T | undefined>;

async function cancelUnderWay({ task }: Referred, { gp }: World, inTime: InTime): Promise<void> {
  for (;;) {
    const read = await inTime(`reading ${task}`, gp.read(task));
    if (read === undefined) return;
    if (read.status === 'in-progress') break;
    await sleep(LOOK_MS);
  }
  await inTime(`cancelling ${task}`, gp.cancel(task));
}

function over(patience: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('the patience was over'));
    if (patience.aborted) end();
    else patience.addEventListener('abort', end, { once: true });
  });
}

/** Waits for the end of everything, deciding what is in doubt, as long as the patience lasts. */
async function untilEnded(world: World, look: Look, referred: readonly Referred[], patience: AbortSignal) {
  let decided = 0;
  for (;;) {
    decided += await decideDoubts(world, look);
    const stuck = await unfinished(world, look, referred);
    if (stuck.length === 0 || patience.aborted || world.engines.crashed().length > 0) return { decided, stuck };
    await sleep(LOOK_MS);
  }
}

async function unfinished(world: World, { store }: Look, referred: readonly Referred[]): Promise<string[]> {
  const open: string[] = [];
  for (const loop of await store.loops({ status: 'open', limit: 1_000 })) open.push(`the loop ${loop.id} is open`);
  const known = await Promise.all(referred.map(({ task }) => store.resource('Task', task)));
  const holds = (await store.holds({ open: true })).map(({ id, kind }) => `the hold ${id} (${kind}) is open`);
  const idle = {
    casework: world.casework,
    springboard: world.springboard,
    ...(world.piecemeal && { piecemeal: world.piecemeal }),
  };
  return [
    ...world.engines.crashed().map((nth) => `engine ${nth} ended by itself`),
    ...open,
    ...holds,
    ...Object.entries(idle).flatMap(([name, one]) => (one.idle() ? [] : [`${name} has not been answered`])),
    ...(known.includes(undefined) && open.length > 0 ? ['a referral is not in the record'] : []),
  ];
}

/** A person asks the platform that is not idempotent about every delivery in doubt. Gives how many there were. */
async function decideDoubts({ taps }: World, { setup, store }: Look): Promise<number> {
  const doubts = (await store.holds({ open: true })).filter(({ kind }) => kind === 'ambiguous-delivery');
  if (doubts.length === 0) return 0;
  const record = await openRecord(setup);
  const parts = roadParts(setup, { store: record, log: SILENT });
  try {
    for (const hold of doubts) {
      const arrived = taps.springboard.arrived.some((one) => hold.key === `leg|${one.id}` && isTaken(one));
      const then = arrived ? 'abandon' : 'retry';
      await resolveHold({ hold, by: 'user:person', reason: 'looked at the partner', then }, parts);
    }
    return doubts.length;
  } finally {
    await Promise.all([...parts.outlets.values()].map((outlet) => outlet.stop()));
    await record.close();
  }
}

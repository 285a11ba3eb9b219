import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveHold } from '../../src/flow/desk/person-decides.ts';
import type { Log } from '../../src/ports.ts';
import { openRecord } from '../../src/wire-record.ts';
import { roadParts } from '../../src/wire-road.ts';
import type { Evidence } from '../fixtures/crash/evidence.ts';
import { isAtWork } from '../fixtures/crash/is-at-work.ts';
import { isTaken } from '../fixtures/crash/tap.ts';
import { judge, type Verdict } from './judge.ts';
import { countReferrals, gather, type Look, lookInto, mark, referralsOf } from './look.ts';
import type { RunPlan } from './plan.ts';
import { referAll, type Told } from './refer-all.ts';
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
  /** How long it was struck and spoken to, how long until everything had come to its end, and how long it was judged. */
  readonly seconds: readonly [struck: number, ended: number, judged: number];
}

const LOOK_MS = 100;
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Sends a run's people through a world, strikes it meanwhile, waits until everything has come to its end, and judges. */
export async function run(plan: RunPlan, world: World, patienceMs: number): Promise<RunResult> {
  const moments = [performance.now()];
  const note = () => moments.push(performance.now());
  const look = await lookInto(world);
  try {
    const since = await mark(world, look);
    for (const { nhsNumber, steps } of plan.people) world.playbooks.set(nhsNumber, steps);
    const patience = AbortSignal.timeout(patienceMs);
    // Everybody who waits listens to it.
    setMaxListeners(0, patience);
    const [told, struck] = await Promise.all([referAll(plan, world, patience), strikeAll(plan, world)]);
    note();
    const { decided, stuck: unended } = await untilEnded(world, look, told, patience);
    note();
    const stuck = [...told.unanswered, ...unended];
    const evidence = await gather(world, look, told, since);
    const unknown = [...(await unknownOf(look, told)), ...(stuck.length > 0 ? await unrecorded(look, evidence) : [])];
    const newReferrals = (await countReferrals(look.store)) - since.referrals;
    const reports = evidence.platforms.flatMap(({ answered }) => answered.filter(({ status }) => status < 300));
    const referred = [...told.overFhir, ...told.overHl7];
    const logFaults = await verifyLog(evidence, look);
    note();
    const { answeredOtherwise } = told;
    const counts = { newReferrals, acknowledged: referred.length, unknown, answeredOtherwise };
    return {
      ...judge({ evidence, people: plan.people, ...counts, stuck, logFaults }),
      messages: referred.length + told.cancelled + reports.length,
      struck,
      repeated: referred.reduce((sum, { tries }) => sum + tries - 1, 0),
      decided,
      seconds: secondsBetween(moments),
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

function secondsBetween([began = 0, struck = 0, ended = 0, judged = 0]: readonly number[]): RunResult['seconds'] {
  return [(struck - began) / 1_000, (ended - struck) / 1_000, (judged - ended) / 1_000];
}

/** What was acknowledged to a practice and has no referral in the record. */
async function unknownOf(look: Look, told: Told): Promise<string[]> {
  const found = [...(await referralsOf(look, told))];
  return found
    .filter(([, referral]) => referral === undefined)
    .map(([name]) => `the referral ${name} was acknowledged and is not in the record`);
}

/**
 * Reports that were acknowledged and of which the record has no message. Asked for where something is stuck: a report may not have
 * had its effect yet then, but one that is not there never will.
 */
async function unrecorded({ store }: Look, { platforms }: Evidence): Promise<string[]> {
  const lost: string[] = [];
  for (const { partner, answered } of platforms) {
    for (const { id } of answered.filter(({ status }) => status < 300)) {
      const { messages } = await store.logSubjects({ message: id });
      if (messages.length === 0) lost.push(`report ${id} of ${partner} was acknowledged and is not in the record`);
    }
  }
  return lost;
}

/** Waits for the end of everything, deciding what is in doubt, as long as the patience lasts. */
async function untilEnded(world: World, look: Look, told: Told, patience: AbortSignal) {
  let decided = 0;
  for (;;) {
    decided += await decideDoubts(world, look);
    const stuck = await unfinished(world, look, told);
    if (stuck.length === 0 || patience.aborted || world.engines.crashed().length > 0) return { decided, stuck };
    await sleep(LOOK_MS);
  }
}

async function unfinished(world: World, look: Look, told: Told): Promise<string[]> {
  const { store } = look;
  const open: string[] = [];
  for (const loop of await store.loops({ status: 'open', limit: 1_000 })) open.push(`the loop ${loop.id} is open`);
  const isUnknown = open.length > 0 && [...(await referralsOf(look, told)).values()].includes(undefined);
  const holds = (await store.holds({ open: true })).map(({ id, kind }) => `the hold ${id} (${kind}) is open`);
  const idle = {
    casework: world.casework,
    springboard: world.springboard,
    ...(world.piecemeal && { piecemeal: world.piecemeal }),
  };
  const isQuiet = open.length === 0 && holds.length === 0;
  return [
    ...world.engines.crashed().map((nth) => `engine ${nth} ended by itself`),
    ...open,
    ...holds,
    ...(isQuiet ? await onTheWay(world, look) : []),
    ...Object.entries(idle).flatMap(([name, one]) => (one.idle() ? [] : [`${name} has not been answered`])),
    ...(isUnknown ? ['a referral is not in the record'] : []),
  ];
}

/** A loop can have closed by one partner's word while another's is still in a queue, or just being worked on. */
async function onTheWay({ piecemeal }: World, { store }: Look): Promise<string[]> {
  for (const { id } of piecemeal?.said() ?? []) {
    const { messages } = await store.logSubjects({ message: id });
    if (messages.length === 0) return [`report ${id} of piecemeal is in no record yet`];
  }
  // Asked last: a report is recorded before it is an event, and may have come into the record since.
  return (await isAtWork(store)) ? ['work is under way'] : [];
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

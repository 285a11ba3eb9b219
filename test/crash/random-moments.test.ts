import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CrashTown, startCrashTown } from '../fixtures/crash/crash-town.ts';
import { crowd, crowdRoutes, type Fated, playbooksOf } from '../fixtures/crash/crowd.ts';
import { type Nursery, newNursery } from '../fixtures/crash/engine-child.ts';
import { gatherEvidence } from '../fixtures/crash/evidence.ts';
import { findDisordered } from '../fixtures/crash/find-disordered.ts';
import { countRepeats, findDoubled } from '../fixtures/crash/find-doubled.ts';
import { findLost } from '../fixtures/crash/find-lost.ts';
import { isAtWork } from '../fixtures/crash/is-at-work.ts';
import { seeded } from '../fixtures/crash/seeded.ts';
import type { Referred } from '../fixtures/crash/stubborn-gp.ts';
import { isTaken } from '../fixtures/crash/tap.ts';
import { sealFault } from '../fixtures/journal/seal-fault.ts';
import { until } from '../fixtures/town/until.ts';

const SEED = Number(process.env['HEARBACK_SEED'] ?? Date.now() % 1_000_000);
const KILLS = Number(process.env['HEARBACK_KILLS'] ?? 12);
const REFERRALS = 60;
const CLIENTS = 5;
/** An engine is let live so long at most, once it takes messages; every fifth is not even let start. */
const LONGEST_LIFE_MS = 400;
/** The share of deliveries that a partner cannot take at the moment. */
const STUMBLES = 0.25;
const START_MS = 500;
const END_MS = 240_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let nursery: Nursery;
let town: CrashTown | undefined;

beforeEach(() => {
  nursery = newNursery();
});

afterEach(async () => {
  await town?.stop();
  await nursery.stop();
});

describe('an engine that is killed at random moments under load', () => {
  it('loses nothing, doubles nothing and keeps the order of every referral', async () => {
    const random = seeded(SEED);
    process.stdout.write(`HEARBACK_SEED=${SEED} HEARBACK_KILLS=${KILLS}\n`);
    const people = crowd(REFERRALS, random);
    const here = await startCrashTown(
      { playbooks: playbooksOf(people), routes: crowdRoutes(), idempotent: { springboard: false } },
      nursery,
    );
    town = here;
    // What must be tried again lets what was queued after it catch up: only then can order be lost.
    for (const tap of Object.values(here.taps)) tap.refuse(() => (random() < STUMBLES ? 503 : undefined));
    const killing = killAgainAndAgain(here, random);
    const [referred] = await Promise.all([referAll(here, people, killing.count), killing.done]);
    const answered = await answerHoldsUntilClosed(here);

    const evidence = await gatherEvidence(here, referred);
    const [lost, doubled, disordered] = [findLost(evidence), findDoubled(evidence), findDisordered(evidence)];
    const arrived = [...evidence.platforms, evidence.gpRecord].flatMap((line) => line.arrived);
    const figures = {
      referrals: referred.length,
      kills: killing.count(),
      requestsRepeated: referred.reduce((sum, { tries }) => sum + tries - 1, 0),
      deliveries: arrived.filter(isTaken).length,
      refusedForNow: arrived.filter((one) => !isTaken(one)).length,
      deliveriesRepeated: countRepeats(evidence),
      ambiguousHolds: answered,
      lost: lost.length,
      doubled: doubled.length,
      outOfOrder: disordered.length,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);

    expect(await sealFault(here.configFile, await here.record())).toBeUndefined();
    expect({ lost, doubled, disordered }).toEqual({ lost: [], doubled: [], disordered: [] });
    expect(here.log().filter((line) => !line.includes('"level":"warn"'))).toEqual([]);
    expect(figures).toMatchObject({ referrals: REFERRALS, kills: KILLS });
    const became = new Map(evidence.loops.map((loop) => [loop.nhsNumber, loop.events.map((event) => event.kind)]));
    for (const { nhsNumber, events } of people) expect(became.get(nhsNumber)).toEqual(events);
    for (const one of referred) expect((await here.gp.again(one)).text).toBe(one.answer.text);
  }, 600_000);
});

/** Kills the engine at a random moment of its life, starts the next, and leaves the last one alive. */
function killAgainAndAgain(here: CrashTown, random: () => number): { count: () => number; done: Promise<void> } {
  let count = 0;
  const run = async (): Promise<void> => {
    while (count < KILLS) {
      const engine = here.start();
      if (random() < 0.2) await pause(random() * START_MS);
      else if (await engine.ready) await pause(random() * LONGEST_LIFE_MS);
      else throw new Error(`an engine did not start: ${here.log().slice(-5).join('\n')}`);
      await engine.kill();
      count += 1;
    }
    if (!(await here.start().ready))
      throw new Error(`the last engine did not start: ${here.log().slice(-5).join('\n')}`);
  };
  return { count: () => count, done: run() };
}

/** Several GP systems at once, each one referral after the other, spread over all the kills. */
async function referAll(here: CrashTown, people: readonly Fated[], kills: () => number): Promise<Referred[]> {
  const waiting = [...people.entries()];
  const referred: Referred[] = [];
  const cancelling: Promise<void>[] = [];
  const client = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, { nhsNumber, bundle, cancelled }] = next;
      const turn = Math.floor((place * KILLS) / REFERRALS);
      await until("it is this referral's turn", () => kills() >= turn, END_MS);
      const one = await here.gp.refer(nhsNumber, bundle);
      referred.push(one);
      if (!cancelled) continue;
      const cancel = cancelUnderWay(here, one.task);
      // It is awaited below; until then a failure must not count as nobody's.
      cancel.catch(() => undefined);
      cancelling.push(cancel);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await Promise.all(cancelling);
  return referred;
}

async function cancelUnderWay(here: CrashTown, task: string): Promise<void> {
  await until('somebody is at work', async () => (await here.gp.read(task)).status === 'in-progress', END_MS);
  await here.gp.cancel(task);
}

/** A person asks the platform that is not idempotent about every delivery in doubt. Answers how many there were. */
async function answerHoldsUntilClosed(here: CrashTown): Promise<number> {
  const store = await here.record();
  let answered = 0;
  const closed = async (): Promise<boolean> => {
    for (const { id, key, kind } of await store.holds({ open: true })) {
      if (kind !== 'ambiguous-delivery') throw new Error(`an unexpected hold: ${kind}`);
      const arrived = here.taps.springboard.arrived.some((one) => key === `leg|${one.id}` && isTaken(one));
      await nursery.answerHold(id, arrived ? 'abandon' : 'retry', {
        config: here.configFile,
        directory: here.directory,
      });
      answered += 1;
    }
    // Every referral was answered by now: one that is not in the record is lost, and waiting would not bring it.
    return (await store.loops({ status: 'open', limit: 1 })).length === 0 && !(await isAtWork(store));
  };
  await until('every loop is closed', closed, END_MS);
  await until('the platforms have been answered', () => here.casework.idle() && here.springboard.idle(), END_MS);
  return answered;
}

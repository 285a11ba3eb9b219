import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Work } from '../../../src/core/message.ts';
import type { WorkOutcome } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { FAULTS, type Meddle } from './planted-faults.ts';
import { at, changes, claim, event, newReferral, referral, work } from './samples.ts';

/**
 * The protocol of claims, leases and commits, for two workers with a store each on one record: generated interleavings with pauses,
 * crashes, leases that run out, decisions from what has moved on, and people who decide in between. After every step both
 * stores must say what the model says; at the end every piece of work had its effect once, and every lane kept its order.
 *
 * A check that finds nothing proves nothing: each planted fault must be found.
 */
export function protocolContract(makePlace: MakePlace): void {
  describe('two workers on one record, in any interleaving', () => {
    const fresh = freshStores(makePlace);

    const holds = async (meddle: Meddle, how: fc.Parameters<[Iterable<Command>]>) => {
      await fc.assert(
        fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 80, size: 'max' }), async (commands) => {
          const { store, beside } = await fresh();
          const real = await begun(meddle([store, await beside()]));
          const model = newModel();
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await finish(model, real);
          await Promise.all(real.inner.map((one) => one.close()));
        }),
        how,
      );
    };

    it('does everything once and in order', () => holds((stores) => stores, { numRuns: 25 }), 120_000);

    /* A fixed seed: a fault that is there is found each time. */
    it.each(Object.entries(FAULTS))(
      'is found out when the record %s',
      async (_what, meddle) => {
        await expect(holds(meddle, { numRuns: 200, seed: 7, endOnFailure: true })).rejects.toThrow('Property failed');
      },
      120_000,
    );
  });
}

const LANES = 3;
/** Never a whole number of minutes, so that no lease ends in the very moment in which somebody looks. */
const LEASE_MINUTES = 2.5;

interface Item {
  readonly subject: string;
  readonly lane: number;
  state: 'ready' | 'claimed';
  attempts: number;
  interrupted: boolean;
  notBefore: number;
  /** Who claimed it last and has not settled it. */
  owner: string | undefined;
  until: number;
}

/** A claim as its worker remembers it. */
interface Held {
  readonly item: Item;
  readonly attempts: number;
  /** The version of the referral that its step was decided from. */
  seen: number | undefined;
}

interface Model {
  items: Item[];
  queued: number;
  now: number;
  readonly versions: number[];
  readonly effects: string[][];
  readonly workers: { name: string; held: Held[] }[];
}

interface Real {
  readonly stores: readonly Store[];
  readonly inner: readonly Store[];
  /** By subject and attempts: what the store gave out. */
  readonly given: Map<string, Work>;
}

type Command = fc.AsyncCommand<Model, Real>;

function newModel(): Model {
  const each = Array.from({ length: LANES });
  const workers = ['one/0', 'two/0'].map((name) => ({ name, held: [] }));
  return { items: [], queued: 0, now: 0, versions: each.map(() => 1), effects: each.map(() => []), workers };
}

async function begun(stores: readonly Store[]): Promise<Real> {
  for (let lane = 0; lane < LANES; lane += 1) await stores[0]?.apply(changes({ referral: newReferral(`r${lane}`) }));
  return { stores, inner: stores, given: new Map() };
}

function storeOf(real: Real, worker: number): Store {
  const store = real.stores[worker];
  if (store === undefined) throw new Error('there are two workers');
  return store;
}

function workerOf(model: Model, worker: number): Model['workers'][number] {
  const found = model.workers[worker];
  if (found === undefined) throw new Error('there are two workers');
  return found;
}

const key = (item: Item, attempts: number) => `${item.subject}/${attempts}`;

/** One command, given what it does. */
function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

/* ------------------------------------------------------------------ commands */

const WORKER = fc.nat(1);

const KINDS = [
  fc.nat(LANES - 1).map((lane) => command(`queue(lane ${lane})`, (model, real) => queue(model, real, lane))),
  fc
    .tuple(WORKER, fc.integer({ min: 1, max: 3 }))
    .map(([worker, limit]) =>
      command(`claim(${worker}, ${limit})`, (model, real) => claimSome(model, real, worker, limit)),
    ),
  fc.constant(command('claim together', claimTogether)),
  fc
    .tuple(WORKER, fc.nat(5))
    .map(([worker, pick]) => command(`decide(${worker}, ${pick})`, (model, real) => decide(model, real, worker, pick))),
  fc
    .tuple(WORKER, fc.nat(5), fc.boolean())
    .map(([worker, pick, again]) =>
      command(`settle(${worker}, ${pick}, ${again ? 'again' : 'done'})`, (model, real) =>
        settle(model, real, { worker, pick, again }),
      ),
    ),
  WORKER.map((worker) => command(`crash(${worker})`, async (model) => crash(model, worker))),
  fc.integer({ min: 1, max: 3 }).map((minutes) =>
    command(`wait(${minutes})`, async (model) => {
      model.now += minutes;
    }),
  ),
  WORKER.map((worker) => command(`recover(${worker})`, (model, real) => recover(model, real, worker))),
  WORKER.map((worker) => command(`renew(${worker})`, (model, real) => renew(model, real, worker))),
  fc.nat(LANES - 1).map((lane) => command(`person(${lane})`, (model, real) => personDecides(model, real, lane))),
];

/** What a step consists of comes more often. */
const COMMANDS = [...KINDS, ...KINDS.slice(0, 5), ...KINDS.slice(3, 5)];

async function queue(model: Model, real: Real, lane: number): Promise<void> {
  model.queued += 1;
  const subject = `s${model.queued}`;
  await storeOf(real, 0).apply(changes({ work: [work(`lane${lane}`, subject)] }));
  model.items.push({
    subject,
    lane,
    state: 'ready',
    attempts: 0,
    interrupted: false,
    notBefore: Number.NEGATIVE_INFINITY,
    owner: undefined,
    until: 0,
  });
}

function claimable(model: Model): Item[] {
  return model.items
    .filter((item, index) => model.items.findIndex(({ lane }) => lane === item.lane) === index)
    .filter(({ state, notBefore }) => state === 'ready' && notBefore <= model.now)
    .sort((one, other) => (one.notBefore < other.notBefore ? -1 : one.notBefore > other.notBefore ? 1 : 0));
}

function asked(model: Model, worker: number, limit: number) {
  return claim({ worker: workerOf(model, worker).name, now: at(model.now), leaseMs: LEASE_MINUTES * 60_000, limit });
}

function take(model: Model, real: Real, worker: number, given: Work, item: Item): void {
  const mine = workerOf(model, worker);
  item.state = 'claimed';
  item.attempts += 1;
  item.owner = mine.name;
  item.until = model.now + LEASE_MINUTES;
  expect(given).toMatchObject({ subject: item.subject, attempts: item.attempts, interrupted: item.interrupted });
  mine.held.push({ item, attempts: item.attempts, seen: undefined });
  real.given.set(key(item, item.attempts), given);
}

async function claimSome(model: Model, real: Real, worker: number, limit: number): Promise<void> {
  const expected = claimable(model).slice(0, limit);
  const claimed = await storeOf(real, worker).claim(asked(model, worker, limit));
  expect(claimed.map(({ subject }) => subject).sort()).toEqual(expected.map(({ subject }) => subject).sort());
  for (const given of claimed) {
    const item = expected.find(({ subject }) => subject === given.subject);
    if (item !== undefined) take(model, real, worker, given, item);
  }
}

/** At the same moment: between them they get what is first, and nothing twice. */
async function claimTogether(model: Model, real: Real): Promise<void> {
  const expected = claimable(model);
  const shares = await Promise.all([0, 1].map((worker) => storeOf(real, worker).claim(asked(model, worker, 1))));
  const subjects = shares.flat().map(({ subject }) => subject);
  expect(subjects.sort()).toEqual(
    expected
      .slice(0, 2)
      .map(({ subject }) => subject)
      .sort(),
  );
  shares.forEach((share, worker) => {
    for (const given of share) {
      const item = expected.find(({ subject }) => subject === given.subject);
      if (item !== undefined) take(model, real, worker, given, item);
    }
  });
}

async function decide(model: Model, real: Real, worker: number, pick: number): Promise<void> {
  const held = picked(model, worker, pick);
  if (held === undefined) return;
  const found = await storeOf(real, worker).referral(`r${held.item.lane}`);
  expect(found?.version).toBe(model.versions[held.item.lane]);
  held.seen = found?.version;
}

function picked(model: Model, worker: number, pick: number): Held | undefined {
  const { held } = workerOf(model, worker);
  return held[pick % Math.max(1, held.length)];
}

interface Settling {
  readonly worker: number;
  readonly pick: number;
  readonly again: boolean;
}

/** However old the claim is: its worker may have slept through everything. */
async function settle(model: Model, real: Real, { worker, pick, again }: Settling): Promise<void> {
  const held = picked(model, worker, pick);
  if (held === undefined) return;
  const { item, attempts } = held;
  const given = real.given.get(key(item, attempts));
  if (given === undefined) throw new Error('nothing was given');
  const from = held.seen ?? model.versions[item.lane] ?? 1;
  const next = referral(`r${item.lane}`, { version: from + 1 });
  const name = `${item.subject}-${attempts}-${from}`;
  const decided = changes({
    referral: { ifVersion: from, next },
    events: [event(name, { referral: next.id, task: item.subject })],
  });
  const outcome: WorkOutcome = again ? { kind: 'again', notBefore: at(model.now + 1), why: 'x' } : { kind: 'done' };
  const committing = storeOf(real, worker).commit(given, outcome, decided);
  if (!model.items.includes(item) || item.attempts !== attempts || item.owner === undefined) {
    await expect(committing).rejects.toMatchObject({ code: 'claim-lost' });
    forget(model, worker, held);
    return;
  }
  if (from !== model.versions[item.lane]) {
    expect(await committing).toBe('stale');
    held.seen = undefined;
    return;
  }
  expect(await committing).toBe('committed');
  model.versions[item.lane] = from + 1;
  model.effects[item.lane]?.push(`${again ? 'again' : 'done'} ${item.subject}`);
  item.owner = undefined;
  item.state = 'ready';
  item.notBefore = model.now + 1;
  if (!again) model.items = model.items.filter((one) => one !== item);
  forget(model, worker, held);
}

function forget(model: Model, worker: number, held: Held): void {
  const mine = workerOf(model, worker);
  mine.held = mine.held.filter((one) => one !== held);
}

/** The process starts again under another name; what it had claimed waits until its lease has run out. */
function crash(model: Model, worker: number): void {
  const mine = workerOf(model, worker);
  const [name = '', times = '0'] = mine.name.split('/');
  mine.name = `${name}/${Number(times) + 1}`;
  mine.held = [];
}

async function recover(model: Model, real: Real, worker: number): Promise<void> {
  const lapsed = model.items.filter(({ state, until }) => state === 'claimed' && until < model.now);
  for (const item of lapsed) {
    item.state = 'ready';
    item.interrupted = true;
  }
  expect(await storeOf(real, worker).recover(at(model.now), false)).toBe(lapsed.length);
}

async function renew(model: Model, real: Real, worker: number): Promise<void> {
  const { name } = workerOf(model, worker);
  await storeOf(real, worker).renew(name, at(model.now + LEASE_MINUTES));
  for (const item of model.items) {
    if (item.state === 'claimed' && item.owner === name) item.until = model.now + LEASE_MINUTES;
  }
}

async function personDecides(model: Model, real: Real, lane: number): Promise<void> {
  const version = model.versions[lane] ?? 1;
  const next = referral(`r${lane}`, { version: version + 1 });
  expect(await storeOf(real, 1).apply(changes({ referral: { ifVersion: version, next } }))).toBe('committed');
  model.versions[lane] = version + 1;
}

/** Both crash, all leases run out, and one of them works off what is left: all is done once and in order. */
async function finish(model: Model, real: Real): Promise<void> {
  for (const worker of [0, 1]) crash(model, worker);
  model.now += 10;
  await recover(model, real, 0);
  while (model.items.length > 0) {
    await claimSome(model, real, 0, LANES);
    while (workerOf(model, 0).held.length > 0) await settle(model, real, { worker: 0, pick: 0, again: false });
  }
  for (let lane = 0; lane < LANES; lane += 1) {
    const done = (model.effects[lane] ?? [])
      .filter((effect) => effect.startsWith('done'))
      .map((effect) => effect.slice(5));
    expect(new Set(done).size).toBe(done.length);
    expect(done).toEqual([...done].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))));
    const events = await storeOf(real, 1).events(`r${lane}`);
    expect(events.map(({ task }) => task)).toEqual((model.effects[lane] ?? []).map((effect) => effect.split(' ')[1]));
  }
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Work } from '../../../src/core/message.ts';
import type { WorkOutcome } from '../../../src/ports-changes.ts';
import type { Store } from '../../../src/ports-record.ts';
import { freshStores, type MakePlace } from './place.ts';
import { at, changes, claim, hold, message, work } from './samples.ts';

/**
 * Random sequences of steps against a model simple enough to be right: lanes are plain lists. Held against it after
 * every step: what may be claimed, in which order, with how many attempts, and what waits on which hold.
 */

interface Item {
  readonly subject: string;
  readonly lane: string;
  attempts: number;
  interrupted: boolean;
  state: 'ready' | 'claimed' | 'held';
  notBefore: number;
  until: number;
  hold: string | undefined;
}

/** In order of queueing; what is done or dropped is gone. */
interface Model {
  items: Item[];
  now: number;
  received: number;
  readonly openHolds: Map<string, string>;
  readonly claims: Work[];
  readonly done: string[];
  readonly dropped: string[];
}

type Step =
  | { readonly do: 'receive'; readonly lane: number; readonly repeat: boolean }
  | { readonly do: 'claim'; readonly limit: number }
  | { readonly do: 'settle'; readonly pick: number; readonly how: 'done' | 'again' | 'held'; readonly key: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'recover'; readonly everything: boolean }
  | { readonly do: 'resolve'; readonly pick: number; readonly then: 'retry' | 'abandon' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('receive' as const), lane: fc.nat(3), repeat: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      pick: fc.nat(9),
      how: fc.constantFrom('done' as const, 'again' as const, 'held' as const),
      key: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recover' as const), everything: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('resolve' as const),
      pick: fc.nat(1),
      then: fc.constantFrom('retry' as const, 'abandon' as const),
    }),
  },
);

const LEASE_MINUTES = 2;

export function modelContract(makePlace: MakePlace): void {
  describe('any sequence of steps', () => {
    const fresh = freshStores(makePlace);

    it('loses no work, does none twice and keeps the order of every lane', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 60 }), async (steps) => {
          const { store } = await fresh();
          const model: Model = {
            items: [],
            now: 0,
            received: 0,
            openHolds: new Map(),
            claims: [],
            done: [],
            dropped: [],
          };
          for (const step of steps) await take(step, store, model);
          await finish(store, model);
          await store.close();
        }),
        { numRuns: 40 },
      );
    });
  });
}

async function take(step: Step, store: Store, model: Model): Promise<void> {
  switch (step.do) {
    case 'receive':
      return receive(store, model, step);
    case 'claim':
      return claimSome(store, model, step.limit);
    case 'settle':
      return settleOne(store, model, step);
    case 'recover':
      return recover(store, model, step.everything);
    case 'resolve':
      return resolve(store, model, step);
    case 'wait':
      model.now += step.minutes;
  }
}

async function receive(store: Store, model: Model, { lane, repeat }: Extract<Step, { do: 'receive' }>): Promise<void> {
  const again = repeat && model.received > 0;
  if (!again) model.received += 1;
  const subject = `m${model.received}`;
  const reception = await store.receive(
    message(again ? `${subject}-again-${model.now}` : subject, {
      identity: subject,
      body: new TextEncoder().encode(subject),
    }),
    changes({ work: [work(`lane${lane}`, subject)] }),
  );
  expect(reception.kind).toBe(again ? 'repeat' : 'first');
  if (again) return;
  model.items.push({
    subject,
    lane: `lane${lane}`,
    attempts: 0,
    interrupted: false,
    state: 'ready',
    notBefore: Number.NEGATIVE_INFINITY,
    until: 0,
    hold: undefined,
  });
}

function heads(model: Model): Item[] {
  return model.items.filter((item, index) => model.items.findIndex(({ lane }) => lane === item.lane) === index);
}

async function claimSome(store: Store, model: Model, limit: number): Promise<void> {
  const expected = heads(model)
    .filter(({ state, notBefore }) => state === 'ready' && notBefore <= model.now)
    .sort((one, other) => (one.notBefore < other.notBefore ? -1 : one.notBefore > other.notBefore ? 1 : 0))
    .slice(0, limit)
    .sort((one, other) => model.items.indexOf(one) - model.items.indexOf(other));
  for (const item of expected) {
    item.state = 'claimed';
    item.attempts += 1;
    item.until = model.now + LEASE_MINUTES;
  }
  const claimed = await store.claim(claim({ now: at(model.now), leaseMs: LEASE_MINUTES * 60_000, limit }));
  expect(claimed.map(({ subject, attempts, interrupted }) => ({ subject, attempts, interrupted }))).toEqual(
    expected.map(({ subject, attempts, interrupted }) => ({ subject, attempts, interrupted })),
  );
  model.claims.push(...claimed);
}

/** Settles one of all claims ever given, so that many of them are no longer anybody's. */
async function settleOne(store: Store, model: Model, step: Extract<Step, { do: 'settle' }>): Promise<void> {
  const one = model.claims[step.pick % Math.max(1, model.claims.length)];
  if (one === undefined) return;
  const item = model.items.find(({ subject }) => subject === one.subject);
  const mine = item !== undefined && item.attempts === one.attempts && item.until > 0 && item.state !== 'held';
  const opened = hold(`h-${one.seq}-${one.attempts}`, { key: `key${step.key}` });
  const outcome: WorkOutcome =
    step.how === 'held'
      ? { kind: 'held', hold: opened.id }
      : step.how === 'again'
        ? { kind: 'again', notBefore: at(model.now + 1), why: 'try again' }
        : { kind: 'done' };
  const committing = store.commit(one, outcome, changes(step.how === 'held' ? { holds: [opened] } : {}));
  if (!mine) {
    await expect(committing).rejects.toMatchObject({ code: 'claim-lost' });
    return;
  }
  expect(await committing).toBe('committed');
  settleInModel(model, item, step, opened);
}

function settleInModel(
  model: Model,
  item: Item,
  step: Extract<Step, { do: 'settle' }>,
  opened: { readonly id: string; readonly key: string },
): void {
  item.until = 0;
  if (step.how === 'done') {
    model.items = model.items.filter((other) => other !== item);
    model.done.push(item.subject);
  } else if (step.how === 'again') {
    item.state = 'ready';
    item.notBefore = model.now + 1;
  } else {
    const open = model.openHolds.get(opened.key) ?? opened.id;
    model.openHolds.set(opened.key, open);
    item.state = 'held';
    item.hold = open;
  }
}

async function recover(store: Store, model: Model, everything: boolean): Promise<void> {
  const back = model.items.filter(({ state, until }) => state === 'claimed' && (everything || until < model.now));
  for (const item of back) {
    item.state = 'ready';
    item.interrupted = true;
  }
  expect(await store.recover(at(model.now), everything)).toBe(back.length);
}

async function resolve(store: Store, model: Model, { pick, then }: Extract<Step, { do: 'resolve' }>): Promise<void> {
  const [key, id] = [...model.openHolds][pick] ?? [];
  if (key === undefined || id === undefined) return;
  const waiting = model.items.filter((item) => item.hold === id);
  const work = await store.resolveHold(id, 'user:kim', 'decided', then, changes());
  expect(work.map(({ subject }) => subject)).toEqual(waiting.map(({ subject }) => subject));
  model.openHolds.delete(key);
  for (const item of waiting) {
    item.hold = undefined;
    item.state = 'ready';
    item.interrupted = false;
    item.notBefore = Number.NEGATIVE_INFINITY;
  }
  if (then === 'abandon') {
    model.items = model.items.filter((item) => !waiting.includes(item));
    model.dropped.push(...waiting.map(({ subject }) => subject));
  }
}

/** Everything still open is worked off: each received message is done or dropped exactly once, and nothing is left. */
async function finish(store: Store, model: Model): Promise<void> {
  await recover(store, model, true);
  while (model.openHolds.size > 0) await resolve(store, model, { do: 'resolve', pick: 0, then: 'retry' });
  model.now += 10;
  while (model.items.length > 0) {
    model.claims.length = 0;
    const before = model.items.length;
    await claimSome(store, model, 100);
    for (let pick = 0; pick < model.claims.length; pick += 1) {
      await settleOne(store, model, { do: 'settle', pick, how: 'done', key: 0 });
    }
    expect(model.items.length).toBeLessThan(before);
  }
  const all = Array.from({ length: model.received }, (_, index) => `m${index + 1}`).sort();
  expect([...model.done, ...model.dropped].sort()).toEqual(all);
  expect(await store.nextWorkAt()).toBeUndefined();
}

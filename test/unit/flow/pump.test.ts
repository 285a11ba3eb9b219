import { afterEach, describe, expect, it } from '@jest/globals';
import type { Work } from '../../../src/core/message.ts';
import { type Pump, type PumpParts, startPump } from '../../../src/flow/pump.ts';
import type { ClaimRequest } from '../../../src/ports-record.ts';

const SILENT = { info() {}, warn() {}, error() {} };

function work(seq: number): Work {
  return {
    seq,
    kind: 'onward',
    lane: `in/${seq}`,
    subject: 's',
    attempts: 1,
    interrupted: false,
    firstQueuedAt: '2026-11-02T09:00:00.000Z',
  };
}

/** A record whose claims are answered by hand, and steps that end when they are told to. */
async function pumping(places: number, more: Partial<Pick<PumpParts, 'alone' | 'partners'>> = {}) {
  const claims: { readonly request: ClaimRequest; readonly give: (found: Work[]) => void }[] = [];
  const ends = new Map<number, () => void>();
  const pump = await startPump({
    store: {
      claim: (request) => new Promise((give) => claims.push({ request, give })),
      nextWorkAt: async () => undefined,
      recover: async () => 0,
      renew: async () => undefined,
    },
    outlets: new Map(),
    clock: { now: () => new Date() },
    log: SILENT,
    run: ({ seq }) => new Promise((resolve) => ends.set(seq, resolve)),
    ...{ worker: 'one', alone: true, leaseMs: 30_000, places, partners: ['casework'] },
    ...more,
  });
  pumps.push(async () => {
    const stopped = pump.stop(0);
    for (const { give } of claims) give([]);
    for (const end of ends.values()) end();
    await stopped;
  });
  return { pump, claims, ends };
}

const pumps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of pumps.splice(0)) await stop();
});

/** Everything that can happen without time passing has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('the pump', () => {
  it('leaves to others for ten minutes what is for partners that it does not know, unless it is alone', async () => {
    const alone = await pumping(4);
    expect(alone.claims[0]?.request).not.toHaveProperty('known');
    const among = await pumping(4, { alone: false, partners: ['casework', 'riverside'] });
    const { known, now = '' } = among.claims[0]?.request ?? {};
    expect(known?.partners).toEqual(['casework', 'riverside']);
    expect(Date.parse(now) - Date.parse(known?.strangersDueBefore ?? '')).toBe(600_000);
  });

  it('does not ask again for what it has just been given all of', async () => {
    const { claims } = await pumping(4);
    claims[0]?.give([work(1)]);
    await settled();
    expect(claims).toHaveLength(1);
  });

  it.each<[string, (pump: Pump, ends: ReadonlyMap<number, () => void>) => void]>([
    ['it is rung', (pump) => pump.wake()],
    ['a step has ended', (_pump, ends) => ends.get(1)?.()],
  ])('asks again when %s', async (_when, happens) => {
    const { pump, claims, ends } = await pumping(4);
    claims[0]?.give([work(1)]);
    await settled();
    happens(pump, ends);
    await settled();
    expect(claims).toHaveLength(2);
  });

  it('asks again at once when it was rung during a claim, which may have looked before', async () => {
    const { pump, claims } = await pumping(4);
    pump.wake();
    claims[0]?.give([]);
    await settled();
    expect(claims).toHaveLength(2);
  });

  it('asks for as many as have a place, and for nothing while none is free', async () => {
    const { claims, ends } = await pumping(2);
    claims[0]?.give([work(1), work(2)]);
    await settled();
    expect(claims.map(({ request }) => request.limit)).toEqual([2]);
    ends.get(1)?.();
    await settled();
    expect(claims.map(({ request }) => request.limit)).toEqual([2, 1]);
  });
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ListenerLimits } from '../../../../src/adapters/hl7v2-mllp/listener.ts';
import { startMllpListeners } from '../../../../src/adapters/hl7v2-mllp/listeners.ts';
import type { Arrival } from '../../../../src/ports.ts';
import { ref } from '../../../fixtures/mllp/messages.ts';
import { ackOf, framed, type RawSender, rawSender } from '../../../fixtures/mllp/raw-sender.ts';
import { until } from '../../../fixtures/town/until.ts';

/** Longer than any test: what is not tested must not come first. */
const NEVER_MS = 600_000;
const LIMITS: ListenerLimits = {
  maxBytes: 100_000,
  maxConnections: 20,
  maxHeldBytes: 100_000_000,
  frameMs: NEVER_MS,
  idleMs: NEVER_MS,
  unreadMs: NEVER_MS,
  drainMs: NEVER_MS,
};

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A listener whose messages are taken when the test lets them be. */
async function start(limits: Partial<ListenerLimits>, { answer = 'MSH|^~\\&|H\rMSA|AA|X\r' } = {}) {
  const logged: { event: string; why?: unknown }[] = [];
  const waiting: (() => void)[] = [];
  const arrived: Arrival[] = [];
  const note = (event: string, fields: { why?: unknown } = {}): void => void logged.push({ event, ...fields });
  let held = false;
  const listeners = await startMllpListeners(
    [
      {
        partner: 'elm',
        port: 0,
        mappings: new Map([['REF^I12', 'gp/ref-i12']]),
        processingIds: ['P'],
        sizes: { maxEntries: 500, maxNodes: 20_000 },
        characterSet: 'ASCII',
        lane: 'partner',
        admission: { certificates: [], commonNames: [], addresses: [], sender: {} },
      },
    ],
    {
      host: '127.0.0.1',
      intake: {
        async intake(arrival) {
          arrived.push(arrival);
          if (held) await new Promise<void>((resolve) => waiting.push(resolve));
          return { status: 200, headers: {}, body: Buffer.from(answer.replace('X', arrival.identity)) };
        },
      },
      clock: { now: () => new Date('2026-11-18T09:30:00.000Z') },
      ids: { next: () => '0198f2a4-7c1e-7b3a-9d52-1f0c6a7e4b21' },
      log: { info: note, warn: note, error: note },
      limits: { ...LIMITS, ...limits },
    },
  );
  const retire = () => listeners.retire();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= listeners.stop();
    return stopped;
  };
  ending.push(stop, () => waiting.splice(0).map((take) => take()));
  const port = Number(new URL((listeners.addresses.get('elm') ?? '').replace('mllp:', 'http:')).port);
  return {
    port,
    arrived,
    retire,
    stop,
    closedFor: (why: string) => logged.some((one) => one.event === 'mllp.closed' && one.why === why),
    has: (event: string) => logged.some((one) => one.event === event),
    hold: () => {
      held = true;
    },
    /** Lets one message be taken, once it has come. */
    release: async () => {
      const take = await until('a message has come', () => waiting.shift());
      take();
    },
  };
}

async function sender(port: number): Promise<RawSender> {
  const made = await rawSender(port);
  ending.push(() => made.stop());
  return made;
}

describe('a connection on which nothing happens', () => {
  it('is closed; one whose message is being taken is not, however long that takes', async () => {
    const listener = await start({ idleMs: 100 });
    listener.hold();
    const busy = await sender(listener.port);
    busy.say(framed(ref({ id: 'BUSY' })));
    await until('it is being taken', () => listener.arrived.length === 1);
    const silent = await sender(listener.port);
    await until('the silent one is closed', silent.closed);
    expect(listener.closedFor('idle')).toBe(true);
    expect(busy.closed()).toBe(false);
    await listener.release();
    expect((await busy.hears(1)).map(ackOf)).toEqual(['AA BUSY']);
    await until('then it is silent too', busy.closed);
  });
});

describe('a frame that takes too long', () => {
  it('ends its connection unanswered', async () => {
    const listener = await start({ frameMs: 100 });
    const slow = await sender(listener.port);
    slow.say(framed(ref({ id: 'WHOLE' })) + framed(ref({ id: 'HALF' })).slice(0, 60));
    await until('it is closed', slow.closed);
    expect(listener.closedFor('frame-too-slow')).toBe(true);
    expect(listener.has('mllp.unfinished')).toBe(true);
    expect(slow.heard().map(ackOf)).toEqual(['AA WHOLE']);
    expect(listener.arrived).toHaveLength(1);
  });

  it('because nobody reads it is not its sender’s fault', async () => {
    const listener = await start({ frameMs: 1_500 });
    listener.hold();
    const patient = await sender(listener.port);
    const next = framed(ref({ id: 'SECOND' }));
    patient.say(framed(ref({ id: 'FIRST' })) + next.slice(0, 60));
    await until('the first is being taken', () => listener.arrived.length === 1);
    const slow = await sender(listener.port);
    slow.say('\x0bMSH|');
    await until('another one took too long meanwhile', slow.closed);
    expect(patient.closed()).toBe(false);
    await listener.release();
    patient.say(next.slice(60));
    await listener.release();
    expect((await patient.hears(2)).map(ackOf)).toEqual(['AA FIRST', 'AA SECOND']);
  });

  it('is counted from its first byte: one that is whole in time is taken, byte by byte', async () => {
    const listener = await start({ frameMs: 20_000 });
    const slow = await sender(listener.port);
    for (const part of framed(ref({ id: 'PARTS' })).match(/[\s\S]{1,40}/g) ?? []) {
      slow.say(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await slow.hears(1)).map(ackOf)).toEqual(['AA PARTS']);
  });
});

/** More than all buffers between two ends hold together. */
const HUGE = `MSH|^~\\&|H\rMSA|AA|X\rZZZ|${'x'.repeat(40 * 1024 * 1024)}\r`;

describe('a peer that does not read its acknowledgements', () => {
  async function deaf(port: number): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    ending.push(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  }

  it('is given up', async () => {
    const listener = await start({ unreadMs: 100 }, { answer: HUGE });
    const socket = await deaf(listener.port);
    socket.write(framed(ref({ id: 'DEAF-1' })) + framed(ref({ id: 'DEAF-2' })));
    await until('it is given up', () => listener.closedFor('answers-unread'));
    expect(listener.arrived).toHaveLength(1);
  });

  it('is not given up as long as it reads, however slowly', async () => {
    const listener = await start({ unreadMs: 20_000 }, { answer: HUGE });
    const socket = await deaf(listener.port);
    socket.write(framed(ref({ id: 'SLOW' })));
    await until('it is being answered', () => listener.arrived.length === 1);
    let read = 0;
    socket.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    await until('all of it has come', () => read > HUGE.length);
    expect(listener.closedFor('answers-unread')).toBe(false);
  });
});

describe('a listener that is to be left out', () => {
  it('ends each connection with an answer, never before one, and takes new ones', async () => {
    const listener = await start({});
    listener.hold();
    const [busy, silent] = [await sender(listener.port), await sender(listener.port)];
    busy.say(framed(ref({ id: 'BEFORE' })));
    await until('it is being taken', () => listener.arrived.length === 1);
    listener.retire();
    await listener.release();
    expect((await busy.hears(1)).map(ackOf)).toEqual(['AA BEFORE']);
    await until('the busy one is closed', busy.closed);
    expect(silent.closed()).toBe(false);
    const fresh = await sender(listener.port);
    for (const gp of [silent, fresh]) {
      gp.say(framed(ref({ id: 'AFTER' })));
      await listener.release();
      expect((await gp.hears(1)).map(ackOf)).toEqual(['AA AFTER']);
      await until('it is closed', gp.closed);
    }
  });

  it('does not end one on which more has been said already', async () => {
    const listener = await start({});
    listener.hold();
    const gp = await sender(listener.port);
    const next = framed(ref({ id: 'SECOND' }));
    gp.say(framed(ref({ id: 'FIRST' })) + next.slice(0, 60));
    await until('the first is being taken', () => listener.arrived.length === 1);
    listener.retire();
    await listener.release();
    await gp.hears(1);
    gp.say(next.slice(60));
    await listener.release();
    expect((await gp.hears(2)).map(ackOf)).toEqual(['AA FIRST', 'AA SECOND']);
  });
});

describe('a listener that stops', () => {
  it('answers what came whole, drops what did not, and closes', async () => {
    const listener = await start({});
    listener.hold();
    const gp = await sender(listener.port);
    gp.say(framed(ref({ id: 'LAST' })) + framed(ref({ id: 'HALF' })).slice(0, 60));
    await until('it is being taken', () => listener.arrived.length === 1);
    const stopping = listener.stop();
    await listener.release();
    expect((await gp.hears(1)).map(ackOf)).toEqual(['AA LAST']);
    await stopping;
    await until('it is closed', gp.closed);
    expect(listener.arrived).toHaveLength(1);
    expect([listener.has('mllp.drain-over'), listener.has('mllp.stopped')]).toEqual([false, true]);
    await expect(rawSender(listener.port)).rejects.toThrow();
  });

  it('waits no longer than it may for what is not taken', async () => {
    const listener = await start({ drainMs: 100 });
    listener.hold();
    const gp = await sender(listener.port);
    gp.say(framed(ref({ id: 'STUCK' })));
    await until('it is being taken', () => listener.arrived.length === 1);
    const stopping = listener.stop();
    await until('the time is over', () => listener.has('mllp.drain-over'));
    await until('it is closed', gp.closed);
    expect(gp.heard()).toEqual([]);
    await listener.release();
    await stopping;
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Delivery, Outlet, SendResult } from '../../../src/ports.ts';

/**
 * What every outlet must do, whatever it speaks. An implementation brings a harness: itself, wired to a real receiver on loopback
 * that behaves as told.
 */

/** How the receiver behaves. */
export type PeerBehaviour =
  | 'accepts'
  /** Nobody listens. */
  | 'absent'
  /** Cannot take it now, and asks for 7 seconds where the protocol can say it. */
  | 'busy'
  /** The message is wrong. */
  | 'refuses'
  /** Takes the request and never answers. */
  | 'hangs'
  /** Takes the request and drops the connection without a word. */
  | 'drops'
  /** Begins to answer and drops the connection. */
  | 'cuts'
  /** Sends the caller elsewhere; the harness fails the case if anybody goes there. */
  | 'redirects'
  /** Accepts, with a reply larger than anybody keeps. */
  | 'floods'
  /** Accepts, with a reply that comes in pieces but in time. */
  | 'dawdles'
  /** Begins to accept, piece by piece, and never ends. */
  | 'trickles';

export interface OutletHarness {
  readonly outlet: Outlet;
  /** A delivery that the receiver understands. */
  readonly delivery: Omit<Delivery, 'attempt'>;
  /** What the receiver really got, in order. */
  readonly received: () => readonly { readonly key: string; readonly body: Buffer }[];
  /** What a busy receiver's answer must come to; when left out, what HTTP can say: how long to wait. */
  readonly whenBusy?: Partial<SendResult>;
  /** The most deliveries that it had open at once. */
  readonly mostAtOnce: () => number;
  readonly stop: () => Promise<void>;
}

export interface HarnessOptions {
  readonly concurrency: number;
}

export type MakeHarness = (peer: PeerBehaviour, options: HarnessOptions) => Promise<OutletHarness>;

/** Declares the suite. `lacks` names behaviours that the protocol does not have (a broker does not redirect). */
export function describeOutlet(name: string, makeHarness: MakeHarness, lacks: readonly PeerBehaviour[] = []): void {
  const open: OutletHarness[] = [];
  const start = async (peer: PeerBehaviour, concurrency = 2): Promise<OutletHarness> => {
    const harness = await makeHarness(peer, { concurrency });
    open.push(harness);
    return harness;
  };
  const send = (harness: OutletHarness, attempt = 1, signal = new AbortController().signal): Promise<SendResult> =>
    harness.outlet.send({ ...harness.delivery, attempt }, signal);
  const against = (peer: PeerBehaviour) => (lacks.includes(peer) ? it.skip : it);

  describe(`the ${name} outlet`, () => {
    afterEach(async () => {
      await Promise.all(open.splice(0).map((harness) => harness.stop()));
    });

    it('is acknowledged, and the receiver has exactly the bytes', async () => {
      const harness = await start('accepts');
      expect(await send(harness)).toMatchObject({ kind: 'acknowledged' });
      expect(harness.received().map((one) => one.body)).toEqual([Buffer.from(harness.delivery.body)]);
    });

    it('gives the receiver the same key for every attempt', async () => {
      const harness = await start('accepts');
      await send(harness, 1);
      await send(harness, 2);
      const key = harness.delivery.idempotencyKey;
      expect(harness.received().map((one) => one.key)).toEqual([key, key]);
    });

    against('absent')('may try again when nobody listens', async () => {
      expect(await send(await start('absent'))).toMatchObject({ kind: 'transient' });
    });

    against('busy')(
      'may try again when the receiver is busy, not before it asked, and keeps what it said',
      async () => {
        const harness = await start('busy');
        const said = harness.whenBusy ?? { retryAfterMs: 7_000, reply: { status: 503 } };
        expect(await send(harness)).toMatchObject({ kind: 'transient', ...said });
      },
    );

    against('refuses')('needs a person when the receiver says that the message is wrong', async () => {
      const result = await send(await start('refuses'));
      expect(result).toMatchObject({ kind: 'permanent' });
      expect(result.kind === 'permanent' && result.findings.length).toBeGreaterThan(0);
    });

    for (const peer of ['hangs', 'drops', 'cuts', 'trickles'] as const) {
      against(peer)(`does not know whether it arrived when the receiver ${peer}`, async () => {
        const harness = await start(peer);
        expect(await send(harness)).toMatchObject({ kind: 'ambiguous' });
        expect(harness.received()).toHaveLength(1);
      });
    }

    against('redirects')('follows nobody elsewhere', async () => {
      const harness = await start('redirects');
      expect(await send(harness)).toMatchObject({ kind: 'permanent' });
      expect(harness.received()).toHaveLength(1);
    });

    against('floods')(
      'never reads a reply that is too large as a failure to repeat, and does not keep it',
      async () => {
        const result = await send(await start('floods'));
        expect(['acknowledged', 'ambiguous']).toContain(result.kind);
        expect('reply' in result && result.reply).toBeFalsy();
      },
    );

    against('dawdles')('waits for a slow reply', async () => {
      expect(await send(await start('dawdles'))).toMatchObject({ kind: 'acknowledged' });
    });

    it('has no more deliveries under way than it says', async () => {
      const harness = await start('dawdles', 2);
      const results = await Promise.all([1, 2, 3, 4, 5].map((attempt) => send(harness, attempt)));
      expect(results.map((result) => result.kind)).toEqual(Array(5).fill('acknowledged'));
      expect(harness.mostAtOnce()).toBe(2);
      expect(harness.outlet.concurrency).toBe(2);
    });

    it('sends nothing once it is told to stop', async () => {
      const harness = await start('accepts');
      expect(await send(harness, 1, AbortSignal.abort())).toMatchObject({ kind: 'transient' });
      expect(harness.received()).toEqual([]);
    });

    it('does not know whether it arrived when it is told to stop half-way', async () => {
      const harness = await start('hangs');
      const abort = new AbortController();
      const sent = send(harness, 1, abort.signal);
      while (harness.received().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      abort.abort();
      expect(await sent).toMatchObject({ kind: 'ambiguous' });
    });

    it('gives reasons that start with a code and hold nothing of the message', async () => {
      for (const peer of ['absent', 'busy', 'refuses', 'drops'] as const) {
        if (lacks.includes(peer)) continue;
        const result = await send(await start(peer));
        const reason = 'reason' in result ? result.reason : '';
        expect(reason).toMatch(/^[A-Za-z0-9_-]+: ./);
        expect(reason).not.toContain('Testpatient');
      }
    });

    it('is in nobody’s way before anything went wrong', async () => {
      expect((await start('accepts')).outlet.closedFor()).toBe(0);
    });
  });
}

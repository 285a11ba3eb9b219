import { expect } from '@jest/globals';
import { mllpOutlet } from '../../../src/adapters/hl7v2-mllp/outlet.ts';
import { describeOutlet, type MakeHarness } from './describe-outlet.ts';
import { mllpPeer } from './mllp-peer.ts';

const KEY = '019800000000700080AA';

const makeHarness: MakeHarness = async (behaviour, { concurrency }) => {
  const peer = await mllpPeer(behaviour);
  const outlet = mllpOutlet(
    {
      partner: 'elm',
      address: { host: '127.0.0.1', port: peer.port },
      level: 'technical',
      idempotent: false,
      concurrency,
      circuit: { failures: 5, openMs: 30_000 },
      // Only a receiver that never answers waits for it, and only that case takes so long.
      timeoutMs: behaviour === 'hangs' || behaviour === 'trickles' ? 400 : 10_000,
    },
    {
      clock: { now: () => new Date('2026-11-21T09:00:00.000Z') },
      log: { info() {}, warn() {}, error() {} },
      random: () => 0,
    },
  );
  return {
    outlet,
    delivery: {
      leg: '01980000-0000-7000-8000-000000000001',
      purpose: 'write-back',
      idempotencyKey: KEY,
      correlation: '01980000-0000-7000-8000-000000000002',
      contentType: 'application/hl7-v2',
      body: Buffer.from(
        `MSH|^~\\&|HEARBACK||||20261121||ORU^R01|${KEY}|P|2.5.1|||||||UNICODE UTF-8\rPID|||9990000018^^^NHS||Testpatient^Zoë\rNTE|1||{{ 1+1 }}\r`,
      ),
    },
    // Nothing in HL7 v2 says how long to wait.
    whenBusy: {
      reply: { status: 503, contentType: 'application/hl7-v2', body: expect.any(Buffer) },
      ofMessage: true,
    },
    received: () => peer.received.map(({ controlId: key, body }) => ({ key, body })),
    mostAtOnce: peer.mostAtOnce,
    stop: async () => {
      await outlet.stop();
      await peer.stop();
    },
  };
};

describeOutlet('MLLP', makeHarness, ['redirects']);

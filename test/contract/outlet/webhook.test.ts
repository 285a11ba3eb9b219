import { newHttpClient } from '../../../src/adapters/http-client/http-client.ts';
import { webhookOutlet } from '../../../src/adapters/webhook/outlet.ts';
import { describeOutlet, type MakeHarness } from './describe-outlet.ts';
import { httpPeer } from './http-peer.ts';

const json = { 'content-type': 'application/json' };
const silent = { info() {}, warn() {}, error() {} };
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') };

const makeHarness: MakeHarness = async (behaviour, { concurrency }) => {
  const peer = await httpPeer(behaviour, {
    accepted: { status: 202, headers: json, body: '{"caseId":"CW-17"}' },
    refused: { status: 422, headers: json, body: '{"errors":[]}' },
  });
  const outlet = webhookOutlet(
    {
      partner: 'casework',
      url: `${peer.origin}/hook`,
      secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`],
      level: 'technical',
      idempotent: false,
      concurrency,
      local: true,
      // Only a receiver that never answers waits for it, and only that case takes so long.
      timeoutMs: behaviour === 'hangs' || behaviour === 'trickles' ? 400 : 10_000,
    },
    { newHttpClient, clock, log: silent, random: () => 0 },
  );
  return {
    outlet,
    delivery: {
      leg: '01980000-0000-7000-8000-000000000001',
      purpose: 'referral',
      idempotencyKey: '01980000-0000-7000-8000-000000000001',
      correlation: '01980000-0000-7000-8000-000000000002',
      contentType: 'application/json',
      body: Buffer.from('{"name":"Zoë Testpatient",\n  "note": "{{ 1+1 }}" }'),
    },
    received: () => peer.received.map(({ headers, body }) => ({ key: String(headers['webhook-id']), body })),
    mostAtOnce: peer.mostAtOnce,
    stop: async () => {
      await outlet.stop();
      await peer.stop();
    },
  };
};

describeOutlet('webhook', makeHarness);

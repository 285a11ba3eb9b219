import { fhirOutlet } from '../../../src/adapters/fhir-rest/outlet.ts';
import { newHttpClient } from '../../../src/adapters/http-client/http-client.ts';
import { describeOutlet, type MakeHarness } from './describe-outlet.ts';
import { httpPeer } from './http-peer.ts';

const headers = { 'content-type': 'application/fhir+json' };
const accepted = {
  resourceType: 'Bundle',
  type: 'transaction-response',
  entry: [{ response: { status: '201 Created' } }],
};
const refused = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }] };
const written = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [{ resource: { resourceType: 'Task', note: [{ text: 'Zoë Testpatient {{ 1+1 }}' }] } }],
};

const makeHarness: MakeHarness = async (behaviour, { concurrency }) => {
  const peer = await httpPeer(behaviour, {
    accepted: { status: 200, headers, body: JSON.stringify(accepted) },
    refused: { status: 422, headers, body: JSON.stringify(refused) },
  });
  const outlet = fhirOutlet(
    {
      partner: 'elm',
      url: `${peer.origin}/fhir`,
      token: 'secret',
      idempotent: true,
      concurrency,
      local: true,
      circuit: { failures: 5, openMs: 30_000 },
      // Only a receiver that never answers waits for it, and only that case takes so long.
      timeoutMs: behaviour === 'hangs' || behaviour === 'trickles' ? 400 : 10_000,
    },
    {
      newHttpClient,
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
      idempotencyKey: '01980000-0000-7000-8000-000000000001',
      correlation: '01980000-0000-7000-8000-000000000002',
      contentType: 'application/fhir+json',
      body: Buffer.from(JSON.stringify(written)),
    },
    received: () => peer.received.map((one) => ({ key: String(one.headers['x-request-id']), body: one.body })),
    mostAtOnce: peer.mostAtOnce,
    stop: async () => {
      await outlet.stop();
      await peer.stop();
    },
  };
};

describeOutlet('FHIR', makeHarness);

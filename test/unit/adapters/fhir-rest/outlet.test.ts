import { afterEach, describe, expect, it } from '@jest/globals';
import { type FhirOutletOptions, fhirOutlet } from '../../../../src/adapters/fhir-rest/outlet.ts';
import type { ResolveName } from '../../../../src/adapters/http-client/guarded-lookup.ts';
import { newHttpClient } from '../../../../src/adapters/http-client/http-client.ts';
import type { Delivery, HttpClientOptions, Outlet } from '../../../../src/ports.ts';
import { type HttpPeer, type PeerReply, scriptedPeer } from '../../../contract/outlet/http-peer.ts';

const delivery: Delivery = {
  leg: 'leg-1',
  purpose: 'write-back',
  idempotencyKey: 'leg-1',
  correlation: 'case-1',
  contentType: 'application/fhir+json',
  body: Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [{}] })),
  attempt: 1,
};
const fhir = { 'content-type': 'application/fhir+json' };
const done = JSON.stringify({
  resourceType: 'Bundle',
  type: 'transaction-response',
  entry: [{ response: { status: '201' } }],
});

describe('the FHIR outlet', () => {
  const open: { stop(): Promise<void> }[] = [];
  let now = Date.parse('2026-11-21T09:00:00.000Z');
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
  });

  const outletTo = (url: string, change: Partial<FhirOutletOptions> = {}, resolve?: ResolveName): Outlet => {
    const options = {
      partner: 'elm',
      url,
      token: 'secret',
      timeoutMs: 5_000,
      concurrency: 2,
      local: true,
      idempotent: true,
    };
    const deps = {
      newHttpClient: (client: HttpClientOptions) => newHttpClient(client, resolve),
      clock: { now: () => new Date(now) },
      log: { info() {}, warn() {}, error() {} },
      random: () => 0,
    };
    const outlet = fhirOutlet({ ...options, circuit: { failures: 2, openMs: 10_000 }, ...change }, deps);
    open.push(outlet);
    return outlet;
  };
  const peerWith = async (reply: () => PeerReply, tls = false): Promise<HttpPeer> => {
    const peer = await scriptedPeer((_request, response) => {
      const { status, headers, body } = reply();
      response.writeHead(status, headers).end(body);
    }, tls);
    open.push(peer);
    return peer;
  };
  const send = (outlet: Outlet) => outlet.send(delivery, new AbortController().signal);

  it('posts to the base with token, key and case', async () => {
    const peer = await peerWith(() => ({ status: 200, headers: fhir, body: done }));
    expect(await send(outletTo(`${peer.origin}/gp/fhir`))).toMatchObject({ kind: 'acknowledged', level: 'technical' });
    expect(peer.received[0]).toMatchObject({
      method: 'POST',
      path: '/gp/fhir',
      headers: {
        authorization: 'Bearer secret',
        'x-request-id': 'leg-1',
        'x-correlation-id': 'case-1',
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
      },
    });
  });

  it('leaves a failing partner in peace, probes once, and goes on when it answers', async () => {
    let status = 503;
    const peer = await peerWith(() => ({ status, headers: fhir, body: status === 503 ? '' : done }));
    const outlet = outletTo(peer.origin);
    await send(outlet);
    expect(outlet.closedFor()).toBe(0);
    await send(outlet);
    expect(outlet.closedFor()).toBe(10_000);
    expect(await send(outlet)).toMatchObject({ kind: 'transient', retryAfterMs: 10_000 });
    expect(peer.received).toHaveLength(2);
    now += 10_001;
    status = 200;
    expect(await send(outlet)).toMatchObject({ kind: 'acknowledged' });
    expect(outlet.closedFor()).toBe(0);
  });

  it('calls nobody beside the engine, by address or by name, unless the partner is local', async () => {
    const peer = await peerWith(() => ({ status: 200, headers: fhir, body: done }), true);
    const { port } = new URL(peer.origin);
    for (const url of [
      peer.origin,
      `https://[::1]:${port}/`,
      `http://gp.example:${port}/`,
      'https://user:pw@gp.example/',
      'nonsense',
    ]) {
      expect(await send(outletTo(url, { local: false }))).toMatchObject({
        kind: 'permanent',
        findings: [{ issue: 'security' }],
      });
    }
    const toLoopback: ResolveName = (_name, _options, callback) => {
      callback(
        null,
        ['93.184.216.34', '127.0.0.1'].map((address) => ({ address, family: 4 })),
      );
    };
    const byName = outletTo(`https://gp.example:${port}/`, { local: false }, toLoopback);
    expect(await send(byName)).toMatchObject({ kind: 'permanent', reason: expect.stringContaining('ADDRESS_REFUSED') });
    expect(peer.received).toEqual([]);
  });

  it('does not speak to a server whose certificate it cannot verify', async () => {
    const peer = await peerWith(() => ({ status: 200, headers: fhir, body: done }), true);
    expect(await send(outletTo(peer.origin))).toMatchObject({ kind: 'transient' });
    expect(peer.received).toEqual([]);
  });
});

import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newHttpClient } from '../../../../src/adapters/http-client/http-client.ts';
import { type WebhookOutletOptions, webhookOutlet } from '../../../../src/adapters/webhook/outlet.ts';
import { readSecret, verifySignature } from '../../../../src/adapters/webhook/signature.ts';
import type { Delivery, Outlet } from '../../../../src/ports.ts';
import { type HttpPeer, type ReceivedRequest, scriptedPeer } from '../../../contract/outlet/http-peer.ts';
import { LOOPBACK_CERTIFICATE } from '../../../contract/outlet/loopback-certificate.ts';

const SECRETS = [1, 2].map((fill) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`);
const START = Date.parse('2026-11-21T09:00:00.000Z');
const delivery: Delivery = {
  leg: '01980000-0000-7000-8000-000000000001',
  purpose: 'referral',
  idempotencyKey: '01980000-0000-7000-8000-000000000001',
  correlation: '01980000-0000-7000-8000-000000000002',
  contentType: 'application/json',
  body: Buffer.from('{"client":"Zoë Testpatient"}'),
  attempt: 1,
};

const toStop: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of toStop.splice(0).reverse()) await one.stop();
});

interface Scene {
  readonly outlet: Outlet;
  readonly peer: HttpPeer;
  readonly time: { now: number };
  readonly logged: string[];
}

type Answering = (request: ReceivedRequest, response: ServerResponse) => void;

async function scene(answer: Answering, more: Partial<WebhookOutletOptions> = {}, tls = false): Promise<Scene> {
  const peer = await scriptedPeer(answer, tls);
  toStop.push(peer);
  const time = { now: START };
  const logged: string[] = [];
  const note = (event: string, fields: unknown) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const outlet = webhookOutlet(
    {
      partner: 'casework',
      url: `${peer.origin}/hook?tenant=1`,
      secrets: SECRETS,
      level: 'transport',
      idempotent: false,
      concurrency: 2,
      local: true,
      ...more,
    },
    {
      newHttpClient,
      clock: { now: () => new Date(time.now) },
      log: { info: note, warn: note, error: note },
      random: () => 0,
    },
  );
  toStop.push(outlet);
  return { outlet, peer, time, logged };
}

const send = (outlet: Outlet) => outlet.send(delivery, new AbortController().signal);
const answering =
  (status: number, body = '', headers: Record<string, string> = {}): Answering =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };

describe('what the webhook outlet sends', () => {
  it('is a POST to the whole address, signed with every secret at the given time', async () => {
    const { outlet, peer } = await scene(answering(202));
    await send(outlet);
    const [request] = peer.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?tenant=1' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'hearback',
      'webhook-id': delivery.idempotencyKey,
      'webhook-timestamp': String(START / 1_000),
    });
    for (const secret of SECRETS) {
      const given = { now: new Date(START), toleranceSeconds: 0 };
      expect(verifySignature([readSecret(secret)], request?.headers ?? {}, delivery.body, given).ok).toBe(true);
    }
  });

  it('says in a header what kind of message it is, where it is one of several', async () => {
    const { outlet, peer } = await scene(answering(202));
    await send(outlet);
    await outlet.send({ ...delivery, key: 'client.registered' }, new AbortController().signal);
    expect(peer.received.map(({ headers }) => headers['webhook-type'])).toEqual([undefined, 'client.registered']);
  });

  it('has a new timestamp but the same id with each attempt', async () => {
    const { outlet, peer, time } = await scene(answering(202));
    await send(outlet);
    time.now += 60_000;
    await send(outlet);
    const [first, second] = peer.received.map((one) => one.headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(60);
  });
});

describe('what an answer means', () => {
  it.each([200, 201, 202, 204])('%i acknowledges at the level agreed with the partner', async (status) => {
    const { outlet } = await scene(answering(status), { level: 'technical' });
    expect(await send(outlet)).toMatchObject({ kind: 'acknowledged', level: 'technical', reply: { status } });
  });

  it('carries the platform’s own reference from where it is agreed to stand', async () => {
    const { outlet } = await scene(answering(202, '{"case":{"id":"CW-17"}}'), { referencePointer: '/case/id' });
    expect(await send(outlet)).toMatchObject({ reference: 'CW-17' });
  });

  it.each(['{"case":{"id":17}}', '{"case":{}}', '<html>', ''])(
    'has no reference in %j, and is still a yes',
    async (body) => {
      const { outlet } = await scene(answering(202, body), { referencePointer: '/case/id' });
      const result = await send(outlet);
      expect(result.kind).toBe('acknowledged');
      expect(result).not.toHaveProperty('reference');
    },
  );

  it.each([
    [408, false],
    [425, false],
    [429, false],
    [500, true],
    [502, true],
    [503, false],
    [504, true],
    [522, false],
  ])('%i may be tried again (with one effect by contract: %j)', async (status, idempotent) => {
    const { outlet } = await scene(answering(status), { idempotent });
    const result = await send(outlet);
    expect(result).toMatchObject({ kind: 'transient', reason: expect.stringMatching(`^http-${status}: `) });
    expect(result).not.toHaveProperty('retryAfterMs');
  });

  it.each([
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'transient'],
    [504, 'ambiguous'],
  ])('%i from a platform where a repeat has another effect is %s', async (status, kind) => {
    const { outlet } = await scene(answering(status), { idempotent: false });
    expect(await send(outlet)).toMatchObject({ kind, reason: expect.stringMatching(`^http-${status}: `) });
  });

  it('honours Retry-After as a date, and believes no more than it is told', async () => {
    const dated = await scene(answering(429, '', { 'retry-after': 'Sat, 21 Nov 2026 09:00:30 GMT' }));
    expect(await send(dated.outlet)).toMatchObject({ retryAfterMs: 30_000 });
    const endless = await scene(answering(503, '', { 'retry-after': '999999999' }), { retryAfterCapMs: 1_000 });
    expect(await send(endless.outlet)).toMatchObject({ retryAfterMs: 1_000 });
  });

  it.each([300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422, 501])(
    '%i needs a person',
    async (status) => {
      const { outlet, peer } = await scene(answering(status, '', { location: '/elsewhere' }));
      expect(await send(outlet)).toMatchObject({ kind: 'permanent', reply: { status } });
      expect(peer.received).toHaveLength(1);
    },
  );

  it('says by its rule which refusals are a redirect, an end, or a matter of secrets', async () => {
    const ruleOf = async (status: number) => {
      const result = await send((await scene(answering(status))).outlet);
      return result.kind === 'permanent' ? result.findings[0]?.rule : undefined;
    };
    expect(await Promise.all([302, 410, 401, 422].map(ruleOf))).toEqual([
      'webhook/redirect',
      'webhook/gone',
      'webhook/not-admitted',
      'webhook/refused',
    ]);
  });

  it('names the elements that the platform refuses, and none of what they hold', async () => {
    const problem = {
      detail: 'Zoë Testpatient is unknown',
      errors: [{ pointer: '/client/name', rule: 'name', detail: 'Zoë' }],
    };
    const { outlet } = await scene(
      answering(422, JSON.stringify(problem), { 'content-type': 'application/problem+json' }),
    );
    const result = await send(outlet);
    const told = result.kind === 'permanent' ? JSON.stringify([result.reason, result.findings]) : '';
    expect(told).toContain('/client/name');
    expect(told).not.toContain('Zoë');
  });

  it('409 means that it has it already, where one id has one effect by contract', async () => {
    const { outlet } = await scene(answering(409), { idempotent: true });
    expect(await send(outlet)).toMatchObject({ kind: 'acknowledged', level: 'technical' });
  });
});

describe('whom the webhook outlet calls', () => {
  it('is nobody on loopback or in a private network, unless the partner is declared local', async () => {
    const { outlet, peer } = await scene(answering(202), { local: false, ca: LOOPBACK_CERTIFICATE }, true);
    const refusal = { kind: 'permanent', findings: [{ rule: 'outlet/address' }] };
    expect(await send(outlet)).toMatchObject(refusal);
    expect(peer.received).toEqual([]);
  });

  it('is nobody whose name resolves to such an address, found on the connection itself', async () => {
    const peer = await scriptedPeer(answering(202), true);
    toStop.push(peer);
    const url = peer.origin.replace('127.0.0.1', 'localhost');
    const { outlet } = await scene(answering(202), { url, local: false, ca: LOOPBACK_CERTIFICATE });
    expect(await send(outlet)).toMatchObject({ kind: 'permanent', findings: [{ rule: 'outlet/address' }] });
    expect(peer.received).toEqual([]);
  });

  it('is nobody without https, or whose name does not resolve', async () => {
    const plain = await scene(answering(202), { local: false });
    expect(await send(plain.outlet)).toMatchObject({ kind: 'permanent' });
    const nameless = await scene(answering(202), { url: 'https://platform.invalid/hook', local: false });
    expect(await send(nameless.outlet)).toMatchObject({ kind: 'transient' });
  });

  it('is nobody whose certificate does not hold, whatever the environment says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const { outlet, peer } = await scene(answering(202), {}, true);
      expect(await send(outlet)).toMatchObject({ kind: 'transient', reason: expect.stringContaining('SELF_SIGNED') });
      expect(peer.received).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('is a platform whose own authority it was given', async () => {
    const { outlet } = await scene(answering(202), { ca: LOOPBACK_CERTIFICATE }, true);
    expect(await send(outlet)).toMatchObject({ kind: 'acknowledged' });
  });
});

describe('the circuit of a webhook outlet', () => {
  const circuit = { failures: 2, openMs: 1_000 };

  it('opens after failures in a row, sends nothing meanwhile, and closes with the first answer', async () => {
    let status = 503;
    const { outlet, peer, time, logged } = await scene((request, response) => answering(status)(request, response), {
      circuit,
    });
    await send(outlet);
    expect(outlet.closedFor()).toBe(0);
    await send(outlet);
    expect(outlet.closedFor()).toBe(1_000);
    expect(await send(outlet)).toMatchObject({
      kind: 'transient',
      retryAfterMs: 1_000,
      reason: expect.stringMatching('^circuit-open: '),
    });
    expect(peer.received).toHaveLength(2);
    status = 202;
    time.now += 1_000;
    expect(outlet.closedFor()).toBe(0);
    expect(await send(outlet)).toMatchObject({ kind: 'acknowledged' });
    expect(outlet.closedFor()).toBe(0);
    expect(logged.map((line) => line.split(' ')[0])).toEqual(['webhook.circuit-open', 'webhook.circuit-closed']);
  });

  it('does not open for refusals: the platform is there', async () => {
    const { outlet } = await scene(answering(422), { circuit });
    for (let i = 0; i < 5; i += 1) await send(outlet);
    expect(outlet.closedFor()).toBe(0);
  });

  it('lets one probe through when several try at once', async () => {
    let status = 503;
    const { outlet, peer, time } = await scene((request, response) => answering(status)(request, response), {
      circuit,
    });
    await send(outlet);
    await send(outlet);
    status = 202;
    time.now += 1_000;
    const kinds = (await Promise.all([send(outlet), send(outlet)])).map((result) => result.kind);
    expect(kinds).toEqual(['acknowledged', 'transient']);
    expect(peer.received).toHaveLength(3);
  });

  it('keeps the whole partner waiting as long as the partner asked', async () => {
    const { outlet } = await scene(answering(429, '', { 'retry-after': '20' }));
    await send(outlet);
    expect(outlet.closedFor()).toBe(20_000);
  });
});

describe('a webhook outlet', () => {
  it('is not made without a secret, or with one that is none', async () => {
    await expect(scene(answering(202), { secrets: [] })).rejects.toThrow('no secret');
    await expect(scene(answering(202), { secrets: ['whsec_abc'] })).rejects.toThrow('webhook secret');
  });

  it('keeps its connection between deliveries', async () => {
    const ports = new Set<number | undefined>();
    const { outlet } = await scene(
      (_request, response) => {
        ports.add(response.socket?.remotePort);
        response.end();
      },
      { concurrency: 1 },
    );
    await send(outlet);
    await send(outlet);
    expect(ports.size).toBe(1);
  });

  it('drops a delivery that waits for a free connection as not sent, and does not send it later', async () => {
    let release: () => void = () => {};
    const { outlet, peer } = await scene(
      (_request, response) => {
        release = () => response.end();
      },
      { concurrency: 1 },
    );
    const first = send(outlet);
    while (peer.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const abort = new AbortController();
    const second = outlet.send(delivery, abort.signal);
    abort.abort();
    expect(await second).toMatchObject({ kind: 'transient' });
    release();
    expect(await first).toMatchObject({ kind: 'acknowledged' });
    // The third goes the way the second would have gone.
    const third = send(outlet);
    while (peer.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    release();
    expect(await third).toMatchObject({ kind: 'acknowledged' });
    expect(peer.received).toHaveLength(2);
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { type WebhookInletParts, webhookRouter } from '../../../../src/adapters/webhook/inlet.ts';
import { readSecret, signatureHeaders } from '../../../../src/adapters/webhook/signature.ts';
import type { Arrival, Verdict } from '../../../../src/ports.ts';

const NOW = new Date('2026-11-21T09:00:00.000Z');
const secretOf = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const PARTNERS = [
  {
    partner: 'casework',
    mapping: 'casework/report',
    secrets: [secretOf(1), secretOf(2)],
    toleranceSeconds: 300,
    maxBytes: 500,
  },
  { partner: 'flatform', mapping: 'flatform/report', secrets: [secretOf(3)], toleranceSeconds: 300, maxBytes: 1_000 },
];
const ACCEPTED: Verdict = { kind: 'accepted', message: 'm-1', resources: [], findings: [] };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

/** The body reader of the test: all bytes, no limits. */
const readAll: RequestHandler = async (request, _response, next) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  request.body = Buffer.concat(chunks);
  next();
};

async function scene(verdict: Verdict = ACCEPTED, more: Partial<WebhookInletParts> = {}) {
  const arrivals: Arrival[] = [];
  const logged: string[] = [];
  const note = (event: string, fields: unknown) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const router = webhookRouter({
    partners: PARTNERS,
    intake: {
      async intake(arrival, render) {
        arrivals.push(arrival);
        const refused = arrival.findings.some((finding) => finding.severity === 'error');
        const status = arrival.findings.some(({ rule }) => rule.endsWith('/media-type')) ? 415 : 400;
        const said: Verdict = { kind: 'refused', message: 'm-1', status, findings: arrival.findings };
        return render(refused ? said : verdict);
      },
    },
    clock: { now: () => NOW },
    log: { info: note, warn: note, error: note },
    limits: { maxDepth: 20, maxItems: 10, maxNodes: 100 },
    reads: () => 'json',
    readBody: () => readAll,
    ...more,
  });
  const server = createServer(express().use('/webhooks', router));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { arrivals, logged, base: `http://127.0.0.1:${port}/webhooks` };
}

interface Posted {
  readonly body?: string | Uint8Array;
  readonly secret?: string;
  readonly now?: Date;
  readonly id?: string;
  readonly headers?: Record<string, string>;
}

async function post(url: string, given: Posted = {}) {
  const body = Buffer.from(given.body ?? '{"status":"done"}');
  const stamp = { id: given.id ?? 'msg_1', body, now: given.now ?? NOW };
  const signed = signatureHeaders([readSecret(given.secret ?? secretOf(1))], stamp);
  const headers = { 'content-type': 'application/json', ...signed, ...given.headers };
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as unknown };
}

describe('a report in another form', () => {
  it.each([
    ['form', 'application/x-www-form-urlencoded', 'a=1&b=%C3%A9', { a: '1', b: 'é' }],
    ['xml', 'text/xml; charset=UTF-8', '<r a="1"><b>x</b></r>', { r: { '@a': '1', b: 'x' } }],
    ['csv', 'text/csv', 'a,b\n1,"x, y"\n', { a: '1', b: 'x, y' }],
  ] as const)('is read as its mapping reads: %s', async (from, type, body, content) => {
    const { base, arrivals } = await scene(ACCEPTED, { reads: () => from });
    expect(await post(`${base}/casework`, { body, headers: { 'content-type': type } })).toMatchObject({ status: 202 });
    expect(arrivals[0]).toMatchObject({ contentType: type, content, findings: [] });
    const json = await post(`${base}/casework`);
    expect(json).toMatchObject({
      status: 415,
      json: { errors: [{ remedy: expect.stringContaining(type.split(';')[0] ?? '') }] },
    });
  });
});

describe('a signed report', () => {
  it('arrives on the road with its bytes, its identity, its mapping and its content', async () => {
    const { base, arrivals } = await scene();
    const body = Buffer.from('{ "status": "done",\n"code": "0123" }');
    await post(`${base}/casework`, { body });
    expect(arrivals).toHaveLength(1);
    expect(arrivals[0]).toMatchObject({
      partner: 'casework',
      channel: 'webhook',
      identity: 'msg_1',
      contentType: 'application/json',
      content: { status: 'done', code: '0123' },
      findings: [],
      ask: { kind: 'platform-report', mapping: 'casework/report' },
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(NOW.getTime() / 1_000) },
    });
    expect(Buffer.from(arrivals[0]?.body ?? []).equals(body)).toBe(true);
  });

  it('is accepted with 202 and our id', async () => {
    const { base } = await scene();
    const answer = await post(`${base}/casework`);
    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted', messageId: 'm-1' } });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it('may be signed with any current secret of its partner', async () => {
    const { base } = await scene();
    expect((await post(`${base}/casework`, { secret: secretOf(2) })).status).toBe(202);
  });

  it('is refused with every reason, each with pointer, rule and remedy', async () => {
    const finding = {
      severity: 'error',
      rule: 'report/unknown-word',
      place: { expression: '/status' },
      message: 'The word is unknown.',
      remedy: 'Send a known one.',
    } as const;
    const { base } = await scene({
      kind: 'refused',
      message: 'm-1',
      status: 422,
      findings: [finding, { ...finding, severity: 'warning' }],
    });
    const answer = await post(`${base}/casework`);
    const shown = {
      pointer: '/status',
      rule: 'report/unknown-word',
      detail: 'The word is unknown.',
      remedy: 'Send a known one.',
    };
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer).toMatchObject({
      status: 422,
      json: { status: 422, messageId: 'm-1', errors: [shown], warnings: [shown] },
    });
  });

  it('gets the first answer again when it is a repeat, byte for byte', async () => {
    const first = {
      status: 202,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"status":"accepted" }'),
    };
    const { base } = await scene({ kind: 'repeat', message: 'm-1', answer: first });
    const answer = await post(`${base}/casework`);
    expect(answer).toMatchObject({ status: 202, text: '{"status":"accepted" }' });
    expect(answer.headers.get('etag')).toBeNull();
  });

  it('is told 409 when its id came before with another body', async () => {
    const { base } = await scene({ kind: 'conflict', findings: [] });
    expect((await post(`${base}/casework`)).status).toBe(409);
  });
});

describe('a report that cannot be read', () => {
  it.each([
    ['broken JSON', '{"status":', 400],
    ['a name given twice', '{"a":1,"a":2}', 400],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xe9, 0x22]), 400],
    ['nothing', '', 400],
    ['more depth than is read', '['.repeat(30) + ']'.repeat(30), 400],
  ])('is handed over to be recorded and refused: %s', async (_what, body, status) => {
    const { base, arrivals } = await scene();
    expect(await post(`${base}/casework`, { body })).toMatchObject({
      status,
      json: { errors: [{ rule: expect.any(String) }] },
    });
    expect(arrivals[0]?.findings.length).toBeGreaterThan(0);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'application/fhir+json'])(
    'is told 415 when it is declared as %s, and recorded',
    async (type) => {
      const { base, arrivals } = await scene();
      const answer = await post(`${base}/casework`, { headers: { 'content-type': type } });
      expect(answer).toMatchObject({ status: 415, json: { errors: [{ rule: 'report/media-type' }] } });
      expect(arrivals[0]).not.toHaveProperty('content');
    },
  );

  it('may say its charset', async () => {
    const { base } = await scene();
    const answer = await post(`${base}/casework`, { headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(answer.status).toBe(202);
  });

  it('is told 413 beyond its own partner’s limit, and not recorded', async () => {
    const { base, arrivals } = await scene();
    const body = JSON.stringify({ note: 'x'.repeat(600) });
    expect((await post(`${base}/casework`, { body })).status).toBe(413);
    expect((await post(`${base}/flatform`, { body, secret: secretOf(3) })).status).toBe(202);
    expect(arrivals.map((arrival) => arrival.partner)).toEqual(['flatform']);
  });
});

describe('a report that is too large to work on', () => {
  it.each([
    ['a list of more items than are read', { list: Array(11).fill(1) }, 'json/too-many-items', '/list'],
    ['more values than are read', Array(10).fill(Array(10).fill(1)), 'json/too-many-values', '/9'],
  ])('is recorded and refused for %s, with place and remedy', async (_what, content, rule, pointer) => {
    const { base, arrivals } = await scene();
    const answer = await post(`${base}/casework`, { body: JSON.stringify(content) });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ rule, remedy: expect.any(String) }] } });
    expect(JSON.stringify(answer.json)).toContain(`"pointer":"${pointer}`);
    expect(arrivals).toHaveLength(1);
  });

  it('is taken as long as it keeps within the limits', async () => {
    const { base } = await scene();
    expect((await post(`${base}/casework`, { body: JSON.stringify({ list: Array(10).fill(1) }) })).status).toBe(202);
  });
});

describe('the body of a report', () => {
  /** A body reader that says what it was asked for, and stands for http-server's. */
  const reader = (asked: boolean[]) => ({
    readBody:
      ({ keep }: { keep: boolean }): RequestHandler =>
      (request, response, next) => {
        asked.push(keep);
        readAll(request, response, next);
      },
  });

  it.each([
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature of 301 seconds ago', { now: new Date(NOW.getTime() - 301_000) }],
    ['an id that is none', { headers: { 'webhook-id': 'a b' } }],
  ])('is not read at all with %s, whoever is named', async (_what, given: Posted) => {
    const asked: boolean[] = [];
    const { base } = await scene(ACCEPTED, reader(asked));
    const answers = [await post(`${base}/casework`, given), await post(`${base}/nobody`, given)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(asked).toEqual([]);
  });

  it('is kept for a known partner only', async () => {
    const asked: boolean[] = [];
    const { base } = await scene(ACCEPTED, reader(asked));
    await post(`${base}/casework`);
    await post(`${base}/nobody`);
    expect(asked).toEqual([true, false]);
  });
});

describe('who may report', () => {
  it('is told nothing that tells a wrong signature from an unknown partner', async () => {
    const { base, arrivals } = await scene();
    const wrong = await post(`${base}/casework`, { secret: secretOf(9) });
    const unknown = await post(`${base}/nobody`, { secret: secretOf(1) });
    expect(wrong.status).toBe(401);
    expect({ ...unknown, headers: undefined }).toEqual({ ...wrong, headers: undefined });
    const names = (headers: Headers) => [...headers.keys()].sort();
    expect(names(unknown.headers)).toEqual(names(wrong.headers));
    expect(arrivals).toEqual([]);
  });

  it.each([
    ['another partner’s secret', { secret: secretOf(3) }],
    ['a signature of 301 seconds ago', { now: new Date(NOW.getTime() - 301_000) }],
    ['a signature 301 seconds ahead', { now: new Date(NOW.getTime() + 301_000) }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature of another id', { headers: { 'webhook-id': 'msg_2' } }],
    ['no JSON and no signature', { body: '{', headers: { 'webhook-signature': '' } }],
  ])('is not somebody with %s', async (_what, given: Posted) => {
    const { base, arrivals } = await scene();
    expect((await post(`${base}/casework`, given)).status).toBe(401);
    expect(arrivals).toEqual([]);
  });

  it('is logged when refused, with the cause but not with what an unknown caller wrote', async () => {
    const { base, logged } = await scene();
    await post(`${base}/casework`, { secret: secretOf(9) });
    await post(`${base}/Ann%20Onymous`);
    expect(logged).toEqual([
      'webhook.unauthenticated {"partner":"casework","why":"no-match"}',
      'webhook.unauthenticated {"partner":"unknown","why":"no-match"}',
    ]);
  });

  it('is counted as the partner, after authentication', async () => {
    const counted: unknown[] = [];
    const { base } = await scene(ACCEPTED, {
      limitPartner: (_request, response, next) => {
        counted.push(response.locals['partner']);
        next();
      },
    });
    await post(`${base}/casework`, { secret: secretOf(9) });
    await post(`${base}/casework`);
    expect(counted).toEqual(['casework']);
  });
});

describe('the webhook address', () => {
  it('takes nothing but POST', async () => {
    const { base } = await scene();
    const response = await fetch(`${base}/casework`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('reads as much as its most generous partner may send, whoever is named in the path', async () => {
    const limits: number[] = [];
    await scene(ACCEPTED, {
      readBody: ({ maxBytes }) => {
        limits.push(maxBytes);
        return readAll;
      },
    });
    expect(limits).toEqual([1_000, 1_000]);
  });

  it('is not opened for a partner that is named twice', async () => {
    await expect(scene(ACCEPTED, { partners: [...PARTNERS, ...PARTNERS] })).rejects.toThrow('more than one');
  });

  it('is not opened with a secret that is none', async () => {
    const partners = PARTNERS.map((one) => ({ ...one, secrets: ['whsec_x'] }));
    await expect(scene(ACCEPTED, { partners })).rejects.toThrow('webhook secret');
  });
});

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closed, listen } from '../../../../docker/simulators/listening.ts';
import { casework } from '../../../../docker/simulators/platform/casework.ts';
import { type Platform, startPlatform } from '../../../../docker/simulators/platform/platform.ts';
import { readSecret, signatureHeaders, verifySignature } from '../../../../src/adapters/webhook/signature.ts';
import { until } from '../../../fixtures/town/until.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const [PLAIN, CHATTY, SILENT] = ['9990000018', '9990000026', '9990000034'];

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: string;
}

let heard: Heard[];
let ear: Server;
let platform: Platform;
/** What the listener answers, once each; 202 afterwards. */
let answers: number[];

beforeEach(async () => {
  heard = [];
  answers = [];
  ear = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    heard.push({ headers: request.headers, body, status: JSON.parse(body).status });
    response.writeHead(answers.shift() ?? 202).end();
  });
  const port = await listen(ear, 0);
  const steps = ['accepted', 'active', 'closed-completed'].map((status) => ({ afterMs: 5, status }));
  platform = await startPlatform({
    port: 0,
    dialect: casework,
    secret: SECRET,
    reportTo: () => `http://127.0.0.1:${port}/webhooks/casework`,
    playbooks: new Map([PLAIN, CHATTY].map((nhsNumber) => [nhsNumber, steps])),
    chattyAbout: new Set([CHATTY]),
    confirmsCancel: true,
  });
});

afterEach(async () => {
  await platform.stop();
  await closed(ear);
});

describe('a delivery', () => {
  it('opens a case when it is signed with the shared secret', async () => {
    const response = await deliver(referral(PLAIN), 'msg_1');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ caseId: 'CW-1001' });
    expect(platform.cases()).toMatchObject([{ reference: 'r-1', taskReference: 't-1', narrative: 'O"Neil {{ 1+1 }}' }]);
  });

  it('is refused when it is signed with another secret, and when it was changed on its way', async () => {
    expect((await deliver(referral(PLAIN), 'msg_1', { secret: OTHER })).status).toBe(401);
    expect((await deliver(referral(PLAIN), 'msg_1', { tampered: true })).status).toBe(401);
    expect(platform.cases()).toEqual([]);
  });

  it('is refused when it has no shape that the platform knows', async () => {
    expect((await deliver({ event: 'something.else' }, 'msg_1')).status).toBe(422);
  });

  it('has one effect under one id', async () => {
    await deliver(referral(SILENT), 'msg_1');
    const again = await deliver(referral(SILENT), 'msg_1');
    expect([again.status, await again.json()]).toEqual([200, { caseId: 'CW-1001' }]);
    expect(platform.deliveries().map(({ repeat }) => repeat)).toEqual([false, true]);
  });

  it('opens a second case under another id: the mistake of a sender can be seen', async () => {
    await deliver(referral(SILENT), 'msg_1');
    await deliver(referral(SILENT), 'msg_2');
    expect(platform.cases()).toHaveLength(2);
  });
});

describe('reports', () => {
  it('are signed, so that the engine can tell whose they are', async () => {
    await deliver(referral(PLAIN), 'msg_1');
    await until('all is said', () => heard.length === 3 && platform.idle());
    for (const { headers, body } of heard) {
      const given = { now: new Date(), toleranceSeconds: 60 };
      expect(verifySignature([readSecret(SECRET)], headers, Buffer.from(body), given).ok).toBe(true);
      expect(verifySignature([readSecret(OTHER)], headers, Buffer.from(body), given).ok).toBe(false);
    }
    expect(heard.map(({ status }) => status)).toEqual(['accepted', 'active', 'closed-completed']);
  });

  it('are sent again under the same id until somebody decides about them', async () => {
    answers = [503, 429];
    await deliver(referral(PLAIN), 'msg_1');
    await until('all is said', () => heard.length === 5 && platform.idle());
    expect(new Set(heard.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(platform.answered()).toHaveLength(3);
  });

  it('that are refused are kept for whoever asks, and not sent again', async () => {
    answers = [422];
    await deliver(referral(PLAIN), 'msg_1');
    await until('all is said', () => heard.length === 3 && platform.idle());
    expect(platform.reportsRefused()).toMatchObject([{ status: 422 }]);
  });

  it('of a chatty platform come out of order and again, each with the time at which it happened', async () => {
    await deliver(referral(CHATTY), 'msg_1');
    await until('all is said', () => heard.length === 6 && platform.idle());
    const said = heard.slice(0, 3);
    expect(said.map(({ status }) => status)).toEqual(['active', 'accepted', 'closed-completed']);
    const times = new Map(said.map(({ status, body }) => [status, JSON.parse(body).occurredAt]));
    expect(times.get('accepted') <= times.get('active')).toBe(true);
    expect(heard.slice(3).map(({ headers }) => headers['webhook-id'])).toEqual(
      said.map(({ headers }) => headers['webhook-id']).reverse(),
    );
  });

  it('of a forgetful platform never come', async () => {
    platform.setTemper({ forgetful: true });
    expect((await deliver(referral(PLAIN), 'msg_1')).status).toBe(201);
    expect(platform.idle()).toBe(true);
  });
});

describe('a cancellation', () => {
  it('ends the case: nothing more happens, and the platform says so', async () => {
    await deliver(referral(SILENT), 'msg_1');
    const response = await deliver({ ...referral(SILENT), event: 'referral.cancel-requested' }, 'msg_2');
    expect(response.status).toBe(200);
    await until('it is confirmed', () => heard.some(({ status }) => status === 'cancel-confirmed'));
  });

  it('of something unknown is answered 404', async () => {
    expect((await deliver({ ...referral(PLAIN), event: 'referral.cancel-requested' }, 'msg_1')).status).toBe(404);
  });
});

function referral(nhsNumber: string | undefined) {
  return {
    event: 'referral.created',
    clientReference: 'r-1',
    taskReference: 't-1',
    case: { client: { nhsNumber }, notes: ['O"Neil {{ 1+1 }}'] },
  };
}

function deliver(
  payload: unknown,
  id: string,
  how: { readonly secret?: string; readonly tampered?: boolean } = {},
): Promise<Response> {
  const body = JSON.stringify(payload);
  const secret = readSecret(how.secret ?? SECRET);
  const headers = { ...signatureHeaders([secret], { id, body: Buffer.from(body), now: new Date() }) };
  return fetch(`${platform.url}/referrals`, { method: 'POST', headers, body: how.tampered ? `${body} ` : body });
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { partnerRateLimit, type RateLimitOptions } from '../../../../src/adapters/http-server/rate-limit.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

const START = Date.parse('2026-11-21T09:00:15.000Z');

async function start(more: Partial<RateLimitOptions> = {}) {
  const time = { now: START };
  const clock = { now: () => new Date(time.now) };
  const app = express()
    .use((request, response, next) => {
      const partner = request.get('x-partner');
      if (partner !== undefined) response.locals['partner'] = partner;
      next();
    })
    .use(partnerRateLimit({ limit: 2, windowMs: 60_000, clock, ...more }), (_request, response) => void response.end());
  const server = createServer(app);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ask = (partner?: string) =>
    fetch(`http://127.0.0.1:${port}/`, partner === undefined ? {} : { headers: { 'x-partner': partner } });
  const statuses = async (partners: (string | undefined)[]) => {
    const found: number[] = [];
    for (const partner of partners) found.push((await ask(partner)).status);
    return found;
  };
  return { ask, statuses, time };
}

describe('the rate limit', () => {
  it('counts each partner apart, wherever it calls from', async () => {
    const { statuses } = await start();
    expect(await statuses(['a', 'a', 'a', 'b', 'b', 'b'])).toEqual([200, 200, 429, 200, 200, 429]);
  });

  it('counts the address while nobody is authenticated, and never takes a partner for an address', async () => {
    const { statuses } = await start();
    expect(await statuses([undefined, undefined, undefined, '127.0.0.1'])).toEqual([200, 200, 429, 200]);
  });

  it('says how long to wait, and lets the partner in again then', async () => {
    const { ask, statuses, time } = await start();
    await statuses(['a', 'a']);
    const refused = await ask('a');
    expect(refused.headers.get('retry-after')).toBe('45');
    expect(await refused.json()).toMatchObject({ status: 429, rule: 'http/too-many-requests' });
    time.now += 44_999;
    expect((await ask('a')).status).toBe(429);
    time.now += 1;
    expect((await ask('a')).status).toBe(200);
  });

  it('does not keep a partner out for hours when the clock is set back', async () => {
    const { statuses, time } = await start();
    await statuses(['a', 'a', 'a']);
    time.now -= 7_200_000;
    expect(await statuses(['a'])).toEqual([200]);
  });

  it('answers in the adapter’s own dialect', async () => {
    const { ask } = await start({
      limit: 0,
      render: ({ finding }) => ({ headers: { 'content-type': 'text/plain' }, body: Buffer.from(finding.rule) }),
    });
    const refused = await ask('a');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('45');
    expect(await refused.text()).toBe('http/too-many-requests');
  });
});

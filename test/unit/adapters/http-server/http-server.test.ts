import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { Agent, request as undiciRequest } from 'undici';
import {
  type HttpServer,
  type HttpServerParts,
  type Readiness,
  startHttpServer,
} from '../../../../src/adapters/http-server/http-server.ts';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../../contract/outlet/loopback-certificate.ts';

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const logged: string[] = [];
const note = (event: string, fields?: unknown) => void logged.push(`${event} ${JSON.stringify(fields ?? {})}`);
const LOOPBACK = { host: '127.0.0.1', port: 0, behindProxy: false };

async function start(router: Router, more: Partial<HttpServerParts> = {}) {
  logged.length = 0;
  const server = await startHttpServer({
    listen: LOOPBACK,
    routers: [{ path: '/api', router }],
    limits: { drainSeconds: 1 },
    log: { info: note, warn: note, error: note },
    clock: { now: () => new Date('2026-11-21T09:00:00.000Z') },
    ...more,
  });
  servers.push(server);
  return { server, base: `http://127.0.0.1:${server.port}` };
}

describe('where the listener listens', () => {
  it.each(['0.0.0.0', '::', '192.168.1.10', 'example.org'])(
    'is not %s without TLS or a proxy: it says why and starts nothing',
    async (host) => {
      await expect(start(Router(), { listen: { ...LOOPBACK, host } })).rejects.toThrow(/without TLS.*behindProxy/);
    },
  );

  it('is anywhere behind a proxy, by the operator’s word', async () => {
    const { base } = await start(Router(), { listen: { host: '0.0.0.0', port: 0, behindProxy: true } });
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
  });

  it('is anywhere with TLS', async () => {
    const tls = { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY };
    const { server } = await start(Router(), { listen: { host: '0.0.0.0', port: 0, behindProxy: false, tls } });
    const dispatcher = new Agent({ connect: { ca: LOOPBACK_CERTIFICATE } });
    const response = await undiciRequest(`https://127.0.0.1:${server.port}/health/live`, { dispatcher });
    expect(response.statusCode).toBe(200);
    await dispatcher.destroy();
  });

  it('is refused with the port and what to do when the port is taken', async () => {
    const { server } = await start(Router());
    await expect(start(Router(), { listen: { ...LOOPBACK, port: server.port } })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${server.port}: the port is taken by another process. Stop that one, or give another port`,
    );
  });
});

describe('what the listener says', () => {
  it('is that it lives, with the security headers and without its maker’s name', async () => {
    const { base } = await start(Router());
    const response = await fetch(`${base}/health/live`);
    expect(await response.json()).toEqual({ status: 'live' });
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('strict-transport-security')).toContain('max-age');
  });

  it('is that it is ready, that it is not, or that it cannot tell, which is not', async () => {
    let ready = async (): Promise<Readiness> => ({ ready: true });
    const { base } = await start(Router(), { ready: () => ready() });
    const ask = async () => {
      const response = await fetch(`${base}/health/ready`);
      return [response.status, await response.json()];
    };
    expect(await ask()).toEqual([200, { status: 'ready' }]);
    ready = async () => ({ ready: false });
    expect(await ask()).toEqual([503, { status: 'not-ready' }]);
    ready = async () => ({ ready: true, dependencies: { borough: 'down: ECONNREFUSED' } });
    expect(await ask()).toEqual([200, { status: 'ready', dependencies: { borough: 'down: ECONNREFUSED' } }]);
    ready = async () => ({ ready: true, log: 'not-whole: not-signed' });
    expect(await ask()).toEqual([200, { status: 'ready', log: 'not-whole: not-signed' }]);
    ready = () => Promise.reject(new RangeError('patient Ann Onymous'));
    expect(await ask()).toEqual([503, { status: 'not-ready' }]);
    expect(logged.at(-1)).toBe('http.readiness {"fault":"RangeError"}');
  });

  it('asks itself once for all who want to know at the same time', async () => {
    let asked = 0;
    let answer = (_readiness: Readiness): void => {};
    const ready = () => {
      asked += 1;
      return new Promise<Readiness>((resolve) => {
        answer = resolve;
      });
    };
    const { base } = await start(Router(), { ready });
    const both = Promise.all([fetch(`${base}/health/ready`), fetch(`${base}/health/ready`)]);
    await fetch(`${base}/health/live`);
    await fetch(`${base}/health/live`);
    answer({ ready: true });
    expect((await both).map(({ status }) => status)).toEqual([200, 200]);
    expect(asked).toBe(1);
  });

  it('is 404 as a problem document where nothing is served', async () => {
    const { base } = await start(Router());
    for (const path of ['/', '/api/none', '/health', '/%2e%2e/etc/passwd']) {
      const response = await fetch(`${base}${path}`);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status: 404, title: 'Not Found' });
    }
  });

  it('is 400 for a path that does not decode', async () => {
    const router = Router().get('/:id', (_request, response) => void response.end());
    const { base } = await start(router);
    expect((await fetch(`${base}/api/%E0%A4%A`)).status).toBe(400);
  });

  it('is an error id and nothing else for a fault of ours, and the log has the same id without the fault’s words', async () => {
    const router = Router()
      .get('/throws', () => {
        throw new Error('patient Ann Onymous');
      })
      .get('/rejects', async () => Promise.reject(new TypeError('patient Ann Onymous')))
      .get('/odd', () => {
        throw 'patient Ann Onymous';
      });
    const { base } = await start(router);
    for (const path of ['throws', 'rejects', 'odd']) {
      const response = await fetch(`${base}/api/${path}`);
      const problem: unknown = await response.json();
      expect(problem).toMatchObject({ status: 500, error: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(JSON.stringify(problem)).not.toMatch(/Onymous|\.ts|at /);
      const id = typeof problem === 'object' && problem !== null && 'error' in problem ? problem.error : '';
      expect(logged.at(-1)).toContain(`"error":"${id}"`);
      expect(logged.at(-1)).not.toContain('Onymous');
    }
  });

  it('is 503 with when to come again while the record is away', async () => {
    const router = Router().get('/', async () =>
      Promise.reject(Object.assign(new Error('patient Ann Onymous'), { code: 'unreachable' })),
    );
    const { base } = await start(router);
    const response = await fetch(`${base}/api`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      title: 'Service Unavailable',
      status: 503,
      detail: expect.stringContaining('Send the same again'),
    });
    expect(logged.at(-1)).toContain('"code":"unreachable"');
    expect(logged.at(-1)).not.toContain('Onymous');
  });

  it('ends the connection when a fault comes after the answer began', async () => {
    const router = Router().get('/', (_request, response) => {
      response.write('half');
      throw new Error('too late');
    });
    const { base } = await start(router);
    await expect(fetch(`${base}/api`).then((response) => response.text())).rejects.toThrow();
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
  });

  it('is 429 to an address that asks too often, but never about its life', async () => {
    const { base } = await start(Router(), { limits: { perAddressPerMinute: 2 } });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await fetch(`${base}/api`)).status);
    expect(statuses).toEqual([404, 404, 429]);
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
  });
});

describe('a caller that dawdles', () => {
  it('is dropped when its headers do not come in time', async () => {
    const { server } = await start(Router(), { limits: { headersTimeoutMs: 50, requestTimeoutMs: 50 } });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /api HTTP/1.1\r\nHost: a\r\n');
    let said = '';
    for await (const chunk of socket) said += String(chunk);
    expect(said).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('stopping the listener', () => {
  const waiting = () => {
    let release: () => void = () => {};
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const router = Router().get('/', (_request, response) => {
      release = () => response.end('done');
      entered();
    });
    return { router, inside, release: () => release() };
  };

  it('lets a running request finish and takes no new ones', async () => {
    const { router, inside, release } = waiting();
    const { server, base } = await start(router, { limits: { drainSeconds: 30 } });
    const running = fetch(`${base}/api`);
    await inside;
    const stopped = server.stop();
    await turn();
    await expect(fetch(`${base}/api`, { headers: { connection: 'close' } })).rejects.toThrow();
    release();
    const response = await running;
    expect(await response.text()).toBe('done');
    expect(response.headers.get('connection')).toBe('close');
    await stopped;
  });

  it('closes what is still running when the time is over, and logs how many', async () => {
    const { router, inside } = waiting();
    const { server, base } = await start(router, { limits: { drainSeconds: 0 } });
    const running = expect(fetch(`${base}/api`)).rejects.toThrow();
    await inside;
    await server.stop();
    await running;
    expect(logged).toContain('http.drain-over {"requests":1}');
  });

  it('does not wait for connections that are only kept alive', async () => {
    const { server, base } = await start(Router(), { limits: { drainSeconds: 600, keepAliveMs: 600_000 } });
    await (await fetch(`${base}/health/live`)).text();
    await server.stop();
    expect(logged.at(-1)).toBe('http.stopped {}');
  });
});

describe('a listener that is to be left out', () => {
  it('says so, takes what comes all the same, and ends every connection with its response', async () => {
    const router = Router().get('/work', (_request, response) => void response.json({ done: true }));
    const { server, base } = await start(router);
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);
    server.retire();
    const ready = await fetch(`${base}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not-ready' }]);
    const taken = await fetch(`${base}/api/work`);
    expect([taken.status, taken.headers.get('connection')]).toEqual([200, 'close']);
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import fc from 'fast-check';
import { newBodyBudget } from '../../../../src/adapters/http-server/body-budget.ts';
import { type RawBodyOptions, rawBody } from '../../../../src/adapters/http-server/raw-body.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
});

async function start(options: RawBodyOptions) {
  const bodies: Buffer[] = [];
  const app = express().use(rawBody(options), (request, response) => {
    bodies.push(request.body);
    response.end('ok');
  });
  const server = createServer(app);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const post = (body: Uint8Array, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: Buffer.from(body), headers });
  return { bodies, port, post };
}

/** Writes raw text and returns everything that comes back until the connection ends. */
async function talk(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let said = '';
  for await (const chunk of socket) said += String(chunk);
  return said;
}

const GZIP = { 'content-encoding': 'gzip' };

describe('the raw body', () => {
  it('is exactly what was sent, plain and packed', async () => {
    const { bodies, post } = await start({ maxBytes: 1_000 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
        bodies.length = 0;
        await post(bytes);
        await post(gzipSync(bytes), GZIP);
        expect(bodies.map((body) => body.equals(bytes))).toEqual([true, true]);
      }),
      { numRuns: 40 },
    );
  });

  it('is empty when none was sent', async () => {
    const { bodies, port } = await start({ maxBytes: 10 });
    await fetch(`http://127.0.0.1:${port}/`);
    expect(bodies).toEqual([Buffer.alloc(0)]);
  });

  it('may have exactly the largest size', async () => {
    const { post } = await start({ maxBytes: 100 });
    expect((await post(Buffer.alloc(100))).status).toBe(200);
    expect((await post(gzipSync(Buffer.alloc(100)), GZIP)).status).toBe(200);
  });

  it('is refused with 413 beyond it, announced or not', async () => {
    const { bodies, port, post } = await start({ maxBytes: 100 });
    const announced = await post(Buffer.alloc(101));
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ status: 413, rule: 'http/body-too-large' });
    const chunk = `65\r\n${'x'.repeat(101)}\r\n`;
    const said = await talk(port, `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 413 /);
    expect(bodies).toEqual([]);
  });

  it('is told 413 at the announcement, before any of it comes', async () => {
    const { port } = await start({ maxBytes: 100 });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n');
    const [said] = await once(socket, 'data');
    expect(String(said)).toMatch(/^HTTP\/1.1 413 [\s\S]*connection: close/i);
    socket.destroy();
  });

  it('reaches a sender that writes all of a large body before it reads', async () => {
    const { post } = await start({ maxBytes: 100 });
    expect((await post(Buffer.alloc(5_000_000))).status).toBe(413);
  });

  it('is refused with 413 when a small pack unpacks to too much', async () => {
    const { bodies, post } = await start({ maxBytes: 100_000 });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expect((await post(bomb, GZIP)).status).toBe(413);
    expect(bodies).toEqual([]);
  });

  it.each([
    ['is no gzip', Buffer.from('plain')],
    ['ends too soon', gzipSync(Buffer.alloc(10_000, 'ab')).subarray(0, 20)],
  ])('is refused with 400 when what says gzip %s', async (_what, body) => {
    const { bodies, port } = await start({ maxBytes: 1_000 });
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
    const said = await talk(port, head + body.toString('latin1'));
    expect(said).toMatch(/^HTTP\/1.1 400 /);
    expect(bodies).toEqual([]);
  });

  it.each(['br', 'deflate', 'gzip, gzip', 'zstd'])('is refused with 415 when it is packed as %s', async (encoding) => {
    const { post } = await start({ maxBytes: 100 });
    const response = await post(Buffer.from('x'), { 'content-encoding': encoding });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('gzip, identity');
  });

  it('is refused with 408 when it does not come in time', async () => {
    const { bodies, port } = await start({ maxBytes: 100, timeoutMs: 30 });
    const said = await talk(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf');
    expect(said).toMatch(/^HTTP\/1.1 408 /);
    expect(bodies).toEqual([]);
  });

  it('goes nowhere when the sender leaves half-way', async () => {
    const { bodies, port, post } = await start({ maxBytes: 100 });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf');
    await once(socket, 'ready');
    socket.destroy();
    await once(socket, 'close');
    await post(Buffer.from('next'));
    expect(bodies.map(String)).toEqual(['next']);
  });

  it('leaves the connection ready for the next request, also after a pack with something behind it', async () => {
    const { bodies, port } = await start({ maxBytes: 1_000 });
    const packed = Buffer.concat([gzipSync('first'), Buffer.alloc(40)]);
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1');
    socket.write(Buffer.concat([Buffer.from(head), packed]));
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecond');
    socket.resume();
    await once(socket, 'close');
    expect(bodies.map(String).sort()).toEqual(['first', 'second']);
  });

  it('is refused in the adapter’s own dialect', async () => {
    const { post } = await start({
      maxBytes: 1,
      render: ({ finding }) => ({ headers: { 'content-type': 'text/plain' }, body: Buffer.from(finding.rule) }),
    });
    const response = await post(Buffer.from('xx'));
    expect(response.status).toBe(413);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await response.text()).toBe('http/body-too-large');
  });
});

describe('a body that is not to be kept', () => {
  it('is read to its end, and as many zero bytes stand for it', async () => {
    const { bodies, post } = await start({ maxBytes: 1_000, keep: false });
    expect((await post(Buffer.from('secret'))).status).toBe(200);
    expect((await post(gzipSync('secrets'), GZIP)).status).toBe(200);
    expect(bodies).toEqual([Buffer.alloc(6), Buffer.alloc(7)]);
  });

  it('is refused as any other when it is too large', async () => {
    const { post } = await start({ maxBytes: 5, keep: false });
    expect((await post(Buffer.from('secret'))).status).toBe(413);
  });
});

describe('what all bodies may hold', () => {
  const MIB = 1024 * 1024;
  const holder = () => 'somebody';

  it('is bounded for one holder and for all, and is given back', () => {
    const budget = newBodyBudget(1);
    expect(budget.take('one', 16 * MIB)).toBe(true);
    expect(budget.take('one', 1)).toBe(false);
    expect(budget.take('two', 16 * MIB)).toBe(true);
    expect(budget.take('three', 1)).toBe(false);
    budget.give('one', 16 * MIB);
    expect(budget.take('three', 16 * MIB)).toBe(true);
  });

  it('is enough for the longest body, however long that may be', () => {
    const budget = newBodyBudget(40 * MIB);
    expect(budget.take('one', 40 * MIB)).toBe(true);
    expect(budget.take('two', 40 * MIB)).toBe(true);
  });

  it('refuses with 503 and Retry-After while there is no room, and takes the same again once there is', async () => {
    const of = newBodyBudget(1);
    const { bodies, post } = await start({ maxBytes: 100, budget: { of, holder } });
    of.take('somebody', 16 * MIB);
    const refused = await post(Buffer.from('x'));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ rule: 'http/busy' });
    expect(bodies).toEqual([]);
    of.give('somebody', 16 * MIB);
    expect((await post(Buffer.from('x'))).status).toBe(200);
  });

  it('counts bodies that are still coming, and those whose sender leaves no more', async () => {
    const of = newBodyBudget(1);
    const taken: number[] = [];
    const given: number[] = [];
    const counting = {
      take: (name: string, bytes: number) => taken.push(bytes) > 0 && of.take(name, bytes),
      give(name: string, bytes: number) {
        given.push(bytes);
        of.give(name, bytes);
      },
    };
    const { port, post } = await start({ maxBytes: 100, budget: { of: counting, holder } });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf');
    while (taken.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(given).toEqual([]);
    socket.destroy();
    while (given.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await post(Buffer.from('whole'));
    while (given.reduce((sum, bytes) => sum + bytes, 0) < 9) await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([4, 5]);
    expect(given.filter((bytes) => bytes > 0)).toEqual([4, 5]);
  });

  it('does not count what is not kept', async () => {
    const of = newBodyBudget(1);
    of.take('somebody', 16 * MIB);
    const { post } = await start({ maxBytes: 100, keep: false, budget: { of, holder } });
    expect((await post(Buffer.from('x'))).status).toBe(200);
  });
});

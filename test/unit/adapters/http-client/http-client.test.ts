import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newHttpClient } from '../../../../src/adapters/http-client/http-client.ts';
import type { HttpClient, HttpClientOptions } from '../../../../src/ports.ts';
import { type HttpPeer, type ReceivedRequest, scriptedPeer } from '../../../contract/outlet/http-peer.ts';
import { LOOPBACK_CERTIFICATE } from '../../../contract/outlet/loopback-certificate.ts';

const LIMITS = { timeoutMs: 10_000, maxReplyBytes: 1_000 };
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Answering = (request: ReceivedRequest, response: ServerResponse) => void;

async function peerThat(answer: Answering, tls = false): Promise<HttpPeer> {
  const peer = await scriptedPeer(answer, tls);
  open.push(peer.stop);
  return peer;
}

function client(change: Partial<HttpClientOptions> = {}, resolve?: Parameters<typeof newHttpClient>[1]): HttpClient {
  const made = newHttpClient({ connections: 1, local: true, ...change }, resolve);
  open.push(made.close);
  return made;
}

const post = (
  http: HttpClient,
  url: string,
  { limits = LIMITS, headers = {}, signal = new AbortController().signal } = {},
) => http.post({ url, headers, body: Buffer.from('sent') }, limits, signal);
const silent: Answering = () => {};
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('an exchange', () => {
  it('carries the whole request there and the whole reply back', async () => {
    const peer = await peerThat((_request, response) => {
      response.writeHead(201, { 'X-Kind': 'reply' });
      response.end('done');
    });
    const came = await post(client(), `${peer.origin}/a?b=c`, { headers: { 'x-sent': '1' } });
    expect(came).toMatchObject({ kind: 'reply', status: 201, headers: { 'x-kind': 'reply' }, tooLarge: false });
    expect('body' in came && Buffer.from(came.body).toString()).toBe('done');
    expect(peer.received[0]).toMatchObject({ method: 'POST', path: '/a?b=c', headers: { 'x-sent': '1' } });
    expect(peer.received[0]?.body.toString()).toBe('sent');
  });

  it('takes a redirect for a reply and goes nowhere else', async () => {
    const peer = await peerThat((_request, response) => void response.writeHead(307, { location: '/else' }).end());
    expect(await post(client(), peer.origin)).toMatchObject({ kind: 'reply', status: 307 });
    expect(peer.received).toHaveLength(1);
  });

  it('keeps the status of a reply that is larger than is kept, and nothing of its body', async () => {
    const peer = await peerThat((_request, response) => void response.end('x'.repeat(LIMITS.maxReplyBytes + 1)));
    const came = await post(client(), peer.origin);
    expect(came).toMatchObject({ kind: 'reply', status: 200, tooLarge: true });
    expect('body' in came && came.body.byteLength).toBe(0);
  });

  it('keeps a reply that is just as large as is kept', async () => {
    const peer = await peerThat((_request, response) => void response.end('x'.repeat(LIMITS.maxReplyBytes)));
    expect(await post(client(), peer.origin)).toMatchObject({ kind: 'reply', tooLarge: false });
  });

  it('may have been written when time runs out, or when the peer drops it', async () => {
    const peer = await peerThat(silent);
    const limits = { ...LIMITS, timeoutMs: 100 };
    expect(await post(client(), peer.origin, { limits })).toEqual({
      kind: 'failed',
      written: true,
      aborted: false,
      code: 'TIMEOUT',
    });
    const dropping = await peerThat((_request, response) => void response.socket?.destroy());
    expect(await post(client(), dropping.origin)).toMatchObject({ kind: 'failed', written: true, aborted: false });
  });

  it('was not written when nobody listens', async () => {
    const peer = await peerThat(silent);
    await peer.stop();
    expect(await post(client(), peer.origin)).toMatchObject({ kind: 'failed', written: false, code: 'ECONNREFUSED' });
  });

  it('is a value, too, when its headers cannot be sent', async () => {
    const peer = await peerThat(silent);
    const headers = { authorization: 'Bearer a\r\nx-more: b' };
    expect(await post(client(), peer.origin, { headers })).toMatchObject({ kind: 'failed', written: false });
    expect(peer.received).toEqual([]);
  });
});

describe('giving an exchange up', () => {
  it('before it begins sends nothing', async () => {
    const peer = await peerThat(silent);
    const came = await post(client(), peer.origin, { signal: AbortSignal.abort() });
    expect(came).toEqual({ kind: 'failed', written: false, aborted: true, code: 'ABORTED' });
    expect(peer.received).toEqual([]);
  });

  it('half-way leaves it unknown whether it arrived', async () => {
    const peer = await peerThat(silent);
    const abort = new AbortController();
    const sent = post(client(), peer.origin, { signal: abort.signal });
    await until(() => peer.received.length > 0);
    abort.abort();
    expect(await sent).toEqual({ kind: 'failed', written: true, aborted: true, code: 'ABORTED' });
  });

  it('by closing the client ends what is under way, and nothing is sent any more', async () => {
    const peer = await peerThat(silent);
    const http = client();
    const sent = post(http, peer.origin);
    await until(() => peer.received.length > 0);
    await http.close();
    expect(await sent).toMatchObject({ kind: 'failed', written: true });
    expect(await post(http, peer.origin)).toMatchObject({ kind: 'failed', written: false });
    expect(peer.received).toHaveLength(1);
  });
});

describe('whom a client calls', () => {
  const refused = { kind: 'failed', written: false, code: 'ADDRESS_REFUSED' };

  it.each([
    ['https://127.0.0.1/', false, 'outlet/address'],
    ['https://[::ffff:10.0.0.1]/', false, 'outlet/address'],
    ['http://169.254.169.254/', true, 'outlet/address'],
    ['http://platform.example/', false, 'outlet/url'],
    ['nonsense', true, 'outlet/url'],
    ['https://user:pw@platform.example/', true, 'outlet/url-credentials'],
  ])('is not %s (local: %j)', async (url, local, rule) => {
    expect(await post(client({ local }), url)).toMatchObject({ ...refused, finding: { rule } });
  });

  it('is nobody whose name resolves to where nobody may be called', async () => {
    const http = client({ local: false }, (_name, _options, callback) =>
      callback(null, [{ address: '10.0.0.5', family: 4 }]),
    );
    const came = await post(http, 'https://platform.example/');
    expect(came).toMatchObject({ ...refused, finding: { rule: 'outlet/address', issue: 'security' } });
  });

  it('is nobody whose certificate it cannot verify', async () => {
    const peer = await peerThat((_request, response) => void response.end(), true);
    expect(await post(client(), peer.origin)).toMatchObject({ kind: 'failed', written: false });
    expect(peer.received).toEqual([]);
    expect(await post(client({ ca: LOOPBACK_CERTIFICATE }), peer.origin)).toMatchObject({ kind: 'reply' });
  });
});

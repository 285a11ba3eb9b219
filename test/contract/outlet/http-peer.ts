import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerBehaviour } from './describe-outlet.ts';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-certificate.ts';

/** A receiver on loopback that speaks HTTP and behaves as told. */
export interface HttpPeer {
  readonly origin: string;
  readonly received: readonly ReceivedRequest[];
  readonly mostAtOnce: () => number;
  readonly stop: () => Promise<void>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What it answers when it accepts or refuses: the protocol's own. */
export interface PeerReplies {
  readonly accepted: PeerReply;
  readonly refused: PeerReply;
}

export interface PeerReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts one. `absent` gives an address where nobody listens. */
export async function httpPeer(behaviour: PeerBehaviour, replies: PeerReplies): Promise<HttpPeer> {
  const peer = await scriptedPeer((_request, response) => behave(behaviour, response, replies));
  if (behaviour === 'absent') await peer.stop();
  return peer;
}

/** Starts one that answers as the test says, once it has the whole request. */
export async function scriptedPeer(
  answer: (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>,
  tls = false,
): Promise<HttpPeer> {
  const received: ReceivedRequest[] = [];
  let open = 0;
  let most = 0;
  const listener: RequestListener = async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const whole = await readWhole(request);
    received.push(whole);
    await answer(whole, response);
  };
  const server = tls
    ? createTlsServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, listener)
    : createServer(listener);
  const port = await listen(server);
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http${tls ? 's' : ''}://127.0.0.1:${port}`, received, mostAtOnce: () => most, stop };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the peer has no port');
  return address.port;
}

async function readWhole(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks) };
}

async function behave(behaviour: PeerBehaviour, response: ServerResponse, replies: PeerReplies): Promise<void> {
  switch (behaviour) {
    case 'accepts':
      return reply(response, replies.accepted);
    case 'refuses':
      return reply(response, replies.refused);
    case 'busy':
      return reply(response, { status: 503, headers: { 'retry-after': '7' }, body: '' });
    case 'redirects':
      return reply(response, { status: 307, headers: { location: '/elsewhere' }, body: '' });
    case 'floods':
      return reply(response, { ...replies.accepted, body: ' '.repeat(2_000_000) });
    case 'dawdles':
      return dawdle(response, replies.accepted);
    case 'drops':
      return void response.socket?.destroy();
    case 'cuts':
      response.writeHead(replies.accepted.status, { ...replies.accepted.headers, 'content-length': '1000' });
      response.write('{');
      await sleep(20);
      return void response.socket?.destroy();
    case 'trickles':
      response.writeHead(replies.accepted.status, replies.accepted.headers);
      while (!response.destroyed) {
        response.write(' ');
        await sleep(20);
      }
      return;
    case 'hangs':
    case 'absent':
      return;
  }
}

function reply(response: ServerResponse, { status, headers, body }: PeerReply): void {
  response.writeHead(status, headers);
  response.end(body);
}

async function dawdle(response: ServerResponse, { status, headers, body }: PeerReply): Promise<void> {
  response.writeHead(status, headers);
  const half = Math.ceil(body.length / 2);
  for (const part of [body.slice(0, half), body.slice(half)]) {
    await sleep(30);
    response.write(part);
  }
  response.end();
}

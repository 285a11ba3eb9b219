import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { PeerBehaviour } from './describe-outlet.ts';

/** A receiver on loopback that speaks MLLP, with framing of its own: it must not share a mistake with what it tests. */
export interface MllpPeer {
  readonly port: number;
  readonly received: readonly ReceivedMessage[];
  readonly connections: () => number;
  /** The most messages that waited for an answer at once. */
  readonly mostAtOnce: () => number;
  readonly stop: () => Promise<void>;
}

export interface ReceivedMessage {
  readonly controlId: string;
  readonly body: Buffer;
}

/** What a test does with each message: it answers by `reply`, or not. */
export type Act = (message: ReceivedMessage, reply: PeerVoice) => void | Promise<void>;

export interface PeerVoice {
  /** An acknowledgement in a frame. */
  ack(code: string, of: string, more?: readonly string[]): void;
  /** These bytes, as they are. */
  raw(bytes: string | Buffer): void;
  readonly socket: Socket;
}

const VT = 0x0b;
const END = Buffer.from([0x1c, 0x0d]);

/** Starts one that does as the test says. */
export async function scriptedMllpPeer(act: Act, tls?: TlsOptions): Promise<MllpPeer> {
  const received: ReceivedMessage[] = [];
  const sockets = new Set<Socket>();
  let [connections, open, most] = [0, 0, 0];
  const serve = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let held = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let end = held.indexOf(END); end >= 0; end = held.indexOf(END)) {
        const body = held.subarray(held.indexOf(VT) + 1, end);
        held = held.subarray(end + END.length);
        const message = {
          body,
          controlId:
            body
              .toString('latin1')
              .split(/[\r\n]/)[0]
              ?.split('|')[9] ?? '',
        };
        received.push(message);
        open += 1;
        most = Math.max(most, open);
        void Promise.resolve(act(message, voiceOf(socket))).finally(() => {
          open -= 1;
        });
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the peer has no port');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: address.port, received, connections: () => connections, mostAtOnce: () => most, stop };
}

function voiceOf(socket: Socket): PeerVoice {
  const raw = (bytes: string | Buffer): void => void socket.write(bytes);
  return { socket, raw, ack: (code, of, more = []) => raw(Buffer.from(ackFrame(code, of, more), 'latin1')) };
}

export function ackFrame(code: string, of: string, more: readonly string[] = []): string {
  const segments = ['MSH|^~\\&|PEER|GP|HEARBACK|HB|20261121090000||ACK|ACK1|P|2.5.1', `MSA|${code}|${of}`, ...more];
  return `\x0b${segments.join('\r')}\r\x1c\r`;
}

/** Behaves as the contract names it. `absent` gives a port where nobody listens. */
export async function mllpPeer(behaviour: PeerBehaviour): Promise<MllpPeer> {
  const peer = await scriptedMllpPeer((message, voice) => behave(behaviour, message.controlId, voice));
  if (behaviour === 'absent') await peer.stop();
  return peer;
}

async function behave(behaviour: PeerBehaviour, of: string, { ack, raw, socket }: PeerVoice): Promise<void> {
  const whole = Buffer.from(ackFrame('AA', of), 'latin1');
  const half = Math.ceil(whole.length / 2);
  switch (behaviour) {
    case 'accepts':
      return ack('AA', of);
    case 'busy':
      return ack('AE', of, ['ERR|||207^Application internal error^HL70357|E']);
    case 'refuses':
      return ack('AE', of, ['ERR||PID^1^3|101^Required field missing^HL70357|E||||Testpatient has no number']);
    case 'drops':
      return void socket.destroy();
    case 'cuts':
      raw(whole.subarray(0, half));
      await sleep(20);
      return void socket.destroy();
    case 'floods':
      return raw(Buffer.from(ackFrame('AA', of, [`NTE|1||${' '.repeat(2_000_000)}`]), 'latin1'));
    case 'dawdles':
      for (const part of [whole.subarray(0, half), whole.subarray(half)]) {
        await sleep(30);
        raw(part);
      }
      return;
    case 'trickles':
      raw('\x0bMSH|^~\\&|');
      while (!socket.destroyed) {
        raw('x');
        await sleep(20);
      }
      return;
    case 'hangs':
    case 'absent':
    case 'redirects':
      return;
  }
}

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../listening.ts';

const VT = 0x0b;
const END = Buffer.from([0x1c, 0x0d]);
const LONGEST = 10 * 1024 * 1024;

export interface MllpServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Listening {
  readonly port: number;
  readonly host?: string;
  /** Takes a message and gives what is answered, which may be empty; the connection ends when it gives nothing at all. */
  readonly take: (message: Buffer) => Promise<string | undefined>;
}

/** Listens for framed messages (MLLP release 1) and answers each in its turn. */
export async function startMllpServer({ port, host, take }: Listening): Promise<MllpServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let turn: Promise<void> = Promise.resolve();
    readFrames(socket, (message) => {
      turn = turn.then(async () => {
        const answer = await take(message);
        if (answer === undefined) socket.destroy();
        else if (answer !== '' && !socket.destroyed) socket.write(framed(answer));
      });
      // Whatever went wrong with it, nobody was told that it was taken.
      turn = turn.catch(() => void socket.destroy());
    });
  });
  return {
    port: await listen(server, port, host),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Sends one message on a connection of its own and gives the answer. Rejects when none comes in time. */
export async function sendMllp(message: string, to: URL, timeoutMs: number): Promise<Buffer> {
  const socket = connect({ host: to.hostname, port: Number(to.port) });
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      socket.setTimeout(timeoutMs, () => reject(new Error('no answer came in time')));
      socket.once('error', reject).once('close', () => reject(new Error('the connection ended without an answer')));
      readFrames(socket, resolve);
      socket.once('connect', () => socket.write(framed(message)));
    });
  } finally {
    socket.destroy();
  }
}

function readFrames(socket: Socket, onMessage: (message: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (let end = held.indexOf(END); end >= 0; end = held.indexOf(END)) {
      onMessage(held.subarray(held.indexOf(VT) + 1, end));
      held = held.subarray(end + END.length);
    }
    if (held.length > LONGEST) socket.destroy();
  });
}

function framed(message: string): Buffer {
  return Buffer.concat([Buffer.from([VT]), Buffer.from(message, 'utf8'), END]);
}

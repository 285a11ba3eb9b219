import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { FrameDecoder, frame } from '../../../src/adapters/hl7v2-mllp/framing.ts';
import { acknowledge } from '../../../src/core/hl7v2/acknowledge.ts';
import { readHead } from '../../../src/core/hl7v2/head.ts';

/** The record of a practice that speaks HL7 v2: it files every message and answers AA. */
export interface Hl7Record {
  readonly port: number;
  /** What was filed, as text. */
  readonly filed: () => readonly string[];
  stop(): Promise<void>;
}

const LONGEST = 1024 * 1024;

export async function startHl7Record(): Promise<Hl7Record> {
  const filed = new Map<string, string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const decoder = new FrameDecoder(LONGEST);
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const event of decoder.push(chunk)) {
        if (event.kind !== 'message') continue;
        const head = readHead(event.bytes);
        filed.set(head.controlId, event.bytes.toString('utf8'));
        const at = new Date().toISOString();
        socket.write(frame(acknowledge(head, { code: 'AA', findings: [], at, controlId: `F${filed.size}` })));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the record has no port');
  return {
    port: address.port,
    filed: () => [...filed.values()],
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

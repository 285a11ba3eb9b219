import { randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { closed, listen } from './listening.ts';

/** Below what systems give to whoever asks for any port (Linux from 32768, others from 49152), and above what services use. */
const [FIRST, LAST] = [10_240, 32_000];
const TRIES = 50;

/**
 * A loopback port that nobody uses, for a server that is to have the same one again after it was down. One that the system gave
 * could be given to somebody else meanwhile: to the other end of any connection.
 */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const server = createServer();
    const port = await listen(server, randomInt(FIRST, LAST)).catch((fault: unknown) => {
      if (tries === TRIES) throw fault;
      return undefined;
    });
    if (port === undefined) continue;
    await closed(server);
    return port;
  }
}

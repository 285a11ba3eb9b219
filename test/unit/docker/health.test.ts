import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closed, listen } from '../../../docker/simulators/listening.ts';

const script = join(import.meta.dirname, '../../../bin/health.mjs');
const servers: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await closed(server);
});

function asked(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (fault, stdout) => {
      resolve({ code: fault === null ? 0 : Number(fault.code), said: stdout });
    });
  });
}

async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => void response.writeHead(status).end(body));
  servers.push(server);
  return `http://127.0.0.1:${await listen(server, 0)}/health/ready`;
}

describe('bin/health.mjs', () => {
  it('ends well when the engine is ready, whichever way it is told the address', async () => {
    const url = await answering(200, '{"status":"ready"}');
    expect(await asked([url])).toEqual({ code: 0, said: '{"status":"ready"}\n' });
    expect((await asked([], { HEARBACK_HEALTH_URL: url })).code).toBe(0);
  });

  it('ends with 1 and says why when it is not, or nobody answers', async () => {
    const url = await answering(503, '{"status":"not-ready"}');
    expect(await asked([url])).toEqual({ code: 1, said: '{"status":"not-ready"}\n' });
    await closed(servers.pop() ?? createServer());
    expect(await asked([url])).toMatchObject({ code: 1, said: expect.stringContaining('ECONNREFUSED') });
  });
});

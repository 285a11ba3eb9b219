import { Agent } from 'undici';
import { judgeUrl } from '../../core/address-judgement.ts';
import type { HttpClient, HttpClientOptions } from '../../ports.ts';
import { exchange } from './exchange.ts';
import { guardedLookup, type ResolveName } from './guarded-lookup.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 4_000;

/**
 * A client for one partner. Certificates are always verified, redirects are not followed, and no address is called that must
 * not be: a written one is judged before, a resolved one on the connection itself. `resolve` is the system's way when left out.
 */
export function newHttpClient(options: HttpClientOptions, resolve?: ResolveName): HttpClient {
  const agent = newAgent(options, resolve);
  return {
    async post(request, limits, signal) {
      const target = judgeUrl(request.url, options);
      if ('finding' in target) {
        return { kind: 'failed', written: false, aborted: false, code: 'ADDRESS_REFUSED', finding: target.finding };
      }
      return exchange(agent, { ...request, url: target.url }, limits, signal);
    },
    close: () => agent.destroy(),
  };
}

function newAgent({ connections, connectTimeoutMs, local, ca }: HttpClientOptions, resolve?: ResolveName): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: {
      timeout: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      // Said outright: the environment can turn the default off for the whole process.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      lookup: guardedLookup({ local }, resolve),
      ...(ca !== undefined && { ca }),
    },
  });
}

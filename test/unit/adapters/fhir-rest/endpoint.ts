import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import type { Bundle, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { renderRefusal } from '../../../../src/adapters/fhir-rest/answer.ts';
import type { FhirPartner } from '../../../../src/adapters/fhir-rest/authenticate.ts';
import type { FhirRouterParts } from '../../../../src/adapters/fhir-rest/call.ts';
import { fhirRouter } from '../../../../src/adapters/fhir-rest/inlet.ts';
import { rawBody } from '../../../../src/adapters/http-server/raw-body.ts';
import { isResourceType, type StoredResource } from '../../../../src/core/referral.ts';
import { type MemoryIntake, memoryIntake } from './memory-intake.ts';
import { type MemoryRecord, memoryRecord } from './memory-record.ts';

export const NOW = '2026-11-21T09:00:00.000Z';
export const BASE = 'https://hearback.example/fhir';

/** The FHIR endpoint on loopback, before a record and an intake in memory. */
export interface Endpoint {
  readonly url: string;
  readonly record: MemoryRecord;
  readonly intake: MemoryIntake;
  /** What was to be shown. */
  readonly looks: { readonly partner: string; readonly shown: readonly StoredResource[] }[];
  /** What was shown to the end. */
  readonly reads: { readonly partner: string; readonly shown: readonly StoredResource[] }[];
  /** Every line that was logged, as one text. */
  readonly log: () => string;
  /** A request with a token, JSON unless said otherwise. */
  call(path: string, init?: RequestInit & { readonly token?: string }): Promise<Response>;
  /** How many connections are open. */
  connections(): Promise<number>;
  stop(): Promise<void>;
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex');
const scopes = ['referral.write', 'task.write', 'read', 'terminology'] as const;

const PARTNERS: readonly FhirPartner[] = [
  {
    partner: 'elm',
    tokens: [digest('elm-old'), digest('elm')],
    scopes,
    dialect: 'plain',
  },
  { partner: 'oak', tokens: [digest('oak')], scopes, dialect: 'plain' },
  { partner: 'nhs111', tokens: [digest('nhs111')], scopes, dialect: 'bars' },
  {
    partner: 'reader',
    tokens: [digest('reader')],
    scopes: ['read'],
    dialect: 'plain',
  },
];

export async function startEndpoint(change: Partial<FhirRouterParts> = {}): Promise<Endpoint> {
  const record = memoryRecord();
  const intake = memoryIntake(record, () => NOW);
  const looks: { partner: string; shown: readonly StoredResource[] }[] = [];
  const reads: { partner: string; shown: readonly StoredResource[] }[] = [];
  const lines: string[] = [];
  const note = (event: string, fields = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  let made = 0;
  const next = (): string => {
    made += 1;
    return `id-${made}`;
  };
  const app = express();
  const router = fhirRouter({
    baseUrl: BASE,
    partners: PARTNERS,
    intake,
    store: record,
    onLook: async (partner, shown) => void looks.push({ partner, shown }),
    onShown: async (partner, shown) => void reads.push({ partner, shown }),
    readBody: rawBody({ maxBytes: 200_000, render: renderRefusal }),
    clock: { now: () => new Date(NOW) },
    ids: { next },
    log: { info: note, warn: note, error: note },
    limits: { maxDepth: 60, maxItems: 200, maxEntries: 500, maxNodes: 20_000, pageSize: 10, maxPageSize: 20 },
    ...change,
  });
  app.use('/fhir', router);
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  const url = `http://127.0.0.1:${address.port}/fhir`;
  return {
    url,
    record,
    intake,
    looks,
    reads,
    log: () => lines.join('\n'),
    call(path, { token = 'elm', headers, ...init } = {}) {
      const all = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers };
      return fetch(`${url}${path}`, { ...init, headers: all, redirect: 'manual' });
    },
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((fault, count) => (fault ? reject(fault) : resolve(count))),
      ),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The Bundle that an answer holds, once. */
export async function bundleIn(answer: Response): Promise<Bundle<FhirResource>> {
  const content: unknown = await answer.json();
  if (!isBundle(content)) throw new Error('the answer holds no Bundle');
  return content;
}

const isBundle = (content: unknown): content is Bundle<FhirResource> => isResourceType(content, 'Bundle');

/** The OperationOutcome that an answer holds, once. */
export async function outcomeIn(answer: Response): Promise<OperationOutcome> {
  const content: unknown = await answer.json();
  if (!isResourceType(content, 'OperationOutcome')) throw new Error('the answer holds no OperationOutcome');
  return content;
}

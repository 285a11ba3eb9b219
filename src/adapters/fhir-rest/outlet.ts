import { Agent } from 'undici';
import { readJson } from '../../core/json/strict-json.ts';
import type { Delivery, Outlet, SendResult } from '../../ports.ts';
import { checkBase, guardedLookup, type ResolveName } from './address-guard.ts';
import type { CircuitOptions } from './circuit.ts';
import { type GateDeps, newGate } from './circuit-gate.ts';
import { classify } from './classify.ts';
import { exchange } from './exchange.ts';

export interface FhirOutletOptions {
  readonly partner: string;
  /** Base of the GP system's FHIR endpoint. https, unless the partner is local. */
  readonly url: string;
  readonly token: string;
  /** For one delivery from first to last, in milliseconds. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** True for a partner that is meant to stand beside the engine. */
  readonly local: boolean;
  /** True when conditional writes are honoured, so that a repeat changes nothing. */
  readonly idempotent: boolean;
  readonly circuit: CircuitOptions;
  /** PEM of the authority that signed the partner's certificate, when it is not a public one. */
  readonly ca?: string | Buffer;
}

interface FhirOutletDeps extends GateDeps {
  /** How names are resolved; the system's way when left out. */
  readonly resolve?: ResolveName;
}

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_REPLY_BYTES = 1024 * 1024;
const MAX_DEPTH = 100;

/**
 * Writes to one GP system: posts each delivery, a transaction or message Bundle, to its FHIR base. The key of the delivery
 * goes along as X-Request-Id, the same for every attempt. Redirects are not followed, certificates are always verified, and
 * names are resolved under guard.
 */
export function fhirOutlet(options: FhirOutletOptions, deps: FhirOutletDeps): Outlet {
  const base = checkBase(options.url, options.local);
  const agent = newAgent(options, deps);
  const gate = newGate(options.partner, options.circuit, deps);
  const limits = { timeoutMs: options.timeoutMs, maxReplyBytes: MAX_REPLY_BYTES };

  const post = async (
    url: URL,
    delivery: Delivery,
    signal: AbortSignal,
  ): Promise<{ result: SendResult; dropped: boolean }> => {
    const outgoing = { url, headers: headersOf(delivery, options.token), body: delivery.body };
    const came = await exchange(agent, outgoing, limits, signal);
    const expected = { entries: entriesIn(delivery.body), idempotent: options.idempotent };
    const result = classify(came, expected, deps.clock.now());
    if (came.kind === 'reply' && came.tooLarge) {
      deps.log.warn('fhir.reply-too-large', { partner: options.partner, leg: delivery.leg, status: came.status });
    }
    return { result, dropped: came.kind === 'failed' && came.aborted };
  };

  return {
    partner: options.partner,
    channel: 'fhir',
    idempotent: options.idempotent,
    concurrency: options.concurrency,
    closedFor: gate.closedFor,
    async send(delivery, signal) {
      if ('finding' in base) {
        return {
          kind: 'permanent',
          reason: 'address-refused: the address must not be called',
          findings: [base.finding],
        };
      }
      const call = gate.begin();
      if (call === undefined) {
        const reason = 'circuit-open: the GP system failed several times in a row, nothing was sent';
        return { kind: 'transient', reason, retryAfterMs: gate.closedFor() };
      }
      const { result, dropped } = await post(base.url, delivery, signal);
      call.end(result, dropped);
      return result;
    },
    stop: () => agent.destroy(),
  };
}

function headersOf({ contentType, idempotencyKey, correlation }: Delivery, token: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'content-type': contentType,
    accept: 'application/fhir+json',
    // The statuses are the proof; what we wrote need not travel back.
    prefer: 'return=minimal',
    'x-request-id': idempotencyKey,
    'x-correlation-id': correlation,
    'user-agent': 'hearback',
  };
}

/** How many entries an answer must account for. */
function entriesIn(body: Uint8Array): number | undefined {
  const { value } = readJson(body, { maxDepth: MAX_DEPTH });
  if (typeof value !== 'object' || value === null || !('entry' in value)) return undefined;
  return Array.isArray(value.entry) ? value.entry.length : undefined;
}

function newAgent({ concurrency, local, ca }: FhirOutletOptions, { resolve }: FhirOutletDeps): Agent {
  return new Agent({
    connections: concurrency,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      // Said outright: the environment can turn the default off for the whole process.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      lookup: guardedLookup(local, resolve),
      ...(ca !== undefined && { ca }),
    },
  });
}

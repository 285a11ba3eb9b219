import type { CircuitOptions } from '../../core/circuit.ts';
import { newCircuitGate } from '../../core/circuit-gate.ts';
import { readJson } from '../../core/json/strict-json.ts';
import type { Clock, Delivery, Log, NewHttpClient, Outlet } from '../../ports.ts';
import { classify } from './classify.ts';

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

interface FhirOutletDeps {
  readonly newHttpClient: NewHttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

const MAX_REPLY_BYTES = 1024 * 1024;
const MAX_DEPTH = 100;

/**
 * Writes to one GP system: posts each delivery, a transaction or message Bundle, to its FHIR base, through an HTTP client of
 * its own that it closes when it is stopped. The key of the delivery goes along as X-Request-Id, the same for every attempt.
 */
export function fhirOutlet(options: FhirOutletOptions, deps: FhirOutletDeps): Outlet {
  const { partner, url, token, idempotent, concurrency, local, ca } = options;
  const client = deps.newHttpClient({ connections: concurrency, local, ...(ca !== undefined && { ca }) });
  const gate = newCircuitGate({ partner, channel: 'fhir' }, options.circuit, deps);
  const limits = { timeoutMs: options.timeoutMs, maxReplyBytes: MAX_REPLY_BYTES };
  return {
    partner,
    channel: 'fhir',
    idempotent,
    concurrency,
    closedFor: gate.closedFor,
    send: (delivery, signal) =>
      gate.through(async () => {
        const { body } = delivery;
        const came = await client.post({ url, headers: headersOf(delivery, token), body }, limits, signal);
        if (came.kind === 'reply' && came.tooLarge) {
          deps.log.warn('fhir.reply-too-large', { partner, leg: delivery.leg, status: came.status });
        }
        const dropped = came.kind === 'failed' && came.aborted;
        return { result: classify(came, { entries: entriesIn(body), idempotent }, deps.clock.now()), dropped };
      }),
    stop: client.close,
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

import type { CircuitOptions } from '../../core/circuit.ts';
import { newCircuitGate } from '../../core/circuit-gate.ts';
import type { Clock, Delivery, HttpClient, Log, NewHttpClient, Outlet } from '../../ports.ts';
import { classify, type Reading } from './classify.ts';
import { readSecret, signatureHeaders } from './signature.ts';

export interface WebhookOutletOptions extends Omit<Reading, 'retryAfterCapMs'> {
  readonly partner: string;
  readonly url: string;
  /** Current secrets, `whsec_…`; every delivery is signed with all of them. */
  readonly secrets: readonly string[];
  readonly concurrency: number;
  /** True for a partner that is meant to stand beside the engine: private addresses and plain http are allowed. */
  readonly local: boolean;
  /** For one delivery from first to last, 15 s when left out. */
  readonly timeoutMs?: number;
  /** 5 s when left out. */
  readonly connectTimeoutMs?: number;
  /** Longest `Retry-After` that is believed; one hour when left out. */
  readonly retryAfterCapMs?: number;
  /** Opens after 5 failures for 30 s when left out. */
  readonly circuit?: CircuitOptions;
  /** PEM of the authority that signed the platform's certificate, when it is not a public one. */
  readonly ca?: string | Buffer;
}

export interface WebhookOutletDeps {
  readonly newHttpClient: NewHttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Says what kind of message a delivery is. Standard Webhooks has no header for it, and its signature does not cover this one. */
const TYPE_HEADER = 'webhook-type';
const HOUR_MS = 3_600_000;
const MAX_REPLY_BYTES = 64 * 1024;

/**
 * Sends to one platform as signed webhooks (Standard Webhooks 1.0.0), through an HTTP client of its own that it closes when it
 * is stopped. Throws when a secret is none.
 */
export function webhookOutlet(options: WebhookOutletOptions, deps: WebhookOutletDeps): Outlet {
  const { partner } = options;
  const signed = signer(options);
  const client = newClient(options, deps);
  const gate = newCircuitGate(
    { partner, channel: 'webhook' },
    options.circuit ?? { failures: 5, openMs: 30_000 },
    deps,
  );
  const limits = { timeoutMs: options.timeoutMs ?? 15_000, maxReplyBytes: MAX_REPLY_BYTES };
  const reading: Reading = { ...options, retryAfterCapMs: options.retryAfterCapMs ?? HOUR_MS };
  return {
    partner,
    channel: 'webhook',
    idempotent: options.idempotent,
    concurrency: options.concurrency,
    closedFor: gate.closedFor,
    send: (delivery, signal) =>
      gate.through(async () => {
        const headers = { ...signed(delivery, deps.clock.now()), 'user-agent': 'hearback' };
        const came = await client.post({ url: options.url, headers, body: delivery.body }, limits, signal);
        if (came.kind === 'reply' && came.tooLarge) {
          deps.log.warn('webhook.reply-too-large', { partner, leg: delivery.leg, status: came.status });
        }
        const dropped = came.kind === 'failed' && came.aborted;
        return { result: classify(came, reading, deps.clock.now()), dropped };
      }),
    stop: client.close,
  };
}

/** Makes the headers of a delivery, signed with every current secret. */
function signer({ partner, secrets: texts }: WebhookOutletOptions) {
  const secrets = texts.map(readSecret);
  if (secrets.length === 0) throw new Error(`the webhook outlet of ${partner} has no secret to sign with`);
  return ({ idempotencyKey: id, body, contentType, key }: Delivery, now: Date) => ({
    'content-type': contentType,
    ...(key !== undefined && { [TYPE_HEADER]: key }),
    ...signatureHeaders(secrets, { id, body, now }),
  });
}

function newClient(options: WebhookOutletOptions, { newHttpClient }: WebhookOutletDeps): HttpClient {
  const { concurrency: connections, local, connectTimeoutMs, ca } = options;
  return newHttpClient({
    connections,
    local,
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    ...(ca !== undefined && { ca }),
  });
}

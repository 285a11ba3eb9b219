import { Agent } from 'undici';
import type { Clock, Delivery, Log, Outlet, SendResult } from '../../ports.ts';
import { checkUrl, guardedLookup } from './address-guard.ts';
import { begin, type CallEnd, type Circuit, type CircuitOptions, CLOSED_CIRCUIT, closedFor, end } from './circuit.ts';
import { classify, type Reading } from './classify.ts';
import { type Exchange, type ExchangeLimits, exchange } from './exchange.ts';
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
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

const HOUR_MS = 3_600_000;
const MAX_REPLY_BYTES = 64 * 1024;

/**
 * Sends to one platform as signed webhooks (Standard Webhooks 1.0.0). Redirects are not followed, certificates are always
 * verified, and a name is resolved under guard. Throws when a secret is none.
 */
export function webhookOutlet(options: WebhookOutletOptions, deps: WebhookOutletDeps): Outlet {
  const secrets = options.secrets.map(readSecret);
  if (secrets.length === 0) throw new Error(`the webhook outlet of ${options.partner} has no secret to sign with`);
  const target = checkUrl(options.url, options.local);
  const agent = newAgent(options);
  const gate = newGate(options, deps);
  const limits: ExchangeLimits = { timeoutMs: options.timeoutMs ?? 15_000, maxReplyBytes: MAX_REPLY_BYTES };
  const reading: Reading = { ...options, retryAfterCapMs: options.retryAfterCapMs ?? HOUR_MS };

  const post = (url: URL, delivery: Delivery, signal: AbortSignal): Promise<Exchange> => {
    const { idempotencyKey: id, body, contentType } = delivery;
    const signed = signatureHeaders(secrets, { id, body, now: deps.clock.now() });
    const headers = { 'content-type': contentType, 'user-agent': 'hearback', ...signed };
    return exchange(agent, { url, headers, body }, limits, signal);
  };

  return {
    partner: options.partner,
    channel: 'webhook',
    idempotent: options.idempotent,
    concurrency: options.concurrency,
    closedFor: gate.closedFor,
    async send(delivery, signal) {
      if ('finding' in target) {
        return {
          kind: 'permanent',
          reason: 'address-refused: the address must not be called',
          findings: [target.finding],
        };
      }
      const call = gate.begin();
      if (call === undefined) {
        const reason = 'circuit-open: the platform failed several times in a row, nothing was sent';
        return { kind: 'transient', reason, retryAfterMs: gate.closedFor() };
      }
      const came = await post(target.url, delivery, signal);
      const result = classify(came, reading, deps.clock.now());
      call.end(result, came.kind === 'failed' && came.aborted);
      if (came.kind === 'reply' && came.tooLarge) {
        deps.log.warn('webhook.reply-too-large', { partner: options.partner, leg: delivery.leg, status: came.status });
      }
      return result;
    },
    stop: () => agent.destroy(),
  };
}

function newAgent(options: WebhookOutletOptions): Agent {
  return new Agent({
    connections: options.concurrency,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    connect: {
      timeout: options.connectTimeoutMs ?? 5_000,
      // Said outright: the environment can turn the default off for the whole process.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(options.ca !== undefined && { ca: options.ca }),
      ...(!options.local && { lookup: guardedLookup() }),
    },
  });
}

interface Gate {
  readonly closedFor: () => number;
  readonly begin: () => { readonly end: (result: SendResult, dropped: boolean) => void } | undefined;
}

/** Holds the partner's circuit and gives it the time. */
function newGate({ partner, circuit: given }: WebhookOutletOptions, { clock, log, random }: WebhookOutletDeps): Gate {
  const options = given ?? { failures: 5, openMs: 30_000 };
  let circuit: Circuit = CLOSED_CIRCUIT;
  const now = (): number => clock.now().getTime();
  const turn = (next: Circuit): void => {
    if (circuit.openUntil === 0 && next.openUntil > 0) {
      log.warn('webhook.circuit-open', { partner, failures: next.failures, forMs: next.openUntil - now() });
    }
    if (circuit.openUntil > 0 && next.openUntil === 0) log.info('webhook.circuit-closed', { partner });
    circuit = next;
  };
  return {
    closedFor: () => closedFor(circuit, now()),
    begin: () => {
      const begun = begin(circuit, now(), options);
      if (begun === undefined) return undefined;
      turn(begun);
      return {
        end: (result, dropped) => {
          const call = { ...judge(result, dropped), probe: begun.probing, now: now(), spread: random() };
          turn(end(circuit, call, options));
        },
      };
    },
  };
}

/** What a call's result says about the partner, apart from the message it carried. */
function judge(result: SendResult, dropped: boolean): Pick<CallEnd, 'outcome' | 'retryAfterMs'> {
  if (dropped) return { outcome: 'dropped' };
  if (result.kind === 'ambiguous') return { outcome: 'failed' };
  if (result.kind !== 'transient') return { outcome: 'answered' };
  return { outcome: 'failed', ...(result.retryAfterMs !== undefined && { retryAfterMs: result.retryAfterMs }) };
}

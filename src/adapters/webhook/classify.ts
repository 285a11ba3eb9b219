import type { Finding } from '../../core/finding.ts';
import {
  blameOf,
  type Exchange,
  type HttpReply,
  judgeNoReply,
  keptReply,
  MAY_HAVE_HAPPENED,
} from '../../core/http-exchange.ts';
import type { AckLevel } from '../../core/loop/promises/promise.ts';
import { retryAfterMs } from '../../core/retry-after.ts';
import type { Reply, SendResult } from '../../ports.ts';
import { jsonOf, problemFindings, referenceAt } from './reply-content.ts';

/** What a partner's answers mean, by contract with it. */
export interface Reading {
  /** What a 2xx proves. */
  readonly level: AckLevel;
  /** The partner promises one effect per webhook-id. */
  readonly idempotent: boolean;
  /** JSON Pointer to the platform's own reference in its reply. */
  readonly referencePointer?: string;
  readonly retryAfterCapMs: number;
}

const TRANSIENT_4XX = new Set([408, 425, 429]);
/** The server does not speak what we speak, and will not in an hour. */
const PERMANENT_5XX = new Set([501, 505]);

/** What an exchange came to, by kind (design: the kind decides). Pure; `reason` holds codes only. */
export function classify(exchange: Exchange, reading: Reading, now: Date): SendResult {
  return exchange.kind === 'failed' ? judgeNoReply(exchange) : classifyReply(exchange, reading, now);
}

function classifyReply(exchange: HttpReply, reading: Reading, now: Date): SendResult {
  const { status } = exchange;
  const reply = keptReply(exchange);
  const kept = reply && { reply };
  if (status >= 200 && status < 300) {
    const reference = reply && referenceIn(reply, reading);
    return { kind: 'acknowledged', level: reading.level, ...kept, ...(reference !== undefined && { reference }) };
  }
  if (status === 409 && reading.idempotent) return { kind: 'acknowledged', level: 'technical', ...kept };
  if (MAY_HAVE_HAPPENED.has(status) && !reading.idempotent) {
    return {
      kind: 'ambiguous',
      reason: `http-${status}: the platform may have taken it all the same`,
      ...blameOf(status),
    };
  }
  if (isTransient(status)) {
    const wait = retryAfterMs(exchange.headers['retry-after'], now, reading.retryAfterCapMs);
    const reason = `http-${status}: the platform cannot take it now`;
    return {
      kind: 'transient',
      reason,
      ...blameOf(status),
      ...(wait !== undefined && { retryAfterMs: wait }),
      ...kept,
    };
  }
  const details = reply === undefined ? [] : problemFindings(jsonOf(reply.contentType, reply.body));
  return { kind: 'permanent', reason: permanentReason(status), findings: [refusal(status), ...details], ...kept };
}

function isTransient(status: number): boolean {
  return TRANSIENT_4XX.has(status) || (status >= 500 && !PERMANENT_5XX.has(status));
}

function referenceIn(reply: Reply, { referencePointer }: Reading): string | undefined {
  if (referencePointer === undefined) return undefined;
  return referenceAt(jsonOf(reply.contentType, reply.body), referencePointer);
}

function permanentReason(status: number): string {
  if (status < 400) return `http-${status}: the platform redirects, and redirects are not followed`;
  if (status === 410) return 'http-410: the platform says that this address is gone for good';
  return `http-${status}: the platform refuses the message`;
}

function refusal(status: number): Finding {
  const base = { severity: 'error', place: {} } as const;
  if (status < 400) {
    return {
      ...base,
      rule: 'webhook/redirect',
      message: `The platform answered ${status}, a redirect; following it could take the message to somebody else.`,
      remedy: 'Ask the platform for its present address and correct the configuration, then retry the hold.',
    };
  }
  if (status === 410) {
    return {
      ...base,
      rule: 'webhook/gone',
      message: 'The platform answered 410: it wants no more deliveries at this address.',
      remedy: 'Ask the platform for a new address, or take the partner out of the routes.',
    };
  }
  return {
    ...base,
    rule: status === 401 || status === 403 ? 'webhook/not-admitted' : 'webhook/refused',
    message: `The platform answered ${status}.`,
    remedy:
      status === 401 || status === 403
        ? 'Compare the secrets with those the platform holds, then retry the hold.'
        : 'Compare the mapping with what the platform asks for, then retry the hold.',
  };
}

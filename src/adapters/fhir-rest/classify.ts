import type { Finding } from '../../core/finding.ts';
import {
  blameOf,
  type Exchange,
  type HttpReply,
  judgeNoReply,
  keptReply,
  MAY_HAVE_HAPPENED,
} from '../../core/http-exchange.ts';
import { retryAfterMs } from '../../core/retry-after.ts';
import type { SendResult } from '../../ports.ts';
import { type ReplyResource, replyResource } from './reply-resource.ts';

/**
 * What became of a write to a GP system, by what it answered:
 *
 *   2xx, a transaction-response with 2xx for every entry sent   acknowledged, technical
 *   2xx, a message whose response code is ok                    acknowledged, technical (BaRS)
 *   2xx with anything else that names no fault                  acknowledged, transport: bytes were taken, no more is proven
 *   2xx that names faults; 3xx                                  permanent
 *   409 with the issue code duplicate                           acknowledged, technical: it was processed before (BaRS)
 *   408, 425, 429, 5xx                                          transient; with Retry-After, not before
 *   500, 502, 504 where a repeat has another effect             ambiguous: it may have been processed
 *   401, 403, 405, 410, 413, 414, 415, 431, 501, 505            permanent: a person must mend token, address or size
 *   other 4xx with an OperationOutcome                          permanent
 *   other 4xx without one                                       transient: a device on the way answered (BaRS core guide)
 *   no answer, the request may have left                        ambiguous
 *   no connection                                               transient
 */
interface Expectation {
  /** Entries of the Bundle that was sent; undefined when it was none. */
  readonly entries: number | undefined;
  /** The GP system promises that a repeat changes nothing. */
  readonly idempotent: boolean;
}

const RETRY_AFTER_CAP_MS = 3_600_000;
const TRANSIENT = new Set([408, 425, 429]);
const PERMANENT = new Set([401, 403, 405, 410, 413, 414, 415, 431, 501, 505]);

/** What an exchange came to, by kind (design: the kind decides). Pure; reasons hold codes and no values. */
export function classify(exchange: Exchange, expected: Expectation, now: Date): SendResult {
  if (exchange.kind === 'failed') return judgeNoReply(exchange);
  const reply = keptReply(exchange);
  const resource: ReplyResource = reply === undefined ? { kind: 'none' } : replyResource(reply);
  const result = classifyReply(exchange, resource, expected, now);
  return reply === undefined || result.kind === 'ambiguous' ? result : { ...result, reply };
}

function classifyReply(came: HttpReply, resource: ReplyResource, expected: Expectation, now: Date): SendResult {
  const { status } = came;
  if (status >= 200 && status < 300) return classifySuccess(status, resource, expected);
  if (status < 400) return permanent(status, 'it redirects, and redirects are not followed', resource);
  if (status === 409 && resource.kind === 'outcome' && resource.codes.includes('duplicate'))
    return acknowledged('technical');
  if (PERMANENT.has(status))
    return permanent(status, PERMANENT_REASONS.get(status) ?? 'it refuses requests like this', resource);
  if (TRANSIENT.has(status) || status >= 500) return classifyUnable(came, expected, now);
  if (resource.kind === 'outcome') return permanent(status, 'it refuses what was written', resource);
  return {
    kind: 'transient',
    reason: `http-${status}: without an OperationOutcome, so perhaps not from the GP system`,
    ...blameOf(status),
  };
}

function classifySuccess(status: number, resource: ReplyResource, { entries }: Expectation): SendResult {
  switch (resource.kind) {
    case 'transaction': {
      if (resource.findings.length > 0) return permanent(status, 'some entries were not written', resource);
      const whole = resource.statuses.length > 0 && resource.statuses.length === (entries ?? resource.statuses.length);
      return acknowledged(whole ? 'technical' : 'transport');
    }
    case 'message':
      return classifyResponseCode(status, resource);
    case 'outcome':
      return resource.failed ? permanent(status, 'it names faults', resource) : acknowledged('transport');
    default:
      return acknowledged('transport');
  }
}

/** MessageHeader.response.code (R4 valueset-response-code). */
function classifyResponseCode(status: number, resource: Extract<ReplyResource, { kind: 'message' }>): SendResult {
  if (resource.code === 'ok') return acknowledged('technical');
  if (resource.code === 'transient-error')
    return { kind: 'transient', reason: 'transient-error: says the response message', ofMessage: true };
  return permanent(status, 'its response message names a fatal error', resource);
}

function classifyUnable({ status, headers }: HttpReply, { idempotent }: Expectation, now: Date): SendResult {
  if (!idempotent && MAY_HAVE_HAPPENED.has(status)) {
    return { kind: 'ambiguous', reason: `http-${status}: it failed and may have written before`, ...blameOf(status) };
  }
  const wait = retryAfterMs(headers['retry-after'], now, RETRY_AFTER_CAP_MS);
  const reason = `http-${status}: the GP system cannot take it now`;
  return { kind: 'transient', reason, ...blameOf(status), ...(wait !== undefined && { retryAfterMs: wait }) };
}

const PERMANENT_REASONS: ReadonlyMap<number, string> = new Map([
  [401, 'it does not know the token'],
  [403, 'the token does not allow this'],
  [413, 'it takes no message of this size'],
]);
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [401, 'Renew the token in the configuration, then retry the hold.'],
  [403, 'Renew the token or ask for the right to write, then retry the hold.'],
]);

function permanent(status: number, why: string, resource: ReplyResource): SendResult {
  const told = 'findings' in resource ? resource.findings : [];
  const finding: Finding = {
    severity: 'error',
    rule: 'fhir-outlet/refused',
    place: {},
    message: `The GP system answered ${status}: ${why}.`,
    remedy: REMEDIES.get(status) ?? 'Read its answer in the message log, mend the cause, then retry the hold.',
  };
  return { kind: 'permanent', reason: `http-${status}: ${why}`, findings: [finding, ...told] };
}

function acknowledged(level: 'transport' | 'technical'): SendResult {
  return { kind: 'acknowledged', level };
}

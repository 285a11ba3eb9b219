import type { FhirResource } from 'fhir/r4.js';
import { isResource } from '../../core/fhir/references.ts';
import type { Finding } from '../../core/finding.ts';
import { type Exchange, type HttpReply, judgeNoReply, keptReply } from '../../core/http-exchange.ts';
import { readJson } from '../../core/json/strict-json.ts';
import { retryAfterMs } from '../../core/retry-after.ts';
import type { Reply } from '../../ports.ts';

/**
 * What came of a search in a GP system's record:
 *
 *   2xx with a searchset                     acknowledged, with the resources of the type asked for
 *   408, 425, 429, 5xx but 501 and 505       transient; with Retry-After, not before
 *   no answer, no connection                 transient: asking again has no effect
 *   anything else                            permanent: a person must mend token, address or what the system can do
 */
export type SearchAnswer =
  | { readonly kind: 'acknowledged'; readonly resources: readonly FhirResource[]; readonly reply: Reply }
  | { readonly kind: 'transient'; readonly reason: string; readonly retryAfterMs?: number }
  | {
      readonly kind: 'permanent';
      readonly reason: string;
      readonly findings: readonly Finding[];
      readonly replies: readonly Reply[];
    };

const MAX_DEPTH = 100;
const RETRY_AFTER_CAP_MS = 3_600_000;
const TRANSIENT = new Set([408, 425, 429]);
const CANNOT = new Set([501, 505]);

/** Pure; reasons hold codes and no values. */
export function classifySearch(exchange: Exchange, type: string, now: Date): SearchAnswer {
  if (exchange.kind === 'failed') {
    const judged = judgeNoReply(exchange);
    return judged.kind === 'permanent' ? { ...judged, replies: [] } : { kind: 'transient', reason: judged.reason };
  }
  const { status } = exchange;
  const reply = keptReply(exchange);
  if (status >= 200 && status < 300) {
    const resources = reply && searchset(reply.body, type);
    return reply === undefined || resources === undefined
      ? permanent(exchange, 'it is no search result')
      : { kind: 'acknowledged', resources, reply };
  }
  if (TRANSIENT.has(status) || (status >= 500 && !CANNOT.has(status))) {
    const wait = retryAfterMs(exchange.headers['retry-after'], now, RETRY_AFTER_CAP_MS);
    const reason = `http-${status}: the record cannot be read now`;
    return { kind: 'transient', reason, ...(wait !== undefined && { retryAfterMs: wait }) };
  }
  return permanent(exchange, 'it does not let the record be read');
}

/** The matches of a searchset; undefined when it is none. Remarks on the search and what was included are no matches. */
function searchset(body: Uint8Array, type: string): FhirResource[] | undefined {
  const { value } = readJson(body, { maxDepth: MAX_DEPTH });
  if (!isResource(value) || value.resourceType !== 'Bundle' || value.type !== 'searchset') return undefined;
  return (value.entry ?? []).flatMap(({ resource, search }) =>
    isResource(resource) && resource.resourceType === type && search?.mode !== 'include' && search?.mode !== 'outcome'
      ? [resource]
      : [],
  );
}

function permanent(exchange: HttpReply, why: string): SearchAnswer {
  const reply = keptReply(exchange);
  const finding: Finding = {
    severity: 'error',
    rule: 'read-back/refused',
    place: {},
    message: `The GP system answered ${exchange.status} when its record was read: ${why}.`,
    remedy: 'Mend the token, the address or `readBack` in the configuration, then retry the hold.',
  };
  const replies = reply === undefined ? [] : [reply];
  return { kind: 'permanent', reason: `http-${exchange.status}: ${why}`, findings: [finding], replies };
}

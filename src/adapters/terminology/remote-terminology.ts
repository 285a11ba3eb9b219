import type { OperationOutcome, Parameters } from 'fhir/r4.js';
import type { Finding } from '../../core/finding.ts';
import { readJson } from '../../core/json/strict-json.ts';
import { isResourceType } from '../../core/referral.ts';
import type { OperationAnswer, TerminologyOperation } from '../../core/terminology/service/operation.ts';
import type { Clock, HttpClient, Log, NewHttpClient } from '../../ports.ts';
import type { TerminologyDoor } from '../../ports-terminology.ts';

export interface RemoteTerminologyOptions {
  /** Base of its FHIR endpoint, without a slash at the end. */
  readonly url: string;
  readonly token: string | undefined;
  readonly local: boolean;
  readonly onDown: 'hold' | 'use-local';
  readonly timeoutMs: number;
  /** Milliseconds. */
  readonly keepFor: number;
}

interface RemoteTerminologyDeps {
  readonly newHttpClient: NewHttpClient;
  /** What is loaded here: its resources are served all the same, and it answers when told to. */
  readonly loaded: TerminologyDoor;
  readonly clock: Clock;
  readonly log: Log;
}

const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const READING = { maxDepth: 60, maxNodes: 2_000_000 };
const CONNECTIONS = 8;
/** Answers that are kept. */
const KEPT = 5_000;

/** A terminology server in the place of what is loaded. `stop` closes its connections. */
export interface RemoteTerminology extends TerminologyDoor {
  stop(): Promise<void>;
}

/**
 * Asks another FHIR terminology server: posts the Parameters of the operation as they came, and nothing else (no patient, no
 * message, no partner). Answers, and refusals that speak of the question (404, 422), are kept for `keepFor`. When it is down
 * (no reply, 401, 403, 408, 429, 5xx, no FHIR) an answer that is still kept is given; else `onDown` decides.
 */
export function remoteTerminology(options: RemoteTerminologyOptions, deps: RemoteTerminologyDeps): RemoteTerminology {
  const client = deps.newHttpClient({ connections: CONNECTIONS, local: options.local });
  const kept = new Map<string, { readonly until: number; readonly answer: OperationAnswer }>();
  const keep = (key: string, answer: OperationAnswer): void => {
    const oldest = kept.keys().next();
    if (kept.size >= KEPT && oldest.done !== true) kept.delete(oldest.value);
    kept.set(key, { until: deps.clock.now().getTime() + options.keepFor, answer });
  };
  return {
    get resources() {
      return deps.loaded.resources;
    },
    get runsOn() {
      return `Codes: the terminology server ${new URL(options.url).host}; when it is down: ${options.onDown}. Behind it: ${deps.loaded.runsOn}`;
    },
    async perform(operation, given) {
      const key = `${operation} ${JSON.stringify(given)}`;
      const known = kept.get(key);
      if (known !== undefined && known.until > deps.clock.now().getTime()) return known.answer;
      kept.delete(key);
      const asked = await ask(operation, given, client, options);
      if (asked.kind !== 'down') {
        keep(key, asked);
        return asked;
      }
      deps.log.warn('terminology.server-down', { code: asked.code, onDown: options.onDown });
      return options.onDown === 'use-local' ? deps.loaded.perform(operation, given) : heldBack();
    },
    stop: () => client.close(),
  };
}

type Asked = OperationAnswer | { readonly kind: 'down'; readonly code: string };

async function ask(
  operation: TerminologyOperation,
  given: Parameters,
  client: HttpClient,
  { url, token, timeoutMs }: RemoteTerminologyOptions,
): Promise<Asked> {
  const headers = {
    accept: 'application/fhir+json',
    'content-type': 'application/fhir+json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const request = { url: `${url}/${operation}`, headers, body: Buffer.from(JSON.stringify(given)) };
  const limits = { timeoutMs, maxReplyBytes: MAX_REPLY_BYTES };
  const came = await client.post(request, limits, AbortSignal.timeout(timeoutMs + 1_000));
  if (came.kind === 'failed') return { kind: 'down', code: came.code };
  const { value } = came.tooLarge ? {} : readJson(came.body, READING);
  if (came.status === 200 && (isResourceType(value, 'Parameters') || isResourceType(value, 'ValueSet'))) {
    return { kind: 'done', resource: value };
  }
  const refusal = REFUSALS.get(came.status);
  if (refusal === undefined) return { kind: 'down', code: `HTTP_${came.status}` };
  const findings = isResourceType(value, 'OperationOutcome') ? findingsIn(value) : [];
  return { kind: 'refused', status: refusal, findings: findings.length > 0 ? findings : [refusedWithoutWords()] };
}

/** Answers that speak of the question and not of the server. */
const REFUSALS: ReadonlyMap<number, 400 | 404 | 422> = new Map([
  [400, 400],
  [404, 404],
  [422, 422],
]);

function findingsIn({ issue }: OperationOutcome): Finding[] {
  return issue.map(({ severity, diagnostics, details }) => ({
    severity: severity === 'fatal' ? 'error' : severity,
    rule: 'terminology/server-refused',
    place: {},
    message: details?.text ?? diagnostics ?? 'The terminology server refuses.',
    remedy: 'This is the terminology server’s own answer.',
    issue: 'processing',
  }));
}

function refusedWithoutWords(): Finding {
  return {
    severity: 'error',
    rule: 'terminology/server-refused',
    place: {},
    message: 'The terminology server refuses and does not say why.',
    remedy: 'Ask whoever runs it.',
    issue: 'processing',
  };
}

function heldBack(): OperationAnswer {
  const finding: Finding = {
    severity: 'error',
    rule: 'terminology/server-down',
    place: {},
    message: 'The terminology server does not answer, and nothing is guessed in its place.',
    remedy: 'Ask again later. The operator can let local content answer (engine.terminologyServer.onDown: use-local).',
    issue: 'transient',
  };
  return { kind: 'refused', status: 503, findings: [finding] };
}

import { randomBytes } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { ContentLimits, ContentReading } from '../../core/content/content-reading.ts';
import { readContent } from '../../core/content/read-content.ts';
import type { MappingFrom } from '../../core/mapping/direction.ts';
import type { Answer } from '../../core/message.ts';
import { problemDocument } from '../../core/problem-document.ts';
import type { Arrival, Clock, Intake, Log } from '../../ports.ts';
import { renderVerdict } from './report-answer.ts';
import { readSecret, readSignatureHeaders, type Secret, verifySignature } from './signature.ts';

export interface WebhookPartner {
  readonly partner: string;
  /** Name of the mapping that reads what this platform reports. */
  readonly mapping: string;
  /** Current secrets, `whsec_…`; several while one replaces another. */
  readonly secrets: readonly string[];
  readonly toleranceSeconds: number;
  readonly maxBytes: number;
}

export interface WebhookInletParts {
  readonly partners: readonly WebhookPartner[];
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ContentLimits;
  /** What a mapping reads, by its name; asked with each report, since mappings can change while reports come. */
  readonly reads: (mapping: string) => MappingFrom;
  /**
   * Middleware that leaves the body, at most that long, in `request.body` as a Buffer (http-server's `rawBody`); with
   * `keep: false` it keeps nothing of it and leaves as many zero bytes.
   */
  readonly readBody: (options: { readonly maxBytes: number; readonly keep: boolean }) => RequestHandler;
  /** Middleware that counts the partner in `response.locals.partner` (http-server's `partnerRateLimit`). */
  readonly limitPartner?: RequestHandler;
}

interface KnownPartner extends Omit<WebhookPartner, 'secrets'> {
  readonly secrets: readonly Secret[];
}

/** What authentication leaves for the next step. */
interface Authenticated {
  readonly partner: KnownPartner;
  readonly id: string;
  readonly body: Buffer;
}

/**
 * `POST /:partner`: a platform reports what happened. The headers first, which must be of this moment before a byte of the
 * body is taken; then the signature over the body; then the road. The body of a partner that nobody knows is let go as it
 * comes, but is answered no sooner and not otherwise than a wrong signature.
 * Throws when a secret is none or a partner is named twice: nothing must start then.
 */
export function webhookRouter(parts: WebhookInletParts): Router {
  const known = new Map(parts.partners.map((one) => [one.partner, { ...one, secrets: one.secrets.map(readSecret) }]));
  // The path names the partner: of two inlets of one partner, one would silently never be used.
  if (known.size < parts.partners.length) throw new Error('a partner has more than one webhook inlet');
  const gate = newGate(known, parts);
  // The same for every path, known or not: a limit of its own would tell that a partner exists.
  const maxBytes = Math.max(0, ...parts.partners.map((one) => one.maxBytes));
  const admitted = new WeakMap<Request, Authenticated>();

  const authenticate: RequestHandler<{ partner: string }> = (request, response, next) => {
    const visitor = gate.admits(request, response);
    if (visitor === undefined) return;
    response.locals['partner'] = visitor.partner.partner;
    admitted.set(request, visitor);
    next();
  };
  const report: RequestHandler = async (request, response) => {
    const visitor = admitted.get(request);
    if (visitor === undefined) throw new Error('a report passed the gate unseen');
    writeAnswer(response, await takeReport(visitor, request, parts));
  };

  const kept = parts.readBody({ maxBytes, keep: true });
  const letGo = parts.readBody({ maxBytes, keep: false });
  const readBody: RequestHandler<{ partner: string }> = (request, response, next) => {
    if (!gate.opens(request, response)) return;
    (known.has(request.params.partner) ? kept : letGo)(request, response, next);
  };

  const router = Router();
  const limits = parts.limitPartner === undefined ? [] : [parts.limitPartner];
  router.post('/:partner', readBody, authenticate, ...limits, report);
  router.all('/:partner', (_request, response) => {
    response.setHeader('allow', 'POST');
    writeAnswer(response, problemDocument(405, 'Reports are posted.'));
  });
  return router;
}

type GateRequest = Request<{ partner: string }>;

interface Gate {
  /** Whether the headers allow reading the body; answered when not. */
  opens(request: GateRequest, response: Response): boolean;
  /** Who it is, by the signature over the body; answered when nobody. */
  admits(request: GateRequest, response: Response): Authenticated | undefined;
}

/** Answers an unknown partner and a bad signature alike, and takes the same time for both: a decoy is verified. */
function newGate(known: ReadonlyMap<string, KnownPartner>, { clock, log }: WebhookInletParts): Gate {
  const decoy = { toleranceSeconds: 300, secrets: [readSecret(randomBytes(32).toString('base64'))] };
  const refuse = (response: Response, partner: KnownPartner | undefined, why: string): undefined => {
    log.warn('webhook.unauthenticated', { partner: partner?.partner ?? 'unknown', why });
    response.setHeader('www-authenticate', 'Webhook-Signature');
    writeAnswer(response, problemDocument(401, 'The request is not signed as agreed with a partner of this name.'));
  };
  return {
    opens(request, response) {
      const partner = known.get(request.params.partner);
      const { toleranceSeconds } = partner ?? decoy;
      const read = readSignatureHeaders(request.headers, { now: clock.now(), toleranceSeconds });
      if (!read.ok) refuse(response, partner, read.why);
      return read.ok;
    },
    admits(request, response) {
      const body = bodyOf(request);
      const partner = known.get(request.params.partner);
      const { secrets, toleranceSeconds } = partner ?? decoy;
      const verified = verifySignature(secrets, request.headers, body, { now: clock.now(), toleranceSeconds });
      if (partner !== undefined && verified.ok) return { partner, id: verified.id, body };
      return refuse(response, partner, verified.ok ? 'unknown-partner' : verified.why);
    },
  };
}

async function takeReport(visitor: Authenticated, request: Request, parts: WebhookInletParts): Promise<Answer> {
  const { partner, body } = visitor;
  if (body.length > partner.maxBytes) {
    parts.log.warn('webhook.too-large', { partner: partner.partner, bytes: body.length });
    return problemDocument(
      413,
      `The body is larger than ${partner.maxBytes} bytes, the limit agreed with this partner.`,
    );
  }
  const contentType = request.headers['content-type'] ?? '';
  const from = parts.reads(partner.mapping);
  const arrival: Arrival = {
    partner: partner.partner,
    channel: 'webhook',
    identity: visitor.id,
    contentType,
    headers: keptHeaders(request),
    body,
    ...contentOf(readContent(body, contentType, from, parts.limits)),
    ask: { kind: 'platform-report', mapping: partner.mapping },
  };
  return parts.intake.intake(arrival, renderVerdict);
}

function contentOf({ value, findings }: ContentReading): Pick<Arrival, 'content' | 'findings'> {
  return { ...(value !== undefined && { content: value }), findings };
}

/** The signature is kept as evidence of who sent it; outside its few minutes it opens nothing. */
const KEPT_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'user-agent', 'traceparent'] as const;

function keptHeaders(request: Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
}

function bodyOf(request: Request<{ partner: string }>): Buffer {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) throw new Error('the webhook inlet needs its body as bytes');
  return body;
}

/** Byte for byte: Express's own `send` would add a charset and an ETag. */
function writeAnswer(response: Response, answer: Answer): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('content-length', answer.body.byteLength);
  response.end(answer.body);
}

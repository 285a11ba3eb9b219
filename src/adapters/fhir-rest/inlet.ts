import type { ServerResponse } from 'node:http';
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { faultFrames } from '../../core/fault-frames.ts';
import type { Answer } from '../../core/message.ts';
import { awayCode } from '../../core/record-away.ts';
import { outcomeAnswer, resourceAnswer, type Tongue } from './answer.ts';
import { authenticate, type FhirPartner, scopeFinding } from './authenticate.ts';
import { type FhirRouterParts, queryOf, type Served } from './call.ts';
import { capabilityStatement } from './capability.ts';
import { echoedIds } from './identity.ts';
import { answerFormat } from './negotiate.ts';
import { readPrefer } from './prefer.ts';
import { awayAnswer, faultAnswer, noSuchMethod, noSuchPath, notAcceptable, unreadablePath } from './refusals.ts';
import { type Route, routesFor } from './routes.ts';

/**
 * The FHIR R4 endpoint. In order: GET metadata for anybody; then authenticate, limit, read the body, and for the route
 * scope, negotiate, do, answer.
 */
export function fhirRouter(parts: FhirRouterParts): Router {
  const router = express.Router({ caseSensitive: true });
  router.get('/metadata', metadata(parts));
  router.use(admit(parts));
  if (parts.limitRate !== undefined) router.use(parts.limitRate);
  router.use(parts.readBody);
  const routes = routesFor(parts);
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const route = router.route(path);
    for (const method of new Set(here.map((one) => one.method))) {
      const serve = serving(
        here.filter((one) => one.method === method),
        parts,
      );
      if (method === 'GET') route.get(serve);
      else if (method === 'POST') route.post(serve);
      else route.put(serve);
    }
    route.all((request, response) =>
      send(response, noSuchMethod(here, tongueOf(request, partnerOf(response, parts))), request),
    );
  }
  router.use((request, response) => send(response, noSuchPath(tongueOf(request, partnerOf(response, parts))), request));
  router.use(onFault(parts));
  return router;
}

function metadata(parts: FhirRouterParts): RequestHandler {
  const statement = capabilityStatement(
    parts.baseUrl,
    parts.clock.now().toISOString(),
    parts.terminology,
    parts.audit !== undefined,
  );
  return (request, response) => {
    const format = wishedFormat(request);
    const tongue = tongueOf(request, undefined);
    send(
      response,
      format === undefined ? outcomeAnswer(406, [notAcceptable()], tongue) : resourceAnswer(200, statement, format),
      request,
    );
  };
}

/** Nobody passes without a known token; who it is stands in `response.locals.partner` from here on. */
function admit(parts: FhirRouterParts): RequestHandler {
  return (request, response, next) => {
    const admission = authenticate(request.headers.authorization, parts.partners);
    if (admission.kind === 'refused') {
      parts.log.warn('fhir.unauthenticated', { shown: request.headers.authorization !== undefined });
      const headers = { 'www-authenticate': admission.challenge };
      send(response, outcomeAnswer(401, [admission.finding], tongueOf(request, undefined), headers), request);
      return;
    }
    response.locals['partner'] = admission.partner.partner;
    next();
  };
}

/** Several routes may have one path and method, for callers of different kinds: each caller gets the one whose scope it has. */
function serving(routes: readonly Route[], parts: FhirRouterParts): RequestHandler {
  return async (request, response) => {
    const partner = partnerOf(response, parts);
    if (partner === undefined) throw new Error('a route was reached without authentication');
    const [first] = routes;
    const chosen = routes.find(({ scope }) => partner.scopes.includes(scope)) ?? first;
    if (chosen === undefined) throw new Error('a path without a route');
    const { handler, scope, method, path } = chosen;
    const tongue = tongueOf(request, partner);
    const query = queryOf(request);
    const forbidden = scopeFinding(partner, scope);
    const acceptable = wishedFormat(request) !== undefined;
    const answer: Served =
      forbidden !== undefined
        ? outcomeAnswer(403, [forbidden], tongue)
        : !acceptable
          ? outcomeAnswer(406, [notAcceptable()], tongue)
          : await handler({ partner, tongue, request, query, prefer: readPrefer(request.headers.prefer) }, parts);
    // The route and never the url: a search may hold an NHS number.
    parts.log.info('fhir.answered', { partner: partner.partner, method, route: path, status: answer.status });
    whenShown(answer, { request, response, partner: partner.partner }, parts);
    send(response, answer, request);
  };
}

interface Receiver {
  readonly request: Request;
  readonly response: Response;
  readonly partner: string;
}

/**
 * What was shown counts only once the answer was handed over to its last byte. `finish` comes also when a connection broke
 * with bytes still waiting: then nobody has read them.
 */
function whenShown({ shown = [] }: Served, { request, response, partner }: Receiver, parts: FhirRouterParts): void {
  if (shown.length === 0) return;
  const { socket } = request;
  // Before Node's own listeners, which let the connection go.
  response.prependOnceListener('finish', () => {
    if (socket.destroyed) return;
    parts.onShown(partner, shown).catch((fault: unknown) => {
      parts.log.error('fhir.shown', { partner, fault: fault instanceof Error ? fault.name : typeof fault });
    });
  });
}

function partnerOf(response: Response, { partners }: FhirRouterParts): FhirPartner | undefined {
  const id: unknown = response.locals['partner'];
  return partners.find(({ partner }) => partner === id);
}

function wishedFormat(request: Request) {
  const formatParam = queryOf(request).find(([name]) => name === '_format')?.[1];
  return answerFormat({ accept: request.headers.accept, bodyType: request.headers['content-type'], formatParam });
}

/** How to answer, whatever happens: JSON where nothing that the caller accepts is offered. */
function tongueOf(request: Request, partner: FhirPartner | undefined): Tongue {
  return { format: wishedFormat(request) ?? 'json', dialect: partner?.dialect ?? 'plain' };
}

/** Writes an answer byte for byte, with the caller's own ids. Express's `send` would add a charset and an ETag. */
function send(response: ServerResponse, answer: Answer, request: Request): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries({ ...answer.headers, ...echoedIds(request.headers) }))
    response.setHeader(name, value);
  if (answer.status !== 304) response.setHeader('content-length', answer.body.byteLength);
  response.end(answer.body);
}

/** The record is away, or it is a fault of ours or of the machine: nothing was acknowledged, and nothing about it goes out. */
function onFault(parts: FhirRouterParts): ErrorRequestHandler {
  return (fault: unknown, request, response, _next) => {
    const tongue = tongueOf(request, partnerOf(response, parts));
    if (fault instanceof URIError || (fault instanceof Error && 'status' in fault && fault.status === 400)) {
      send(response, outcomeAnswer(400, [unreadablePath()], tongue), request);
      return;
    }
    const error = parts.ids.next();
    const code = awayCode(fault);
    parts.log.error('fhir.fault', {
      error,
      ...(code !== undefined && { code }),
      fault: fault instanceof Error ? fault.name : typeof fault,
      frames: faultFrames(fault),
    });
    if (response.headersSent) response.destroy();
    else send(response, code === undefined ? faultAnswer(error, tongue) : awayAnswer(tongue), request);
  };
}

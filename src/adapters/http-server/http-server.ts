import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Clock, Log } from '../../ports.ts';
import { faultHandler, notFound } from './fault-handler.ts';
import { type Listen, whyNoPort, whyNotListen } from './listen-guard.ts';
import { partnerRateLimit } from './rate-limit.ts';

export interface HttpServerParts {
  readonly listen: Listen;
  readonly routers: readonly { readonly path: string; readonly router: Router }[];
  readonly limits: HttpLimits;
  readonly log: Log;
  readonly clock: Clock;
  /** Whether messages are really taken and worked on now: what `/health/ready` answers, 200 or 503. Always when left out. */
  readonly ready?: () => Promise<Readiness>;
}

export interface Readiness {
  readonly ready: boolean;
  /** How what the engine depends on is, by name; shown to anybody. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What is wrong with the message log; absent when nothing is. */
  readonly log?: string;
}

export interface HttpLimits {
  /** Until a request's headers must be complete; 10 s when left out. */
  readonly headersTimeoutMs?: number;
  /** Until a whole request must be complete; 60 s when left out. */
  readonly requestTimeoutMs?: number;
  /** How long an idle connection is kept; 5 s when left out. */
  readonly keepAliveMs?: number;
  /** How long `stop` lets running requests go on; 10 s when left out. */
  readonly drainSeconds?: number;
  /** Requests a minute from one address, before anybody is authenticated. Unlimited when left out. */
  readonly perAddressPerMinute?: number;
}

export interface HttpServer {
  readonly port: number;
  /**
   * From now on `/health/ready` answers 503 and every connection ends with its response; requests are taken as before. So
   * whoever shares them out among several engines has time to leave this one out before `stop`.
   */
  retire(): void;
  /** Takes no new connections, lets running requests finish for `drainSeconds`, then closes what is left. */
  stop(): Promise<void>;
}

/**
 * Starts the one HTTP listener that all adapters' routers share.
 * Rejects when it may not listen there (see `whyNotListen`) or cannot (the port is taken).
 */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const refusal = whyNotListen(parts.listen);
  if (refusal !== undefined) throw new Error(refusal);
  const running = new RunningRequests();
  const server = newServer(parts, appOf(parts, running));
  await listening(server, parts.listen);
  const port = portOf(server);
  parts.log.info('http.listening', { host: parts.listen.host, port, tls: parts.listen.tls !== undefined });
  return { port, retire: () => running.retire(), stop: () => stopServer(server, running, parts) };
}

function appOf(parts: HttpServerParts, running: RunningRequests): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('query parser', 'simple');
  // One hop only: further addresses in X-Forwarded-For are whatever the caller wrote there.
  app.set('trust proxy', parts.listen.behindProxy ? 1 : false);
  app.use(running.follow, helmet());
  app.get('/health/live', (_request, response) => void response.json({ status: 'live' }));
  app.get('/health/ready', readiness(parts, running));
  const limit = parts.limits.perAddressPerMinute;
  if (limit !== undefined) {
    app.use(partnerRateLimit({ limit, windowMs: 60_000, clock: parts.clock, keyOf: () => undefined }));
  }
  for (const { path, router } of parts.routers) app.use(path, router);
  app.use(notFound, faultHandler(parts.log));
  return app;
}

/** Anybody may ask and as often as they like: it says how we are in a few words, and all who ask at once share one check. */
function readiness(
  { ready = async () => ({ ready: true }), log }: HttpServerParts,
  running: RunningRequests,
): RequestHandler {
  let checking: Promise<Readiness> | undefined;
  const check = (): Promise<Readiness> => {
    checking ??= ready()
      .catch((fault: unknown) => {
        log.error('http.readiness', { fault: fault instanceof Error ? fault.name : typeof fault });
        return { ready: false };
      })
      .finally(() => {
        checking = undefined;
      });
    return checking;
  };
  return async (_request, response) => {
    const { ready: answers, dependencies = {}, log: wrong } = await check();
    const isReady = answers && !running.retired;
    const named = Object.keys(dependencies).length > 0 && { dependencies };
    response.status(isReady ? 200 : 503).json({
      status: isReady ? 'ready' : 'not-ready',
      ...named,
      ...(wrong !== undefined && { log: wrong }),
    });
  };
}

function newServer({ listen, limits }: HttpServerParts, app: Express): Server {
  const options = {
    headersTimeout: limits.headersTimeoutMs ?? 10_000,
    requestTimeout: limits.requestTimeoutMs ?? 60_000,
    keepAliveTimeout: limits.keepAliveMs ?? 5_000,
    // Node looks for overdue requests this often; its own 30 s would make the timeouts above a guess.
    connectionsCheckingInterval: 1_000,
  };
  if (listen.tls === undefined) return createServer(options, app);
  return createTlsServer({ ...options, ...listen.tls, minVersion: 'TLSv1.2' }, app);
}

function listening(server: Server, listen: Listen): Promise<void> {
  const { host, port } = listen;
  return new Promise((resolve, reject) => {
    const refuse = (fault: NodeJS.ErrnoException) => reject(new Error(whyNoPort(fault, listen)));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.removeListener('error', refuse);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return address.port;
}

async function stopServer(server: Server, running: RunningRequests, parts: HttpServerParts): Promise<void> {
  const drainMs = (parts.limits.drainSeconds ?? 10) * 1_000;
  const timer = setTimeout(() => {
    parts.log.warn('http.drain-over', { requests: running.count });
    server.closeAllConnections();
  }, drainMs);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  running.drain(() => server.closeIdleConnections());
  await closed;
  clearTimeout(timer);
  parts.log.info('http.stopped');
}

/** The responses that are still owed. Lives from the listener's start until its stop. */
class RunningRequests {
  readonly #owed = new Set<ServerResponse>();
  #onEnd: (() => void) | undefined;
  #retired = false;

  /** True when no more requests should be sent here. */
  get retired(): boolean {
    return this.#retired;
  }

  get count(): number {
    return this.#owed.size;
  }

  readonly follow: RequestHandler = (_request, response, next) => {
    this.#owed.add(response);
    if (this.#retired) response.setHeader('connection', 'close');
    response.once('close', () => {
      this.#owed.delete(response);
      this.#onEnd?.();
    });
    next();
  };

  /** From now on every connection ends with its response. */
  retire(): void {
    this.#retired = true;
    for (const response of this.#owed) if (!response.headersSent) response.setHeader('connection', 'close');
  }

  /** Says whenever a response has gone. */
  drain(onEnd: () => void): void {
    this.#onEnd = onEnd;
    this.retire();
  }
}

import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, type Store as LimitStore, rateLimit } from 'express-rate-limit';
import type { Clock } from '../../ports.ts';
import { type HttpRefusal, type RenderRefusal, refusalAnswer, writeAnswer } from './problem.ts';

export interface RateLimitOptions {
  /** Requests of one partner (or one address, where no partner is known yet) in one window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly clock: Clock;
  /** The adapter's dialect; problem+json when left out. */
  readonly render?: RenderRefusal;
  /** Who is counted. When left out: `response.locals.partner`, which authentication sets, else the address. */
  readonly keyOf?: (request: Request, response: Response) => string | undefined;
}

/** Express middleware that answers 429 with Retry-After once a partner has used up its window. */
export function partnerRateLimit(options: RateLimitOptions): RequestHandler {
  const window = fixedWindow(options.windowMs, options.clock);
  const keyOf = options.keyOf ?? ((_request, response) => authenticatedPartner(response));
  return rateLimit({
    limit: options.limit,
    windowMs: options.windowMs,
    store: window,
    legacyHeaders: false,
    standardHeaders: false,
    validate: false,
    keyGenerator: (request, response) => {
      const partner = keyOf(request, response);
      // Apart by their first letters, so that nobody can be named like an address.
      return partner === undefined ? `ip:${ipKeyGenerator(request.ip ?? '')}` : `partner:${partner}`;
    },
    handler: (_request, response) => {
      writeAnswer(response, refusalAnswer(tooMany(window.secondsLeft()), options.render));
    },
  });
}

function authenticatedPartner(response: Response): string | undefined {
  const partner: unknown = response.locals['partner'];
  return typeof partner === 'string' ? partner : undefined;
}

function tooMany(seconds: number): HttpRefusal {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    finding: {
      severity: 'error',
      rule: 'http/too-many-requests',
      place: {},
      message: 'More requests came than are accepted in this time.',
      remedy: 'Wait as long as Retry-After says, and send the same request again.',
      issue: 'throttled',
    },
  };
}

/**
 * Counts in windows that start at fixed instants and forgets everybody at the end of each, so that what it holds is bounded
 * by one window's callers. The library's own store reads the machine's clock and keeps a timer running.
 */
function fixedWindow(windowMs: number, clock: Clock): LimitStore & { secondsLeft: () => number } {
  const hits = new Map<string, number>();
  let endsAt = 0;
  const turn = (): void => {
    const now = clock.now().getTime();
    // Also when the clock was set back by more than a window: else a window could last for hours.
    if (now < endsAt && endsAt - now <= windowMs) return;
    hits.clear();
    endsAt = (Math.floor(now / windowMs) + 1) * windowMs;
  };
  return {
    localKeys: true,
    increment: (key) => {
      turn();
      const totalHits = (hits.get(key) ?? 0) + 1;
      hits.set(key, totalHits);
      return { totalHits, resetTime: new Date(endsAt) };
    },
    decrement: (key) => void hits.set(key, Math.max(0, (hits.get(key) ?? 0) - 1)),
    resetKey: (key) => void hits.delete(key),
    secondsLeft: () => Math.max(1, Math.ceil((endsAt - clock.now().getTime()) / 1_000)),
  };
}

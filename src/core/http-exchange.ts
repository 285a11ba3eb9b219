import type { Finding } from './finding.ts';

/** One HTTP request to a partner. */
export interface HttpPost {
  /** The whole address, judged again by the client that calls it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ExchangeLimits {
  /** For everything: waiting for a connection, sending, and the whole reply. */
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
}

/**
 * What came of one request, with the one fact that decides between "try again" and "it may have arrived": whether any byte
 * of it can have left. Ordinary clients do not tell.
 */
export type Exchange = HttpReply | NoReply;

export interface HttpReply {
  readonly kind: 'reply';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReplyHeaders;
  /** Empty when it was `tooLarge` to be kept: the status alone still counts. */
  readonly body: Uint8Array;
  readonly tooLarge: boolean;
}

export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface NoReply {
  readonly kind: 'failed';
  /** Bytes may have left. */
  readonly written: boolean;
  /** We ourselves gave up. */
  readonly aborted: boolean;
  /** Names the cause: `ECONNREFUSED`, `TIMEOUT`, `ADDRESS_REFUSED`. */
  readonly code: string;
  /** Why the address must not be called, when that is the cause. */
  readonly finding?: Finding;
}

/**
 * Answers after which the request may have had its effect all the same: the partner failed at it (500), perhaps half-way;
 * or a gateway had no answer from the partner, which may have the request (502, 504; RFC 9110 §15.6).
 */
export const MAY_HAVE_HAPPENED: ReadonlySet<number> = new Set([500, 502, 504]);

/**
 * Failures that speak of the partner and not of what was sent: it is too slow (408, 504), has too much to do (429), or is not
 * there behind what answers for it (502, 503). Any other failure may be this one message's.
 */
const OF_PARTNER: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** `ofMessage`, as a result tells it, for a failure by this status. */
export function blameOf(status: number): { readonly ofMessage?: true } {
  return OF_PARTNER.has(status) ? {} : { ofMessage: true };
}

/** The reply as it is kept with the leg; undefined when it was larger than is kept. */
export function keptReply({ status, headers, body, tooLarge }: HttpReply) {
  if (tooLarge) return undefined;
  const contentType = headers['content-type'];
  return { status, contentType: typeof contentType === 'string' ? contentType : '', body };
}

/** The kind of a failure without a reply (design law 4). `reason` holds codes only. */
export type JudgedNoReply =
  | { readonly kind: 'ambiguous' | 'transient'; readonly reason: string }
  | { readonly kind: 'permanent'; readonly reason: string; readonly findings: readonly Finding[] };

/** Ambiguous once the request may have left; permanent when its address must not be called; else it may be tried again. */
export function judgeNoReply({ written, code, finding }: NoReply): JudgedNoReply {
  if (written) return { kind: 'ambiguous', reason: `${code}: the connection ended after the request may have left` };
  if (finding !== undefined) {
    return { kind: 'permanent', reason: `${code}: the address must not be called`, findings: [finding] };
  }
  return { kind: 'transient', reason: `${code}: no connection, nothing was sent` };
}

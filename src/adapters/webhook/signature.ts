import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/**
 * Standard Webhooks signatures (standard-webhooks.com, version 1.0.0): `v1,` and the base64 HMAC-SHA256 of
 * `webhook-id.webhook-timestamp.body`. Several secrets may be current while one replaces another.
 */

/** One shared secret, ready to sign. Never logged: it has no readable form. */
export interface Secret {
  readonly sign: (stamp: Stamp, body: Uint8Array) => string;
}

/** What is signed besides the body. */
export interface Stamp {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

export type Verification =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: 'header-missing' | 'header-malformed' | 'too-old' | 'too-new' | 'no-match' };

const PREFIX = 'whsec_';
/** The specification asks for 24 to 64 bytes; a longer one is no weaker. */
const MIN_KEY_BYTES = 24;
const MAX_SIGNATURES = 20;
/** No dot: it separates the signed parts, so that a dot in the id would let one signature fit two messages. */
const ID = /^[!-\-/-~]{1,255}$/;
const TIMESTAMP = /^[1-9][0-9]{0,11}$/;

/** Reads a secret as the specification writes it: `whsec_` (may be left out) and base64. Throws, without repeating it, when it is none. */
export function readSecret(text: string): Secret {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') !== encoded) throw new Error('a webhook secret is not base64');
  if (key.length < MIN_KEY_BYTES) throw new Error(`a webhook secret is shorter than ${MIN_KEY_BYTES} bytes`);
  const webhook = new Webhook(key, { format: 'raw' });
  return {
    sign({ id, timestamp }, body) {
      // The library reads bytes as text, which makes every broken byte the same character: two bodies, one signature.
      if (!isUtf8(body))
        return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
      return webhook.sign(id, new Date(timestamp * 1_000), Buffer.from(body));
    },
  };
}

/** The three headers for a body, signed with every current secret. `now` becomes the timestamp. */
export function signatureHeaders(
  secrets: readonly Secret[],
  message: { readonly id: string; readonly body: Uint8Array; readonly now: Date },
): SignatureHeaders {
  const stamp = { id: message.id, timestamp: Math.floor(message.now.getTime() / 1_000) };
  return {
    'webhook-id': stamp.id,
    'webhook-timestamp': String(stamp.timestamp),
    'webhook-signature': secrets.map((secret) => secret.sign(stamp, message.body)).join(' '),
  };
}

type Unverified = Extract<Verification, { ok: false }>;

interface SignedHeaders {
  readonly [name: string]: string | string[] | undefined;
}

interface Now {
  readonly now: Date;
  readonly toleranceSeconds: number;
}

interface ReadHeaders {
  readonly ok: true;
  readonly stamp: Stamp;
  readonly signatures: string;
}

/** What the headers alone can show before a byte of the body is read: that all three are there, in form, and of this moment. */
export function readSignatureHeaders(headers: SignedHeaders, { now, toleranceSeconds }: Now): ReadHeaders | Unverified {
  const id = headers['webhook-id'];
  const written = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (!isText(id) || !isText(written) || !isText(signatures)) return { ok: false, why: 'header-missing' };
  if (!ID.test(id) || !TIMESTAMP.test(written)) return { ok: false, why: 'header-malformed' };
  const timestamp = Number(written);
  const age = Math.floor(now.getTime() / 1_000) - timestamp;
  if (age > toleranceSeconds) return { ok: false, why: 'too-old' };
  if (-age > toleranceSeconds) return { ok: false, why: 'too-new' };
  return { ok: true, stamp: { id, timestamp }, signatures };
}

/** True when any listed signature was made with any current secret and its timestamp is at most `toleranceSeconds` off, either way. */
export function verifySignature(
  secrets: readonly Secret[],
  headers: SignedHeaders,
  body: Uint8Array,
  given: Now,
): Verification {
  const read = readSignatureHeaders(headers, given);
  if (!read.ok) return read;
  const candidates = read.signatures.split(' ', MAX_SIGNATURES);
  const expected = secrets.map((secret) => secret.sign(read.stamp, body));
  const matches = expected.some((one) => candidates.some((candidate) => equalInConstantTime(one, candidate)));
  return matches ? { ok: true, id: read.stamp.id } : { ok: false, why: 'no-match' };
}

function isText(value: string | string[] | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** The expected text starts with `v1,`, so that a signature of another version never matches. */
function equalInConstantTime(expected: string, candidate: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(candidate)];
  return a.length === b.length && timingSafeEqual(a, b);
}

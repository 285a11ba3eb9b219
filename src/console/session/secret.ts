import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in base64url: what a browser holds of its session. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A name that cannot be guessed, short enough for a path. 96 bits. */
export function newShortId(): string {
  return randomBytes(12).toString('base64url');
}

/** What the record holds of it: nobody who reads the record can take a session over. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * What every form carries: only a page of ours, read with the session's own cookie, can know it. Bound to the session, because it is made
 * of its secret; nothing has to be kept, and engines that share a record agree.
 */
export function formTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('hearback console form').digest('base64url');
}

export function isFormToken(token: string, secret: string): boolean {
  const [given, right] = [Buffer.from(token), Buffer.from(formTokenOf(secret))];
  return given.length === right.length && timingSafeEqual(given, right);
}

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { FhirPartner } from './authenticate.ts';
import type { Pair } from './search-query.ts';

/** Where a search goes on: its parameters and the cursor of its next page. */
interface Page {
  readonly type: string;
  readonly applied: readonly Pair[];
  readonly after: string;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A page's place as one opaque text for a url. Sealed, because the parameters may hold an NHS number and urls are written to
 * logs on their way, even where the search itself was a POST to keep it out of them. The key comes from the partner's token
 * digest: links work after a restart and at every process, for this partner only, and end when the token is replaced.
 */
export function sealPage(page: Page, partner: FhirPartner): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(partner.partner, partner.tokens[0] ?? ''), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify([page.type, page.applied, page.after])), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Opens what `sealPage` made for this partner and type; undefined for anything else. */
export function openPage(text: string, type: string, partner: FhirPartner): Page | undefined {
  const bytes = Buffer.from(text, 'base64url');
  for (const token of partner.tokens) {
    const page = openWith(bytes, keyOf(partner.partner, token));
    if (page !== undefined) return page.type === type ? page : undefined;
  }
  return undefined;
}

function openWith(bytes: Buffer, key: Buffer): Page | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    // Authentic, so it is what sealPage wrote.
    const [type, applied, after]: [string, Pair[], string] = JSON.parse(plain.toString('utf8'));
    return { type, applied, after };
  } catch {
    return undefined;
  }
}

function keyOf(partner: string, tokenDigest: string): Buffer {
  return createHash('sha256').update(`page-link\n${partner}\n${tokenDigest}`).digest();
}

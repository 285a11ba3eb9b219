import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import { FHIR_BASE } from '../referral.ts';

const NAMESPACE = Buffer.from(v5(FHIR_BASE, v5.URL, new Uint8Array(16)));

/**
 * A UUID that is a function of its parts (RFC 9562 §5.5, version 5): whoever computes it again, after a crash or a
 * repeated message, names the same thing. Parts are joined so that no two lists of parts are written the same.
 */
export function namedId(...parts: readonly (string | number)[]): string {
  // Not by the uuid package, whose own reading of the name was a twentieth of what a loop costs.
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

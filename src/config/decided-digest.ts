import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/seal/canonical-json.ts';
import type { Config } from './schema.ts';

/** Where secrets are kept, and by what they are known: they may differ from machine to machine, and while they are renewed. */
const KEPT_APART: ReadonlySet<string> = new Set(['token', 'tokens', 'secrets', 'tls']);

/**
 * What a configuration decides of referrals, as 16 hex digits: its partners, its routes, and which times and rules it goes by. Engines of one record that
 * say different ones decide differently. Ports, roles, addresses of the record and secrets do not count.
 */
export function decidedDigest({ partners, routes, engine }: Config): string {
  const { deadlines, nhsNumberCheck, serviceValueSet } = engine;
  const decided = { partners, routes, deadlines, nhsNumberCheck, serviceValueSet };
  const plain = JSON.parse(JSON.stringify(decided, (key, value) => (KEPT_APART.has(key) ? undefined : value)));
  return createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, 16);
}

import ipaddr from 'ipaddr.js';
import type { Finding } from './finding.ts';

/** Ranges that stand beside the engine: for a partner that is declared local, and for nobody else. */
const NEIGHBOURS: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);
/** Clouds answer for a machine's own secrets here, and it looks public. */
const METADATA = '168.63.129.16';
/** All of the public IPv6 internet so far (RFC 4291 §2.4); what merely lacks a special range elsewhere is not in it. */
const GLOBAL_IPV6 = ipaddr.IPv6.parse('2000::');

/**
 * Whether an IP address (text, v4 or v6, an IPv4-mapped one as the IPv4 it holds) may be called. Someone who can set a
 * partner's address, or a name it resolves to, must not reach what stands beside the engine. `local` partners may stand
 * there; link-local, multicast and reserved addresses are nobody's.
 * Judge what is connected to, not what was written: a name can resolve differently the second time.
 */
export function judgeAddress(ip: string, partner: { readonly local: boolean }): Finding | undefined {
  if (!ipaddr.isValid(ip)) return refused('It is not an IP address.');
  const address = ipaddr.process(ip);
  const range = address.range();
  if (partner.local && NEIGHBOURS.has(range)) return undefined;
  const isPublic =
    range === 'unicast' &&
    address.toString() !== METADATA &&
    (address.kind() === 'ipv4' || address.match(GLOBAL_IPV6, 3));
  return isPublic ? undefined : refused(`It is in a range that is not called (${range}).`);
}

function refused(why: string): Finding {
  return {
    severity: 'error',
    rule: 'outlet/address',
    place: {},
    message: `The partner's address must not be called. ${why}`,
    remedy: 'Correct the address; or declare the partner local if it is meant to stand beside the engine.',
    issue: 'security',
  };
}

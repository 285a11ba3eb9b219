import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Finding } from '../../core/finding.ts';

/**
 * Which addresses may be called. Someone who can set a partner's address, or a name that it resolves to, must not reach what
 * stands beside the engine: only public unicast addresses pass, unless the partner is declared local.
 */

/** Clouds answer for a machine's own secrets here; unlike the others it looks public. */
const METADATA = new Set(['168.63.129.16']);
/** All of the public IPv6 internet so far (RFC 4291 §2.4); what merely lacks a special range elsewhere is not in it. */
const GLOBAL_IPV6 = ipaddr.IPv6.parse('2000::');

/** Raised on the connection itself, after the name was resolved and before anything was sent. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/** Whether an address (text form of IPv4 or IPv6) is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || METADATA.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6, 3);
}

/** What is wrong with a partner's URL, or the URL. A host name is judged later, when it is resolved. */
export function checkUrl(text: string, local: boolean): { readonly url: URL } | { readonly finding: Finding } {
  if (!URL.canParse(text)) return { finding: refused('The address is not a URL.', 'Write it as https://host/path.') };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return {
      finding: refused('The address holds credentials.', 'Take them out: deliveries are authenticated by signature.'),
    };
  }
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) {
    return { finding: refused('The address is not https.', 'Use https; http is only for a partner declared local.') };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up, so that the guarded lookup would not see it.
  if (!local && isIP(host) !== 0 && !isPublicAddress(host)) return { finding: addressRefused() };
  return { url };
}

/** The finding for a host that resolves, or is, an address which must not be called. */
export function addressRefused(): Finding {
  return refused(
    'The address is private, loopback, link-local or otherwise not on the public internet.',
    'Correct the partner’s address, or declare the partner local if it is meant to stand beside the engine.',
  );
}

function refused(message: string, remedy: string): Finding {
  return { severity: 'error', rule: 'webhook/address-refused', place: {}, message, remedy, issue: 'security' };
}

/**
 * A lookup for the socket itself, so that the addresses judged are the addresses connected to: a name that is resolved once for
 * the check and again for the call can answer differently. One forbidden address among several refuses the name.
 */
export function guardedLookup(lookup: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const first = addresses[0];
      if (first === undefined || !addresses.every(isPublic)) {
        return callback(new AddressRefused('the name resolves to an address that must not be called'), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function isPublic({ address }: LookupAddress): boolean {
  return isPublicAddress(address);
}

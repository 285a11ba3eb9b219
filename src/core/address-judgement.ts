import ipaddr from 'ipaddr.js';
import type { Finding } from './finding.ts';

/**
 * Which addresses an outlet may call. Someone who can set a partner's address, or a name that it resolves to, must not reach
 * what stands beside the engine. Rules:
 *
 *   outlet/url               not a URL, or not https (http only for a partner declared local)
 *   outlet/url-credentials   a user name or password in the URL
 *   outlet/address           an IP address, written or resolved to, that is not called
 *
 * No finding repeats the address: it may hold a token.
 */

/** How a partner stands to the engine: `local` ones are declared to stand beside it. */
export interface Standing {
  readonly local: boolean;
}

/** Ranges that stand beside the engine: for a partner that is declared local, and for nobody else. */
const NEIGHBOURS: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);
/** Clouds answer for a machine's own secrets here, in ranges that look public or like a neighbour's. Never called. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);
/** All of the public IPv6 internet so far (RFC 4291 §2.4); what merely lacks a special range elsewhere is not in it. */
const GLOBAL_IPV6 = ipaddr.IPv6.parse('2000::');

/**
 * Why an IP address (text, v4 or v6, an IPv4-mapped one as the IPv4 it holds) must not be called, or undefined. Link-local,
 * multicast, reserved and metadata addresses are nobody's; private and loopback ones are for local partners only.
 */
export function judgeAddress(ip: string, { local }: Standing): Finding | undefined {
  const fault = addressFault(ip, local);
  return fault === undefined ? undefined : refusedAddress(`It ${fault}.`);
}

/**
 * Why a name that resolved to these addresses must not be called, or undefined: one bad address refuses the name.
 * Judge the addresses that are connected to: a name can resolve differently the second time.
 */
export function judgeResolved(addresses: readonly string[], { local }: Standing): Finding | undefined {
  if (addresses.length === 0) return refusedAddress('Its name resolves to no address.');
  const fault = addresses.map((address) => addressFault(address, local)).find((one) => one !== undefined);
  return fault === undefined ? undefined : refusedAddress(`Its name resolves to an address that ${fault}.`);
}

/** A partner's address as a URL, or why it must not be called. A host name is judged when it is resolved. */
export function judgeUrl(text: string, { local }: Standing): { readonly url: URL } | { readonly finding: Finding } {
  if (!URL.canParse(text)) return { finding: BAD_URL };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { finding: CREDENTIALS };
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) return { finding: NOT_HTTPS };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up, so that a guard on the lookup would not see it.
  const finding = isAddress(host) ? judgeAddress(host, { local }) : undefined;
  return finding === undefined ? { url } : { finding };
}

function isAddress(text: string): boolean {
  // Only as everybody writes them: the library alone would read "1.2.3" and "0x7f.1" too.
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function addressFault(ip: string, local: boolean): string | undefined {
  if (!isAddress(ip)) return 'is not an IP address';
  // A zone ("%eth0") names the way to an address and is no part of it.
  const address = ipaddr.process(ip.replace(/%.*$/, ''));
  if (METADATA.has(address.toString())) return 'is where a cloud answers for its machines';
  const range = address.range();
  if (local && NEIGHBOURS.has(range)) return undefined;
  const isPublic = range === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_IPV6, 3));
  return isPublic ? undefined : `is in a range that is not called (${range})`;
}

const BASE = { severity: 'error', place: {}, issue: 'security' } as const;

const BAD_URL: Finding = {
  ...BASE,
  rule: 'outlet/url',
  message: "The partner's address is not a URL.",
  remedy: 'Write the whole address, as https://host/path.',
};
const NOT_HTTPS: Finding = {
  ...BASE,
  rule: 'outlet/url',
  message: "The partner's address is not https.",
  remedy: 'Use https; http is only for a partner that is declared local.',
};
const CREDENTIALS: Finding = {
  ...BASE,
  rule: 'outlet/url-credentials',
  message: "The partner's address holds credentials.",
  remedy: 'Take them out: deliveries are authenticated by signature or token.',
};

function refusedAddress(why: string): Finding {
  return {
    ...BASE,
    rule: 'outlet/address',
    message: `The partner's address must not be called. ${why}`,
    remedy: 'Correct the address; or declare the partner local if it is meant to stand beside the engine.',
  };
}

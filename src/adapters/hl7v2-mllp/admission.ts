import ipaddr from 'ipaddr.js';
import type { MessageHead } from '../../core/hl7v2/head.ts';

/**
 * Who may speak for a partner. What a message says of its sender (MSH-3, MSH-4) is written by whoever sends it: it tells
 * partners apart that share an address or a certificate, and admits nobody by itself. The configuration's checks hold that
 * beyond loopback every partner is known by a certificate or by its addresses.
 */
export interface Admission {
  /** SHA-256 of certificates (lower-case hex). Whoever holds the key of one is the partner, whoever signed it. */
  readonly certificates: readonly string[];
  /** Common names of certificates that one of our authorities signed. */
  readonly commonNames: readonly string[];
  /** Addresses and networks (`10.20.0.0/16`); everywhere when empty. */
  readonly addresses: readonly string[];
  /** MSH-3.1 and MSH-4.1 as it writes them. */
  readonly sender: { readonly application?: string; readonly facility?: string };
}

/** The other end of a connection, as the connection itself shows it. */
export interface Peer {
  readonly address: string;
  readonly certificate?: {
    /** Lower-case hex. */
    readonly sha256: string;
    readonly commonName: string;
    /** One of our authorities signed it, and it is valid now. */
    readonly trusted: boolean;
  };
}

/** Those that this connection may be: all that its certificate and its address allow. */
export function admitted<T extends { readonly admission: Admission }>(peer: Peer, partners: readonly T[]): T[] {
  return partners.filter(({ admission }) => hasCertificate(peer, admission) && isFrom(peer, admission));
}

/** The one of them that a message is from; undefined when it fits none, or more than one equally well. */
export function speaker<T extends { readonly admission: Admission }>(
  head: MessageHead,
  candidates: readonly T[],
): T | undefined {
  const fitting = candidates.filter(({ admission }) => fits(head, admission));
  const named = fitting.filter(({ admission }) => Object.keys(admission.sender).length > 0);
  const [one, other] = named.length > 0 ? named : fitting;
  return other === undefined ? one : undefined;
}

function hasCertificate({ certificate }: Peer, { certificates, commonNames }: Admission): boolean {
  if (certificates.length === 0 && commonNames.length === 0) return true;
  if (certificate === undefined) return false;
  return (
    certificates.includes(certificate.sha256) || (certificate.trusted && commonNames.includes(certificate.commonName))
  );
}

function isFrom({ address }: Peer, { addresses }: Admission): boolean {
  if (addresses.length === 0) return true;
  if (!ipaddr.isValid(address)) return false;
  const here = ipaddr.process(address);
  return addresses.some((allowed) => {
    const network = readNetwork(allowed);
    return network !== undefined && here.kind() === network[0].kind() && here.match(network);
  });
}

/** An address, or a network in CIDR notation; undefined for anything else. */
function readNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function fits(head: MessageHead, { sender }: Admission): boolean {
  const first = (field: string) => field.split(head.delimiters.component)[0];
  const { application, facility } = sender;
  return (
    (application === undefined || first(head.sendingApplication) === application) &&
    (facility === undefined || first(head.sendingFacility) === facility)
  );
}

import ipaddr from 'ipaddr.js';
import { errorAt, type Flaw, type Problem } from '../problem.ts';
import { field, isSection, items, type Spot, textOf } from '../spot.ts';
import { isLoopback } from './listener.ts';

/**
 * HL7 v2 has no sign-in of its own: what a message says of its sender anybody can write. So who may speak is known by a
 * certificate or by an address, beyond loopback always; what is said is encrypted beyond loopback; and of those who share a
 * port each can be told from the others.
 */
export function mllpProblems(root: Spot): Problem[] {
  const partners = items(field(root, 'partners'));
  const inlets = partners.flatMap((partner) => doorsOf(partner, 'inlets'));
  const listen = field(root, 'engine', 'mllp');
  return [
    ...(inlets.length > 0 ? exposure(listen) : []),
    ...inlets.flatMap((inlet) => speakers(inlet, listen)),
    ...sharedPorts(inlets),
    ...partners.flatMap((partner) => doorsOf(partner, 'outlets').flatMap((outlet) => outletProblems(outlet, partner))),
  ];
}

function doorsOf(partner: Spot, list: 'inlets' | 'outlets'): Spot[] {
  return items(field(partner, list)).filter((door) => field(door, 'type').value === 'mllp');
}

function isOpen(listen: Spot): boolean {
  const host = textOf(field(listen, 'host'));
  return host !== undefined && !isLoopback(host);
}

function exposure(listen: Spot): Problem[] {
  const isEncrypted = isSection(field(listen, 'tls').value) || field(listen, 'behindTunnel').value === true;
  return isOpen(listen) && !isEncrypted ? [errorAt(field(listen, 'host').path, EXPOSED)] : [];
}

function speakers(inlet: Spot, listen: Spot): Problem[] {
  const has = (key: string) => items(field(inlet, key)).length > 0;
  const problems: Problem[] = [];
  if (isOpen(listen) && !has('certificates') && !has('commonNames') && !has('addresses')) {
    problems.push(errorAt(inlet.path, ANYBODY));
  }
  const tls = field(listen, 'tls');
  if (has('certificates') && !isSection(tls.value))
    problems.push(errorAt(field(inlet, 'certificates').path, NO_TLS, 'key'));
  if (has('commonNames') && field(tls, 'ca').value === undefined) {
    problems.push(errorAt(field(inlet, 'commonNames').path, NO_AUTHORITY, 'key'));
  }
  return problems;
}

/* ------------------------------------------------------------------ partners on one port */

const USUAL_PORT = 2_575;

function sharedPorts(inlets: readonly Spot[]): Problem[] {
  return inlets.flatMap((inlet, position) => {
    const before = inlets.slice(0, position).filter((other) => portOf(other) === portOf(inlet));
    return before.every((other) => areDistinct(inlet, other)) ? [] : [errorAt(inlet.path, INDISTINCT)];
  });
}

function portOf(inlet: Spot): unknown {
  return field(inlet, 'port').value ?? USUAL_PORT;
}

function areDistinct(one: Spot, other: Spot): boolean {
  const differ = (left: string | undefined, right: string | undefined) =>
    left !== undefined && right !== undefined && left !== right;
  const sender = (inlet: Spot, key: string) => textOf(field(inlet, 'sender', key));
  const texts = (inlet: Spot, key: string) => items(field(inlet, key)).flatMap((spot) => textOf(spot) ?? []);
  const disjoint = (key: string, overlap: (left: string, right: string) => boolean) => {
    const [left, right] = [texts(one, key), texts(other, key)];
    return left.length > 0 && right.length > 0 && !left.some((a) => right.some((b) => overlap(a, b)));
  };
  const sameText = (a: string, b: string) => plain(a) === plain(b);
  const byNames = texts(one, 'commonNames').length + texts(other, 'commonNames').length > 0;
  return (
    differ(sender(one, 'application'), sender(other, 'application')) ||
    differ(sender(one, 'facility'), sender(other, 'facility')) ||
    (!byNames && disjoint('certificates', sameText)) ||
    (texts(one, 'certificates').length + texts(other, 'certificates').length === 0 &&
      disjoint('commonNames', sameText)) ||
    disjoint('addresses', overlapping)
  );
}

function plain(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}

function overlapping(one: string, other: string): boolean {
  const [left, right] = [network(one), network(other)];
  if (left === undefined || right === undefined || left[0].kind() !== right[0].kind()) return false;
  return left[1] <= right[1] ? right[0].match(left) : left[0].match(right);
}

function network(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/* ------------------------------------------------------------------ out */

function outletProblems(outlet: Spot, partner: Spot): Problem[] {
  const problems: Problem[] = [];
  const tls = field(outlet, 'tls');
  if (!isSection(tls.value) && field(partner, 'local').value !== true) problems.push(errorAt(outlet.path, PLAIN));
  const [cert, key] = [field(tls, 'cert'), field(tls, 'key')];
  if ((cert.value === undefined) !== (key.value === undefined)) {
    problems.push(errorAt((cert.value === undefined ? key : cert).path, HALF_PAIR));
  }
  const hasInlet = doorsOf(partner, 'inlets').length > 0;
  const acknowledges = field(outlet, 'acknowledges');
  if (acknowledges.value === 'business' && !hasInlet) problems.push(errorAt(acknowledges.path, NO_WAY_BACK));
  const wanted = field(partner, 'kind').value === 'gp-system' ? 'write-back' : 'referral';
  const mappings = field(outlet, 'mappings');
  if (isSection(mappings.value) && field(mappings, wanted).value === undefined) {
    problems.push(errorAt(mappings.path, noMapping(wanted), 'key'));
  }
  const answer = field(mappings, 'answer');
  if (wanted === 'referral' && answer.value !== undefined) problems.push(errorAt(answer.path, NOT_ASKED, 'key'));
  return problems;
}

const NOT_ASKED: Flaw = {
  rule: 'config/wrong-kind',
  message: 'Only a GP system is answered: it is the one that asked.',
  remedy: 'Remove `answer` here; a platform is told by `referral`, `update` and `cancel`.',
};

const EXPOSED: Flaw = {
  rule: 'config/exposed-listener',
  message: 'This address can be reached from other machines, and nothing encrypts what is said.',
  remedy:
    'Listen on 127.0.0.1, or set `tls` (cert and key), or `behindTunnel: true` when a VPN or stunnel encrypts the way.',
};

const ANYBODY: Flaw = {
  rule: 'config/open-inlet',
  message:
    'Anybody who can reach the port could speak as this partner: what a message says of its sender proves nothing.',
  remedy: 'Add `certificates` or `commonNames` (client certificates), or at least the `addresses` it connects from.',
};

const NO_TLS: Flaw = {
  rule: 'config/no-tls',
  message: 'Client certificates are only shown over TLS, and `engine.mllp.tls` is not set.',
  remedy: 'Set `engine.mllp.tls` (cert and key), or know the partner by its `addresses`.',
};

const NO_AUTHORITY: Flaw = {
  rule: 'config/no-authority',
  message: 'A name in a certificate counts only when an authority vouches for it, and `engine.mllp.tls.ca` is not set.',
  remedy: 'Set `engine.mllp.tls.ca`, or list the certificates themselves under `certificates`.',
};

const INDISTINCT: Flaw = {
  rule: 'config/overlapping',
  message: 'Another inlet above has the same port, and nothing tells the two partners apart.',
  remedy: 'Give it a port of its own; or different certificates, addresses or `sender` to both.',
};

const PLAIN: Flaw = {
  rule: 'config/plain-mllp',
  message: 'No TLS to a partner that is not local: patient data would be readable on the way.',
  remedy:
    'Set `tls` ({} will do for a public certificate), or `local: true` on the partner when both run on one machine or private network.',
};

const HALF_PAIR: Flaw = {
  rule: 'config/half-pair',
  message: 'A client certificate needs both `cert` and `key`.',
  remedy: 'Name both files, or neither.',
};

const NO_WAY_BACK: Flaw = {
  rule: 'config/no-way-back',
  message: 'Its acknowledgements come by themselves, and the partner has no inlet of type mllp to bring them to.',
  remedy:
    'Add an inlet of type mllp (its `mappings` may be empty: {}), or promise less with `acknowledges: technical`.',
};

function noMapping(purpose: string): Flaw {
  return {
    rule: 'config/missing',
    message: `"${purpose}" is missing: without it this partner would be told nothing.`,
    remedy: `Name a mapping for "${purpose}" that makes HL7 v2 (to: hl7v2).`,
  };
}

import ipaddr from 'ipaddr.js';
import { errorAt, type Problem, warningAt } from '../problem.ts';
import { field, isSection, type Spot, textOf } from '../spot.ts';
import { readableUrl } from './addresses.ts';

/** The engine's own door: never open beyond loopback without TLS, and known to partners by an address that works. */
export function listenerProblems(root: Spot): Problem[] {
  const engine = field(root, 'engine');
  return [
    ...exposure(field(engine, 'listen')),
    ...exposure(field(engine, 'metrics')),
    ...baseUrl(engine),
    ...testMode(engine),
  ];
}

/** Addresses that mean "on every interface" are not loopback. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

function exposure(listen: Spot): Problem[] {
  const host = textOf(field(listen, 'host'));
  if (host === undefined || isLoopback(host) || isProtected(listen)) return [];
  return [
    errorAt(field(listen, 'host').path, {
      rule: 'config/exposed-listener',
      message: 'This address can be reached from other machines, and nothing encrypts what is said.',
      remedy:
        'Listen on 127.0.0.1, or set `tls` (cert and key), or `behindProxy: true` when a proxy in front ends TLS.',
    }),
  ];
}

function isProtected(listen: Spot): boolean {
  return isSection(field(listen, 'tls').value) || field(listen, 'behindProxy').value === true;
}

function baseUrl(engine: Spot): Problem[] {
  const spot = field(engine, 'baseUrl');
  const written = textOf(spot);
  if (written !== undefined)
    return readableUrl(written)?.pathname.endsWith('/fhir') ? [] : [errorAt(spot.path, BAD_BASE)];
  const listen = field(engine, 'listen');
  const host = textOf(field(listen, 'host')) ?? '127.0.0.1';
  const derivable = isLoopback(host) && field(listen, 'behindProxy').value !== true;
  return derivable || spot.value !== undefined ? [] : [errorAt(spot.path, NO_BASE, 'key')];
}

const BAD_BASE = {
  rule: 'config/bad-url',
  message: 'This is not the address of a FHIR endpoint.',
  remedy:
    'Write an http or https address that ends in /fhir (no slash after it, no query), like "https://hearback.example.nhs.uk/fhir".',
};

const NO_BASE = {
  rule: 'config/missing',
  message: '"baseUrl" is missing: beyond loopback the address that partners know does not follow from `listen`.',
  remedy: 'Add "baseUrl", like "https://hearback.example.nhs.uk/fhir".',
};

function testMode(engine: Spot): Problem[] {
  const check = field(engine, 'nhsNumberCheck');
  if (check.value !== 'warn') return [];
  return [
    warningAt(check.path, {
      rule: 'config/test-mode',
      message: 'Test mode: referrals whose NHS number fails its check digit are accepted.',
      remedy: 'Remove this line before real patients are referred.',
    }),
  ];
}

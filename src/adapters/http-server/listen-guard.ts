import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where to listen. `tls` holds PEM text or bytes. `behindProxy`: something in front of us ends TLS, by the operator's own word. */
export interface Listen {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly behindProxy: boolean;
  /** The section of the configuration that says so, for whoever has to correct it; `engine.listen` when left out. */
  readonly at?: string;
}

/** Why it must not listen there, or undefined: patient data in clear text never leaves the machine by accident. */
export function whyNotListen(listen: Listen): string | undefined {
  if (listen.tls !== undefined || listen.behindProxy || isLoopback(listen.host)) return undefined;
  return (
    `Refusing to listen on ${listen.host}:${listen.port} without TLS: it is reachable from other machines. ` +
    'Give a certificate and key, listen on 127.0.0.1, or say that a proxy in front of it ends TLS (behindProxy: true).'
  );
}

const NO_PORT: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the port is taken by another process. Stop that one, or give another port (%s.port)'],
  ['EACCES', 'this user may not open the port. Give one above 1023 (%s.port)'],
  ['EADDRNOTAVAIL', 'this machine does not have the address. Correct it (%s.host)'],
  ['ENOTFOUND', 'the name is unknown. Correct it (%s.host)'],
]);

/** Why the system did not let it listen there, with what to do. */
export function whyNoPort(
  { code = 'unknown' }: NodeJS.ErrnoException,
  { host, port, at = 'engine.listen' }: Listen,
): string {
  const why = NO_PORT.get(code)?.replace('%s', at) ?? `the system answered ${code}`;
  return `Cannot listen on ${host}:${port}: ${why}.`;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback';
}

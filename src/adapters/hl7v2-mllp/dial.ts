import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where a partner listens, and how it is known. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Absent: plain TCP. */
  readonly tls?: PartnerTls;
}

export interface PartnerTls {
  /** PEM of the authorities that may have signed the partner's certificate; those that the machine trusts when left out. */
  readonly ca?: string;
  /** PEM of the certificate that we show, with its key. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the partner's certificate must bear, when it is not the host. */
  readonly serverName?: string;
}

/** How long a quiet connection is left before the machine asks whether the other end is there. */
export const KEEP_ALIVE_MS = 30_000;

/** Opens a connection, its handshake included. Rejects with a fault whose `code` names the cause. */
export function dial(address: Address, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = open(address);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', closed);
      act();
    };
    const fail = (fault: Error): void => {
      // Faults that come after are nobody's: without a listener they would end the process.
      socket.on('error', () => {}).destroy();
      settle(() => reject(fault));
    };
    const abort = (): void => fail(coded('ABORTED'));
    const closed = (): void => fail(coded('ECONNRESET'));
    const timer = setTimeout(() => fail(coded('CONNECT_TIMEOUT')), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once(address.tls === undefined ? 'connect' : 'secureConnect', () => settle(() => resolve(socket)));
    socket.on('error', fail).once('close', closed);
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
    if (signal.aborted) abort();
  });
}

function open({ host, port, tls }: Address): Socket {
  if (tls === undefined) return connectTcp({ host, port });
  const { serverName, ...credentials } = tls;
  const name = serverName ?? host;
  // The name is checked in either case; an address must not be announced as a name (RFC 6066, section 3).
  return connectTls({
    ...credentials,
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(name) === 0 && { servername: name }),
  });
}

function coded(code: string): Error & { code: string } {
  return Object.assign(new Error(code), { code });
}

/** A code to log and keep. Messages are left out: they hold addresses, and what a certificate says. */
export function codeOf(fault: unknown): string {
  const code: unknown = typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined;
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return fault instanceof Error ? fault.name : 'UNKNOWN';
}

import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { StoreError } from '../store-error.ts';

/** Where a record on PostgreSQL is kept. `password` is a secret: nothing prints a place. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  /** The schema that holds the record's tables, so that one database can hold several records. */
  readonly schema: string;
  /** Absent: the connection is not encrypted. */
  readonly ssl?: ConnectionOptions;
}

/** PEM texts. With none of them the server's certificate must be signed by an authority that the machine trusts. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the certificate must bear, when it is not the host's. */
  readonly serverName?: string;
}

export const DEFAULT_SCHEMA = 'hearback';
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Reads `postgres://user:password@host:port/database`.
 * @param tls absent: not encrypted. Given: encrypted, and the server must prove its name.
 * @throws StoreError `not-openable`, without repeating any of it.
 */
export function readPlace(
  address: string,
  { schema = DEFAULT_SCHEMA, tls }: { schema?: string; tls?: Tls } = {},
): Place {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw unreadable('is not of the form postgres://user:password@host:port/database');
  }
  if (url.search !== '' || url.hash !== '') {
    throw unreadable('has something after the database: leave it out, and say how to encrypt in the configuration');
  }
  const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decodeURIComponent);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!user || !database || host === '') throw unreadable('names no user, no host or no database');
  if (!SCHEMA.test(schema))
    throw unreadable('goes with a schema whose name is not small letters, digits and underscores');
  return {
    ...{ host, port: url.port === '' ? 5432 : Number(url.port), database, user, schema },
    ...(password ? { password } : {}),
    ...(tls !== undefined && { ssl: sslOf(tls, host) }),
  };
}

function sslOf({ ca, cert, key, serverName }: Tls, host: string): ConnectionOptions {
  const name = serverName ?? host;
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(isIP(name) === 0 && { servername: name }),
    /* The library does not know the name when the host is an address. */
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function unreadable(what: string): StoreError {
  return new StoreError('not-openable', `the address of the record's database ${what}`);
}

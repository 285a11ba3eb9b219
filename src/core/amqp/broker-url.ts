/** Where a broker is reached and as whom, read from one URL (RabbitMQ URI specification, https://www.rabbitmq.com/uri-spec.html). */
export interface BrokerUrl {
  /** `amqps`. */
  readonly encrypted: boolean;
  readonly host: string;
  readonly port: number;
  /** Decoded: `/` where the URL names none. */
  readonly vhost: string;
  /** Absent together with the password: the client certificate says who it is (SASL EXTERNAL). */
  readonly user?: string;
  readonly password?: string;
}

/**
 * Reads `amqps://user:password@host:port/vhost`. Undefined when it is none: another scheme, a query (settings stand in the
 * configuration), a vhost of several parts, a user without a password, or an escape that is none. Never repeats what it was given.
 */
export function readBrokerUrl(text: string): BrokerUrl | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') return undefined;
  if (url.hostname === '' || url.search !== '' || url.hash !== '') return undefined;
  const [vhost, user, password] = [url.pathname.slice(1), url.username, url.password].map(decoded);
  if (vhost === undefined || user === undefined || password === undefined) return undefined;
  if (url.pathname.slice(1).includes('/') || (user === '') !== (password === '')) return undefined;
  const encrypted = url.protocol === 'amqps:';
  return {
    encrypted,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (encrypted ? 5671 : 5672) : Number(url.port),
    vhost: vhost === '' ? '/' : vhost,
    ...(user !== '' && { user, password }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

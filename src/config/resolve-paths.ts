import { resolve } from 'node:path';
import type { Config, Inlet, Outlet } from './schema.ts';
import type { SecretSource, TokenSource } from './secret-source.ts';

/** Paths are written as seen from the configuration's own file; from here on they are absolute. */
export function resolvePaths(config: Config, directory: string): Config {
  const at = (path: string): string => resolve(directory, path);
  const { engine } = config;
  const { tls, ...listen } = engine.listen;
  return {
    ...config,
    engine: {
      ...engine,
      listen: { ...listen, ...(tls && { tls: tlsAt(tls, at) }) },
      log: logAt(engine.log, at),
      mllp: mllpAt(engine.mllp, at),
      ...(engine.console && { console: consoleAt(engine.console, at) }),
      ...(engine.metrics && { metrics: metricsAt(engine.metrics, at) }),
      store: storeAt(engine.store, at),
      mappings: at(engine.mappings),
      terminology: at(engine.terminology),
      releases: at(engine.releases),
      brokers: engine.brokers.map((broker) => brokerAt(broker, at)),
      auditors: engine.auditors.map(({ id, tokens }) => ({ id, tokens: tokens.map((source) => tokenAt(source, at)) })),
      ...(engine.terminologyServer && { terminologyServer: serverAt(engine.terminologyServer, at) }),
    },
    partners: config.partners.map((partner) => ({
      ...partner,
      inlets: partner.inlets.map((inlet) => inletAt(inlet, at)),
      outlets: partner.outlets.map((outlet) => outletAt(outlet, at)),
    })),
  };
}

type At = (path: string) => string;
type Store = Config['engine']['store'];

function storeAt(store: Store, at: At): Store {
  if (store.kind === 'sqlite') return { ...store, path: at(store.path) };
  const { tls, connection, ...rest } = store;
  return { ...rest, connection: secretAt(connection, at), ...(tls && { tls: partnerTlsAt(tls, at) }) };
}

type Console = NonNullable<Config['engine']['console']>;

function consoleAt({ openId, ...section }: Console, at: At): Console {
  if (openId?.clientSecret === undefined) return { ...section, ...(openId && { openId }) };
  return { ...section, openId: { ...openId, clientSecret: secretAt(openId.clientSecret, at) } };
}

function logAt({ key, checkpoints, ...log }: Config['engine']['log'], at: At): Config['engine']['log'] {
  return {
    ...log,
    ...(key !== undefined && { key: secretAt(key, at) }),
    ...(checkpoints !== undefined && { checkpoints: at(checkpoints) }),
  };
}

type Server = NonNullable<Config['engine']['terminologyServer']>;

function serverAt({ token, ...server }: Server, at: At): Server {
  return { ...server, ...(token !== undefined && { token: secretAt(token, at) }) };
}

type Broker = Config['engine']['brokers'][number];

function brokerAt({ tls, ...broker }: Broker, at: At): Broker {
  return { ...broker, url: secretAt(broker.url, at), ...(tls && { tls: partnerTlsAt(tls, at) }) };
}

type Tls = NonNullable<Config['engine']['listen']['tls']>;

function tlsAt(tls: Tls, at: At): Tls {
  return { cert: at(tls.cert), key: at(tls.key), ...(tls.ca !== undefined && { ca: at(tls.ca) }) };
}

function mllpAt({ tls, ...mllp }: Config['engine']['mllp'], at: At): Config['engine']['mllp'] {
  return { ...mllp, ...(tls && { tls: tlsAt(tls, at) }) };
}

type Metrics = NonNullable<Config['engine']['metrics']>;

function metricsAt({ tls, ...metrics }: Metrics, at: At): Metrics {
  return { ...metrics, ...(tls && { tls: tlsAt(tls, at) }) };
}

function inletAt(inlet: Inlet, at: At): Inlet {
  switch (inlet.type) {
    case 'fhir':
      return { ...inlet, tokens: inlet.tokens.map((source) => tokenAt(source, at)) };
    case 'webhook':
      return { ...inlet, secrets: inlet.secrets.map((source) => secretAt(source, at)) };
    case 'mllp':
    case 'amqp':
      return inlet;
  }
}

function outletAt(outlet: Outlet, at: At): Outlet {
  switch (outlet.type) {
    case 'fhir':
      return { ...outlet, token: secretAt(outlet.token, at) };
    case 'webhook':
      return { ...outlet, secrets: outlet.secrets.map((source) => secretAt(source, at)) };
    case 'amqp':
      return outlet;
    case 'mllp':
      return outlet.tls === undefined ? outlet : { ...outlet, tls: partnerTlsAt(outlet.tls, at) };
  }
}

type PartnerTls = NonNullable<Extract<Outlet, { type: 'mllp' }>['tls']>;

function partnerTlsAt({ ca, cert, key, ...tls }: PartnerTls, at: At): PartnerTls {
  return {
    ...tls,
    ...(ca !== undefined && { ca: at(ca) }),
    ...(cert !== undefined && { cert: at(cert) }),
    ...(key !== undefined && { key: at(key) }),
  };
}

function secretAt(source: SecretSource, at: At): SecretSource {
  return 'file' in source ? { file: at(source.file) } : source;
}

function tokenAt(source: TokenSource, at: At): TokenSource {
  return 'sha256File' in source ? { sha256File: at(source.sha256File) } : source;
}

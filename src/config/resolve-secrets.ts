import type { Finding } from '../core/finding.ts';
import type { ConfigIo } from './io.ts';
import { type Need, readSecret } from './read-secret.ts';
import type { Config, Inlet, Outlet, Partner } from './schema.ts';

/** A partner's secret values; each list stands at the position of its inlet or outlet in the configuration. */
export interface PartnerSecrets {
  /** fhir: SHA-256 digests of its tokens (lower-case hex). webhook: secrets (`whsec_…`). */
  readonly inlets: readonly (readonly string[])[];
  /** webhook: secrets to sign with. fhir: the one bearer token. */
  readonly outlets: readonly (readonly string[])[];
  /** mllp: PEM texts for the outlet at this position, when it speaks TLS. */
  readonly outletTls: readonly (PartnerTls | undefined)[];
}

interface PartnerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

export interface Secrets {
  /** By partner id. */
  readonly partners: ReadonlyMap<string, PartnerSecrets>;
  /** When the record is kept in a database. */
  readonly database?: DatabaseSecrets;
  /** What the log's checkpoints are signed with. */
  readonly logKey?: string;
  /** With which the console shows itself to the service at which its users sign in. */
  readonly openIdClient?: string;
  /** Bearer token of the terminology server. */
  readonly terminologyServer?: string;
  /** PEM texts. */
  readonly tls?: ListenerTls;
  readonly mllpTls?: ListenerTls;
  readonly metricsTls?: ListenerTls;
  /** Digests of an auditor's tokens, by its id. */
  readonly auditors: ReadonlyMap<string, readonly string[]>;
  /** By broker name. */
  readonly brokers: ReadonlyMap<string, BrokerSecrets>;
}

export interface BrokerSecrets {
  /** With user and password. */
  readonly url: string;
  /** PEM texts. */
  readonly tls?: PartnerTls;
}

export interface DatabaseSecrets {
  /** postgres://user:password@host:port/database */
  readonly address: string;
  /** PEM texts; absent: not encrypted. */
  readonly tls?: PartnerTls;
}

interface ListenerTls {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/**
 * Fetches the values that the configuration only names. Kept apart, so that a printed configuration never shows them.
 * @returns all values, or one finding for each that can no longer be had (`readConfig` has checked them once).
 */
export function resolveSecrets(config: Config, io: ConfigIo): { secrets?: Secrets; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const fetch = fetching(io, findings);
  const partners = new Map(
    config.partners.map((partner, position) => [partner.id, secretsOf(partner, `/partners/${position}`, fetch)]),
  );
  const { listen, log, mllp, metrics, terminologyServer, console: pages } = config.engine;
  const tls = tlsOf(listen.tls, '/engine/listen/tls', fetch);
  const mllpTls = tlsOf(mllp.tls, '/engine/mllp/tls', fetch);
  const metricsTls = tlsOf(metrics?.tls, '/engine/metrics/tls', fetch);
  const token = terminologyServer?.token;
  const server = token && fetch({ ...token }, 'text', '/engine/terminologyServer/token');
  const ofOpenId = pages?.openId?.clientSecret;
  const openId = ofOpenId && fetch({ ...ofOpenId }, 'text', '/engine/console/openId/clientSecret');
  const brokers = new Map(
    config.engine.brokers.map((broker, at) => [broker.name, brokerSecrets(broker, `/engine/brokers/${at}`, fetch)]),
  );
  const auditors = new Map(
    config.engine.auditors.map(({ id, tokens }, at) => [
      id,
      tokens.map((source, place) => fetch({ ...source }, 'digest', `/engine/auditors/${at}/tokens/${place}`)),
    ]),
  );
  const database = databaseSecrets(config, fetch);
  const logKey = log.key && fetch({ ...log.key }, 'log-key', '/engine/log/key');
  if (findings.length > 0) return { findings };
  const engine = {
    ...(database && { database }),
    ...(logKey && { logKey }),
    ...(tls && { tls }),
    ...(mllpTls && { mllpTls }),
    ...(metricsTls && { metricsTls }),
    ...(server && { terminologyServer: server }),
    ...(openId && { openIdClient: openId }),
  };
  return { secrets: { partners, brokers, auditors, ...engine }, findings };
}

/** Of all secrets only those without which the record cannot be looked at. */
export function resolveDatabase(
  config: Config,
  io: ConfigIo,
): { database?: DatabaseSecrets; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const database = databaseSecrets(config, fetching(io, findings));
  return findings.length > 0 || database === undefined ? { findings } : { database, findings };
}

/** Of all secrets only the key of the log, where one is named and can be had. */
export function resolveLogKey(config: Config, io: ConfigIo): { logKey?: string; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const { key } = config.engine.log;
  const logKey = key && fetching(io, findings)({ ...key }, 'log-key', '/engine/log/key');
  return findings.length > 0 || logKey === undefined ? { findings } : { logKey, findings };
}

function databaseSecrets({ engine: { store } }: Config, fetch: Fetch): DatabaseSecrets | undefined {
  if (store.kind !== 'postgres') return undefined;
  const where = '/engine/store/postgres';
  const address = fetch({ ...store.connection }, 'database', `${where}/connection`);
  if (store.tls === undefined) return store.local ? { address } : { address, tls: {} };
  return { address, tls: tlsTexts(store.tls, `${where}/tls`, fetch) };
}

function fetching(io: ConfigIo, findings: Finding[]): Fetch {
  return (source, need, where) => {
    const [entry] = Object.entries(source);
    // Paths in a configuration that was read are absolute: the file they were written in no longer matters.
    const read = entry && readSecret({ key: entry[0], name: entry[1], need }, { file: '/', io });
    if (read !== undefined && 'value' in read) return read.value;
    if (read !== undefined) findings.push({ severity: 'error', place: { expression: where }, ...read.flaw });
    return '';
  };
}

type Broker = Config['engine']['brokers'][number];
type ClientTls = NonNullable<Broker['tls']>;

type Fetch = (source: Readonly<Record<string, string>>, need: Need, where: string) => string;

function secretsOf(partner: Partner, where: string, fetch: Fetch): PartnerSecrets {
  return {
    inlets: partner.inlets.map((inlet, position) => inletSecrets(inlet, `${where}/inlets/${position}`, fetch)),
    outlets: partner.outlets.map((outlet, position) => outletSecrets(outlet, `${where}/outlets/${position}`, fetch)),
    outletTls: partner.outlets.map((outlet, position) => outletTls(outlet, `${where}/outlets/${position}/tls`, fetch)),
  };
}

function inletSecrets(inlet: Inlet, where: string, fetch: Fetch): string[] {
  switch (inlet.type) {
    case 'fhir':
      return inlet.tokens.map((source, position) => fetch({ ...source }, 'digest', `${where}/tokens/${position}`));
    case 'webhook':
      return inlet.secrets.map((source, position) => fetch({ ...source }, 'webhook', `${where}/secrets/${position}`));
    case 'mllp':
    case 'amqp':
      return [];
  }
}

function outletSecrets(outlet: Outlet, where: string, fetch: Fetch): string[] {
  switch (outlet.type) {
    case 'fhir':
      return [fetch({ ...outlet.token }, 'text', `${where}/token`)];
    case 'webhook':
      return outlet.secrets.map((source, position) => fetch({ ...source }, 'webhook', `${where}/secrets/${position}`));
    case 'mllp':
    case 'amqp':
      return [];
  }
}

function outletTls(outlet: Outlet, where: string, fetch: Fetch): PartnerTls | undefined {
  return outlet.type === 'mllp' && outlet.tls !== undefined ? tlsTexts(outlet.tls, where, fetch) : undefined;
}

function brokerSecrets({ url, tls }: Broker, where: string, fetch: Fetch): BrokerSecrets {
  return {
    url: fetch({ ...url }, 'broker-url', `${where}/url`),
    ...(tls && { tls: tlsTexts(tls, `${where}/tls`, fetch) }),
  };
}

function tlsTexts({ ca, cert, key, serverName }: ClientTls, where: string, fetch: Fetch): PartnerTls {
  return {
    ...(ca !== undefined && { ca: fetch({ file: ca }, 'certificate', `${where}/ca`) }),
    ...(cert !== undefined && { cert: fetch({ file: cert }, 'certificate', `${where}/cert`) }),
    ...(key !== undefined && { key: fetch({ file: key }, 'private-key', `${where}/key`) }),
    ...(serverName !== undefined && { serverName }),
  };
}

function tlsOf(files: Config['engine']['listen']['tls'], where: string, fetch: Fetch): ListenerTls | undefined {
  if (files === undefined) return undefined;
  return {
    cert: fetch({ file: files.cert }, 'certificate', `${where}/cert`),
    key: fetch({ file: files.key }, 'private-key', `${where}/key`),
    ...(files.ca !== undefined && { ca: fetch({ file: files.ca }, 'certificate', `${where}/ca`) }),
  };
}

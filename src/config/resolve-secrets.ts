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
}

export interface Secrets {
  /** By partner id. */
  readonly partners: ReadonlyMap<string, PartnerSecrets>;
  /** Bearer token of the terminology server. */
  readonly terminologyServer?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
}

/**
 * Fetches the values that the configuration only names. Kept apart, so that a printed configuration never shows them.
 * @returns all values, or one finding for each that can no longer be had (`readConfig` has checked them once).
 */
export function resolveSecrets(config: Config, io: ConfigIo): { secrets?: Secrets; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const fetch: Fetch = (source, need, where) => {
    const [entry] = Object.entries(source);
    // Paths in a configuration that was read are absolute: the file they were written in no longer matters.
    const read = entry && readSecret({ key: entry[0], name: entry[1], need }, { file: '/', io });
    if (read !== undefined && 'value' in read) return read.value;
    if (read !== undefined) findings.push({ severity: 'error', place: { expression: where }, ...read.flaw });
    return '';
  };
  const partners = new Map(
    config.partners.map((partner, position) => [partner.id, secretsOf(partner, `/partners/${position}`, fetch)]),
  );
  const tls = tlsOf(config, fetch);
  const token = config.engine.terminologyServer?.token;
  const server = token && fetch({ ...token }, 'text', '/engine/terminologyServer/token');
  return findings.length > 0
    ? { findings }
    : { secrets: { partners, ...(tls && { tls }), ...(server && { terminologyServer: server }) }, findings };
}

type Fetch = (source: Readonly<Record<string, string>>, need: Need, where: string) => string;

function secretsOf(partner: Partner, where: string, fetch: Fetch): PartnerSecrets {
  return {
    inlets: partner.inlets.map((inlet, position) => inletSecrets(inlet, `${where}/inlets/${position}`, fetch)),
    outlets: partner.outlets.map((outlet, position) => outletSecrets(outlet, `${where}/outlets/${position}`, fetch)),
  };
}

function inletSecrets(inlet: Inlet, where: string, fetch: Fetch): string[] {
  return inlet.type === 'fhir'
    ? inlet.tokens.map((source, position) => fetch({ ...source }, 'digest', `${where}/tokens/${position}`))
    : inlet.secrets.map((source, position) => fetch({ ...source }, 'webhook', `${where}/secrets/${position}`));
}

function outletSecrets(outlet: Outlet, where: string, fetch: Fetch): string[] {
  return outlet.type === 'fhir'
    ? [fetch({ ...outlet.token }, 'text', `${where}/token`)]
    : outlet.secrets.map((source, position) => fetch({ ...source }, 'webhook', `${where}/secrets/${position}`));
}

function tlsOf(config: Config, fetch: Fetch): Secrets['tls'] {
  const files = config.engine.listen.tls;
  if (files === undefined) return undefined;
  const where = '/engine/listen/tls';
  return {
    cert: fetch({ file: files.cert }, 'certificate', `${where}/cert`),
    key: fetch({ file: files.key }, 'private-key', `${where}/key`),
    ...(files.ca !== undefined && { ca: fetch({ file: files.ca }, 'certificate', `${where}/ca`) }),
  };
}

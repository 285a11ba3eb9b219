/** What main.ts wires of HTTP: from the configuration to the FHIR and webhook inlets behind one listener. */
import type { Router } from 'express';
import { renderRefusal } from './adapters/fhir-rest/answer.ts';
import { fhirRouter } from './adapters/fhir-rest/inlet.ts';
import { authenticatedPartner, namedPartner, newBodyBudget } from './adapters/http-server/body-budget.ts';
import { type HttpServer, type Readiness, startHttpServer } from './adapters/http-server/http-server.ts';
import { partnerRateLimit } from './adapters/http-server/rate-limit.ts';
import { rawBody } from './adapters/http-server/raw-body.ts';
import { webhookRouter } from './adapters/webhook/inlet.ts';
import type { Library } from './cli/read-library.ts';
import type { Setup } from './cli/read-setup.ts';
import type { Config } from './config/schema.ts';
import { CONSOLE_PATH } from './console/paths.ts';
import type { Road } from './flow/index.ts';
import type { RoadParts } from './flow/road-parts.ts';
import type { Sealer } from './journal/sealer.ts';
import type { JournalEntry } from './ports-changes.ts';
import type { TerminologyDoor } from './ports-terminology.ts';
import type { Brokers } from './wire-amqp.ts';

/** How long the record may take to answer the question whether it answers. */
const READY_MS = 2_000;
const PAGE = { pageSize: 50, maxPageSize: 200 };

/** What the doors over HTTP need of a running engine. */
export interface Running {
  readonly parts: RoadParts;
  readonly road: Road;
  readonly brokers: Brokers;
  /** The set in use. */
  readonly shelf: { readonly library: Library };
  readonly terminology: TerminologyDoor;
  /** Absent: no console is served. */
  readonly console?: Router;
  /** Absent: another process seals the log. */
  readonly sealer?: Pick<Sealer, 'trouble'>;
}

/** Starts the one HTTP listener: FHIR and webhooks where this process takes messages in, the console where it shows it, and health. */
export async function listenHttp(setup: Setup, running: Running): Promise<HttpServer> {
  const { engine } = setup.config;
  const { host, port, behindProxy } = engine.listen;
  const { tls } = setup.secrets;
  return startHttpServer({
    listen: { host, port, behindProxy, ...(tls !== undefined && { tls }) },
    routers: [
      ...(engine.roles.includes('inlets')
        ? [
            { path: '/fhir', router: fhirInlet(setup, running) },
            { path: '/webhooks', router: webhookInlet(setup, running) },
          ]
        : []),
      ...(running.console === undefined ? [] : [{ path: CONSOLE_PATH, router: running.console }]),
    ],
    limits: { drainSeconds: engine.drainSeconds, perAddressPerMinute: addressLimit(setup.config) },
    log: running.parts.log,
    clock: running.parts.clock,
    ready: () => readiness(running, engine.roles.includes('workers')),
  });
}

/**
 * Messages can be recorded and are worked on: the record answers in time, and work is claimed where it is this process that claims. A broker that is away is said and
 * no reason to send messages elsewhere: others are taken, and those for it wait. Nor is a log that is not sealed: it is said, for a person to mend, and referrals go on.
 */
export async function readiness(
  running: Pick<Running, 'parts' | 'road' | 'brokers' | 'sealer'>,
  works: boolean,
): Promise<Readiness> {
  const log = running.sealer?.trouble();
  const ready = await isReady(running, works);
  return { ready, dependencies: running.brokers.states(), ...(log !== undefined && { log }) };
}

async function isReady({ parts, road }: Pick<Running, 'parts' | 'road'>, works: boolean): Promise<boolean> {
  const late = AbortSignal.timeout(READY_MS);
  const tooLate = new Promise<false>((resolve) => late.addEventListener('abort', () => resolve(false)));
  const answers = parts.store.nextWorkAt().then(() => true);
  return (await Promise.race([answers, tooLate])) && (!works || road.isRunning());
}

/** As much as all partners may send together from one address, so that it stops only callers that nobody knows. */
function addressLimit({ engine, partners }: Config): number {
  return Math.max(600, engine.limits.requestsPerMinute * partners.length);
}

function fhirInlet({ config, secrets }: Setup, { parts, road, terminology }: Running): Router {
  const { limits } = config.engine;
  const partners = config.partners.flatMap(({ id, organisation, inlets }) =>
    inlets.flatMap((inlet, position) => {
      if (inlet.type !== 'fhir') return [];
      const tokens = secrets.partners.get(id)?.inlets[position] ?? [];
      const { name, ods } = organisation;
      return [
        {
          partner: id,
          organisation: { name, ...(ods !== undefined && { ods }) },
          tokens,
          scopes: inlet.scopes,
          dialect: inlet.dialect,
        },
      ];
    }),
  );
  const auditors = config.engine.auditors.map(({ id }) => ({
    partner: `auditor:${id}`,
    tokens: secrets.auditors.get(id) ?? [],
    scopes: ['audit' as const],
    dialect: 'plain' as const,
  }));
  const audit = { store: parts.store, note: (journal: readonly JournalEntry[]) => road.record({ journal }) };
  const render = renderRefusal;
  const budget = { of: newBodyBudget(limits.maxBytes), holder: authenticatedPartner };
  return fhirRouter({
    baseUrl: fhirAddress(config),
    partners: [...partners, ...auditors],
    intake: road,
    store: parts.store,
    terminology,
    ...(auditors.length > 0 && { audit }),
    onLook: road.looked,
    onShown: road.shown,
    clock: parts.clock,
    ids: parts.ids,
    log: parts.log,
    limits: { ...limits, ...PAGE },
    limitRate: partnerRateLimit({ limit: limits.requestsPerMinute, windowMs: 60_000, clock: parts.clock, render }),
    readBody: rawBody({ maxBytes: limits.maxBytes, render, budget }),
  });
}

/** What a mapping reads, by its name; asked with each message, since mappings can change while messages come. */
export function readsOf(shelf: Running['shelf']) {
  return (name: string) => shelf.library.mappings.find(({ mapping }) => mapping.name === name)?.mapping.from ?? 'json';
}

function webhookInlet({ config, secrets }: Setup, { parts, road, shelf }: Running): Router {
  const { limits } = config.engine;
  const partners = config.partners.flatMap(({ id, inlets }) =>
    inlets.flatMap((inlet, position) => {
      if (inlet.type !== 'webhook') return [];
      const { mapping, toleranceSeconds, maxBytes } = inlet;
      return [
        { partner: id, mapping, toleranceSeconds, maxBytes, secrets: secrets.partners.get(id)?.inlets[position] ?? [] },
      ];
    }),
  );
  const budget = { of: newBodyBudget(Math.max(...partners.map((one) => one.maxBytes))), holder: namedPartner };
  return webhookRouter({
    partners,
    intake: road,
    clock: parts.clock,
    log: parts.log,
    limits: { ...limits, maxItems: limits.maxReportItems },
    reads: readsOf(shelf),
    readBody: (wanted) => rawBody({ ...wanted, budget }),
    limitPartner: partnerRateLimit({ limit: limits.requestsPerMinute, windowMs: 60_000, clock: parts.clock }),
  });
}

/** Where our FHIR resources are, for whoever is told of them. */
export function fhirAddress(config: Config): string {
  return config.engine.baseUrl ?? `${addressOf(config, config.engine.listen.port)}/fhir`;
}

/** `http://127.0.0.1:8080`: where an engine listens that got this port. */
export function addressOf({ engine }: Config, port: number): string {
  return addressAt(engine.listen, port);
}

export function addressAt({ host, tls }: Pick<Config['engine']['listen'], 'host' | 'tls'>, port: number): string {
  return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

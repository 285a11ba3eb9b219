/** What main.ts wires of metrics: from the configuration to a listener of their own. */
import express, { type Router } from 'express';
import { type HttpServer, startHttpServer } from './adapters/http-server/http-server.ts';
import type { Setup } from './cli/read-setup.ts';
import { decidedDigest } from './config/decided-digest.ts';
import type { Prometheus } from './ops/metrics/prometheus.ts';
import { addressAt, type Running, readiness } from './wire-http.ts';

/** Undefined where the configuration asks for no metrics: then nothing is counted. */
export async function wireMetrics({ config }: Setup): Promise<Prometheus | undefined> {
  if (config.engine.metrics === undefined) return undefined;
  const { prometheus } = await import('./ops/metrics/prometheus.ts');
  return prometheus({
    configuration: decidedDigest(config),
    partners: config.partners.map(({ id }) => id),
    receivers: config.partners.filter(({ outlets }) => outlets.length > 0).map(({ id }) => id),
  });
}

/** Starts the listener that metrics are collected from. What it serves is for the operator, not for partners: hence apart. */
export async function listenForMetrics(
  setup: Setup,
  metrics: Prometheus | undefined,
  running: Running,
): Promise<(HttpServer & { readonly url: string }) | undefined> {
  const { metrics: listen } = setup.config.engine;
  if (listen === undefined || metrics === undefined) return undefined;
  const { store, log, clock, outlets } = running.parts;
  metrics.watch({
    store,
    clock,
    log,
    circuits: () => new Map([...outlets.values()].map((outlet) => [outlet.partner, outlet.closedFor()])),
    brokers: running.brokers.states,
  });
  const { host, port, behindProxy } = listen;
  const { metricsTls: tls } = setup.secrets;
  const server = await startHttpServer({
    listen: { host, port, behindProxy, at: 'engine.metrics', ...(tls !== undefined && { tls }) },
    routers: [{ path: '/metrics', router: metricsRouter(metrics) }],
    // Health is told here too, for a supervisor that should not come to the partners' door.
    ready: () => readiness(running, setup.config.engine.roles.includes('workers')),
    limits: { drainSeconds: 1 },
    log,
    clock,
  });
  return { ...server, url: `${addressAt(listen, server.port)}/metrics` };
}

function metricsRouter(metrics: Prometheus): Router {
  return express.Router().get('/', async (_request, response) => {
    const { contentType, text } = await metrics.scrape();
    response.setHeader('content-type', contentType);
    response.end(text);
  });
}

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock, Log, Meter } from '../../ports.ts';
import type { Store } from '../../ports-record.ts';
import { type Doors, doorMetrics } from './door-metrics.ts';
import { flowMetrics } from './flow-metrics.ts';
import { partnerLabel } from './partner-label.ts';
import { standingMetrics } from './standing-metrics.ts';

export interface PrometheusOptions {
  /** Digest of what the configuration decides. */
  readonly configuration: string;
  /** All ids of the configuration. */
  readonly partners: readonly string[];
  /** Those that are sent to. */
  readonly receivers: readonly string[];
}

/** What the gauges are read from. They can be had only when the engine is built, which is given the meter before. */
export interface Watched extends Doors {
  readonly store: Pick<Store, 'standing'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Prometheus {
  readonly meter: Meter;
  /** From now on there is something to read. */
  watch(watched: Watched): void;
  /** The text exposition of everything, with its content type. Never rejects for a record that does not answer: that is said. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What is read from the record is as old as this at most: however many collect, and however often, it is asked no more. */
const FRESH_MS = 2_000;
/** How long the record may take. Whoever collects gives up after ten seconds, and would see nothing at all. */
const PATIENCE_MS = 5_000;
const HEARBACK = 'hearback';

/** Prometheus' metrics of one engine: its own registry, so that two engines in one process do not count together. */
export function prometheus({ configuration, partners, receivers }: PrometheusOptions): Prometheus {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'hearback_configuration_info',
    help: '1, with the digest of what the configuration of this engine decides.',
    labelNames: ['digest'],
    registers: [registry],
  }).set({ digest: configuration }, 1);
  const debtors = [HEARBACK, ...partners];
  const label = partnerLabel(debtors);
  const standing = standingMetrics(registry, { debtors, receivers, label });
  let watched: Watched | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async ({ store, clock, log }: Watched): Promise<void> => {
    try {
      const now = clock.now();
      standing.show(await inTime(store.standing(now.toISOString())), now.getTime());
    } catch (fault) {
      standing.unknown();
      log.warn('metrics.record-unreadable', { fault: fault instanceof Error ? fault.name : typeof fault });
    }
  };
  const refresh = async (): Promise<void> => {
    if (watched === undefined) return;
    // A clock that was set back does not make it stay as it is until the old time has come again.
    if (reading === undefined && Math.abs(watched.clock.now().getTime() - readAt) < FRESH_MS) return;
    const { clock } = watched;
    reading ??= read(watched).finally(() => {
      readAt = clock.now().getTime();
      reading = undefined;
    });
    await reading;
  };
  return {
    meter: flowMetrics(registry, label),
    watch(given) {
      watched = given;
      doorMetrics(registry, given);
    },
    async scrape() {
      await refresh();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the record did not answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

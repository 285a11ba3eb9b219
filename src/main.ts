/** Builds everything once and wires it: the only file that sees all the others. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { carriedFhir } from './adapters/fhir-rest/carried.ts';
import { keepLibrary, refusedEntries } from './cli/keep-library.ts';
import type { Library } from './cli/read-library.ts';
import type { Setup } from './cli/read-setup.ts';
import { replaceableParts } from './cli/replaceable-parts.ts';
import { decidedDigest } from './config/decided-digest.ts';
import type { Role } from './config/roles.ts';
import type { Finding } from './core/finding.ts';
import { openRoad } from './flow/index.ts';
import type { RoadParts } from './flow/road-parts.ts';
import { NO_METER } from './flow/watch/no-meter.ts';
import { toldToOperator } from './flow/watch/told-to-operator.ts';
import { machineClock, machineIds } from './ops/machine.ts';
import { openTrace } from './ops/trace/open-trace.ts';
import type { Clock, Ids, Log } from './ports.ts';
import type { JournalEntry } from './ports-changes.ts';
import type { WholeRecord } from './store/whole-record.ts';
import { wireAmqpInlets, wireBrokers } from './wire-amqp.ts';
import { wireConsole } from './wire-console.ts';
import { addressOf, fhirAddress, listenHttp, type Running, readsOf } from './wire-http.ts';
import { wirePruner, wireSealer } from './wire-log.ts';
import { listenForMetrics, wireMetrics } from './wire-metrics.ts';
import { wireMllpListeners } from './wire-mllp.ts';
import { isAlone, occupyRecord, openRecord } from './wire-record.ts';
import { roadParts } from './wire-road.ts';
import { openTerminology, tellCodes } from './wire-terminology.ts';

export interface Engine {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Takes another set of mappings and terminology into use, without a pause: each step ends with what it began with. Gives
   * how many of them are new. Rejects with `NotCounted`, and uses nothing of it, when one changed without its version.
   */
  use(library: Library): Promise<number>;
  /** Writes down that a set is not used because of these errors. */
  refused(findings: readonly Finding[]): Promise<void>;
  /** Where each partner's HL7 v2 is listened for: `mllp://127.0.0.1:2575`, by partner id. */
  readonly mllp: ReadonlyMap<string, string>;
  /** Where metrics are collected: `http://127.0.0.1:9464/metrics`; absent when none are. */
  readonly metrics?: string;
  /**
   * Says that it is no longer ready, goes on for `engine.drainDelaySeconds`, then drains: takes nothing new, finishes what is
   * under way, closes the record.
   */
  stop(): Promise<void>;
}

/** A claim holds this long without a sign of life. */
const LEASE_MS = 30_000;
/** Steps under way at once in one process. */
const PLACES = 32;

/** What somebody else than the configuration decides. */
export interface EngineGiven {
  /** The record, when somebody else opened it; the engine closes it all the same. */
  readonly record?: WholeRecord;
  /** Parts of the road that are to be others than the configuration makes them. */
  readonly parts?: Partial<RoadParts>;
  /** The machine's when left out. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** How long a claim holds without a sign of life; half a minute when left out. */
  readonly leaseMs?: number;
}

/** Starts the engine; rejects, with everything closed again, when another engine works on the record or it cannot listen. */
export async function startEngine(setup: Setup, log: Log, given: EngineGiven = {}): Promise<Engine> {
  const { engine } = setup.config;
  const { clock = machineClock, ids = machineIds } = given;
  const does = (role: Role): boolean => engine.roles.includes(role);
  // What may be refused comes first, in this order: a second engine, the record, the port. Only then is anything worked on.
  const lock = occupyRecord(setup, process.pid);
  let wake = (): void => undefined;
  const undo: (() => unknown)[] = [() => lock.release()];
  try {
    const store = given.record ?? (await openRecord(setup, { works: true, onWork: () => wake(), clock }));
    undo.unshift(() => store.close());
    log.info('engine.configuration', { digest: decidedDigest(setup.config) });
    const metrics = await wireMetrics(setup);
    const meter = metrics?.meter ?? NO_METER;
    const sealing = { log: store, operational: log, clock, meter };
    const sealer = does('workers') ? await wireSealer(setup, sealing) : undefined;
    undo.unshift(() => sealer?.stop());
    const pruner = wirePruner(setup, { log: store, operational: log, clock });
    undo.unshift(() => pruner.stop());
    const { config } = setup;
    const keeping = { config, store: toldToOperator(store, log), clock };
    const brokers = wireBrokers(setup, log);
    undo.unshift(() => brokers.stop());
    const trace = await openTrace(engine.traces);
    const made = roadParts(setup, { store, log, meter, trace, brokers, clock, ids, sends: does('workers') });
    const parts = { ...made, ...given.parts };
    undo.unshift(() => stopOutlets(parts));
    // Never the same twice: a process that took over the name of one that was killed would keep its claims alive for ever.
    const worker = `${hostname()}/${process.pid}/${ids.next()}`;
    const partners = config.partners.map(({ id }) => id);
    const options = { worker, alone: isAlone(setup), partners, leaseMs: given.leaseMs ?? LEASE_MS, places: PLACES };
    const road = openRoad(parts, options);
    wake = road.wake;
    const shelf = { library: setup.library };
    const codes = openTerminology(setup, () => shelf.library.terminology, { log, clock });
    undo.unshift(codes.stop);
    let current = parts;
    const consoleRouter = await wireConsole(setup, {
      ...{ record: store, log, clock },
      current: () => current,
      library: () => shelf.library,
      wake: road.wake,
    });
    const running = {
      ...{ parts, road, brokers, shelf, terminology: codes.door },
      ...(sealer && { sealer }),
      ...(consoleRouter && { console: consoleRouter }),
    };
    const http = await listenHttp(setup, running);
    undo.unshift(() => http.stop());
    const measured = await listenForMetrics(setup, metrics, running);
    undo.unshift(() => measured?.stop());
    const inward = does('inlets') ? setup : withoutInlets(setup);
    const mllp = await wireMllpListeners(inward, { intake: road, clock, ids, log });
    undo.unshift(() => mllp.stop());
    const amqp = wireAmqpInlets(inward, brokers, amqpGiven(setup, { parts, road, shelf }));
    undo.unshift(() => amqp.stop());
    await keepLibrary(setup.library, { ...keeping, digest: setup.digest });
    tellCodes(setup.library.terminology, log);
    // The doors to brokers open last: from here on messages are taken.
    await brokers.start();
    if (does('workers')) {
      await road.start();
      sealer?.start();
      pruner.start();
    }
    return {
      url: addressOf(setup.config, http.port),
      mllp: mllp.addresses,
      ...(measured !== undefined && { metrics: measured.url }),
      async use(library) {
        const kept = await keepLibrary(library, { ...keeping, before: shelf.library });
        library.terminology.learnFrom(shelf.library.terminology);
        shelf.library = library;
        const next = replaceableParts(config, library, store);
        current = { ...current, ...next };
        road.replace(next);
        codes.again();
        return kept;
      },
      refused: (findings) => road.record({ journal: refusedEntries(findings, clock.now().toISOString()) }),
      async stop() {
        http.retire();
        mllp.retire();
        measured?.retire();
        await sleep(engine.drainDelaySeconds * 1000);
        await Promise.all([http.stop(), mllp.stop(), amqp.stop()]);
        await road.stop(engine.drainSeconds * 1000);
        await codes.stop();
        await stopOutlets(parts);
        await brokers.stop();
        await pruner.stop();
        await sealer?.stop();
        await measured?.stop();
        await store.close();
        lock.release();
      },
    };
  } catch (fault) {
    for (const step of undo) await step();
    throw fault;
  }
}

function stopOutlets({ outlets, readers }: RoadParts): Promise<unknown> {
  return Promise.all([...outlets.values(), ...readers.values()].map((one) => one.stop()));
}

/* ------------------------------------------------------------------ in */

/** What a process is wired from that takes no messages in. */
function withoutInlets(setup: Setup): Setup {
  const partners = setup.config.partners.map((partner) => ({ ...partner, inlets: [] }));
  return { ...setup, config: { ...setup.config, partners } };
}

/** What the inlets of type amqp are given. */
function amqpGiven(setup: Setup, { parts, road, shelf }: Pick<Running, 'parts' | 'road' | 'shelf'>) {
  const { limits } = setup.config.engine;
  return {
    intake: road,
    note: (entry: JournalEntry) => road.record({ journal: [entry] }),
    ask: () => parts.store.apply({ journal: [] }),
    clock: parts.clock,
    log: parts.log,
    random: Math.random,
    reports: { limits: { ...limits, maxItems: limits.maxReportItems }, reads: readsOf(shelf) },
    fhir: carriedFhir({ baseUrl: fhirAddress(setup.config), clock: parts.clock, ids: parts.ids, limits }),
  };
}

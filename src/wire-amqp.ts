/** What main.ts wires of AMQP: from the configuration to brokers, outlets and inlets. */
import type { ConsumeMessage } from 'amqplib';
import { type Broker, openBroker } from './adapters/amqp/broker.ts';
import { type AmqpInlet, amqpInlet } from './adapters/amqp/inlet.ts';
import { type AmqpOutletDeps, amqpOutlet } from './adapters/amqp/outlet.ts';
import { readFhir } from './adapters/amqp/read-fhir.ts';
import { type ReadingGiven, readReport } from './adapters/amqp/read-report.ts';
import { recordAnswers } from './adapters/amqp/record-answers.ts';
import type { Recording } from './adapters/amqp/record-arrival.ts';
import { consumedQueue, deliveredQueue, QUORUM, type Topology, type TopologyPart } from './adapters/amqp/topology.ts';
import type { Setup } from './cli/read-setup.ts';
import { amqpMapping } from './config/amqp-mapping.ts';
import { answersOf, refusedOf } from './config/amqp-names.ts';
import type { Outlet as ConfigOutlet, Inlet, Partner } from './config/schema.ts';
import { readBrokerUrl } from './core/amqp/broker-url.ts';
import { TYPE_SLOT } from './core/amqp/topic-overlap.ts';
import type { Log, Outlet, ReadCarriedFhir } from './ports.ts';

/** All brokers of a configuration. They are asked for nothing before `start`. */
export interface Brokers {
  of(name: string): Broker;
  /** How each is, by name: `up`, or what is wrong. */
  states(): Readonly<Record<string, string>>;
  /** Resolves also when a broker does not answer: it is tried until it does. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function wireBrokers({ config, secrets }: Setup, log: Log): Brokers {
  const brokers = new Map(
    config.engine.brokers.map(({ name, heartbeatSeconds }) => {
      const { url: written = '', tls } = secrets.brokers.get(name) ?? {};
      const url = readBrokerUrl(written);
      if (url === undefined) throw new Error(`no URL of the broker "${name}": the configuration check let it through`);
      return [name, openBroker({ name, url, heartbeatSeconds, ...(tls && { tls }) }, { log, random: Math.random })];
    }),
  );
  return {
    of(name) {
      const broker = brokers.get(name);
      if (broker === undefined) throw new Error(`no broker "${name}": the configuration check let it through`);
      return broker;
    },
    states: () => Object.fromEntries([...brokers].map(([name, broker]) => [name, broker.state()])),
    start: async () => void (await Promise.all([...brokers.values()].map((broker) => broker.start()))),
    stop: async () => void (await Promise.all([...brokers.values()].map((broker) => broker.stop()))),
  };
}

/* ------------------------------------------------------------------ out */

type AmqpOutlet = Extract<ConfigOutlet, { type: 'amqp' }>;
type AmqpIn = Extract<Inlet, { type: 'amqp' }>;

/** The outlet of a partner that is sent to over a broker. `place` is its pointer in the configuration. */
export function wireAmqpOutlet(
  { partner, place, outlet }: { readonly partner: string; readonly place: string; readonly outlet: AmqpOutlet },
  deps: AmqpOutletDeps,
): Outlet {
  const { queue, routingKey, idempotent, concurrency, timeoutMs, circuit } = outlet;
  const exchange = outlet.exchange ?? queue ?? '';
  return amqpOutlet(
    {
      partner,
      exchange,
      routingKey: (type) => routingKey.replaceAll(TYPE_SLOT, () => type),
      topology: outwardTopology(outlet, exchange, place),
      idempotent,
      concurrency,
      timeoutMs,
      circuit,
    },
    deps,
  );
}

function outwardTopology({ queue, bind, declare }: AmqpOutlet, exchange: string, place: string): Topology {
  const at = (key: string) => `${place}/${key}`;
  const parts: TopologyPart[] = [{ kind: 'exchange', name: exchange, place: at('exchange') }];
  if (queue === undefined) return { parts, declare };
  const rejected = `${queue}.rejected`;
  return {
    declare,
    parts: [
      ...(declare ? keptAt(rejected, at('queue')) : []),
      ...parts,
      { kind: 'queue', name: queue, place: at('queue'), args: deliveredQueue(rejected) },
      ...bindings({ queue, exchange, bind, place: at('bind') }),
    ],
  };
}

/* ------------------------------------------------------------------ in */

/** As long as a store tries by itself: a shorter silence is its affair, a longer one keeps a queue from an engine that could go on. */
const PATIENCE_MS = 15_000;
/** Until the record must have answered whether it can be written. */
const ANSWER_MS = 5_000;

interface Given extends Recording {
  /** Rejects when the record cannot be written; changes nothing in it. */
  readonly ask: () => Promise<unknown>;
  /** How reports are read. */
  readonly reports: ReadingGiven;
  /** How FHIR is read. */
  readonly fhir: ReadCarriedFhir;
}

/** The inlets that the configuration asks for: they take messages once their broker is started. */
export function wireAmqpInlets({ config }: Setup, brokers: Brokers, given: Given): AmqpInlet {
  const { reports, fhir, ask, ...recording } = given;
  const answers = recordAnswers(ask, ANSWER_MS);
  const drainMs = config.engine.drainSeconds * 1_000;
  const inlets = config.partners.flatMap(({ id, kind, inlets }, partner) =>
    inlets.flatMap((inlet, at) => {
      if (inlet.type !== 'amqp') return [];
      const { queue, prefetch } = inlet;
      const places = placesOf(inlet, kind, `/partners/${partner}/inlets/${at}`);
      const terms = termsOf(id, inlet);
      const fhirTerms = { ...terms, dialect: inlet.dialect ?? 'plain', answers: places.answers };
      const reportTerms = { ...terms, mappingOf: mappingOf(inlet), types: Object.keys(inlet.mappings ?? {}) };
      const read = (message: ConsumeMessage) =>
        kind === 'gp-system' ? readFhir(message, fhirTerms, fhir) : readReport(message, reportTerms, reports);
      const options = {
        ...{ partner: id, queue, refused: places.refused, prefetch, patienceMs: PATIENCE_MS, drainMs },
        topology: inwardTopology(places),
        outwardTopology: outwardFrom(places),
      };
      return [amqpInlet(options, { ...recording, answers, read, broker: brokers.of(inlet.broker) })];
    }),
  );
  return { stop: async () => void (await Promise.all(inlets.map((inlet) => inlet.stop()))) };
}

function termsOf(partner: string, { userId, maxBytes }: AmqpIn) {
  return { partner, maxBytes, ...(userId !== undefined && { userId }) };
}

function mappingOf(inlet: AmqpIn) {
  return (type: string | undefined) => amqpMapping(inlet, type);
}

/** An inlet with where its own words go. */
interface InletPlaces {
  readonly inlet: AmqpIn;
  /** Its pointer in the configuration. */
  readonly place: string;
  readonly refused: string;
  readonly answers: string;
  /** The exchanges of these, each with its place. */
  readonly outward: readonly { readonly name: string; readonly place: string }[];
}

function placesOf(inlet: AmqpIn, kind: Partner['kind'], place: string): InletPlaces {
  const { refused = refusedOf(inlet.queue), answers = answersOf(inlet.queue) } = inlet;
  const outward = [{ name: refused, place: `${place}/refused` }];
  if (kind === 'gp-system') outward.push({ name: answers, place: `${place}/answers` });
  return { inlet, place, refused, answers, outward };
}

function inwardTopology(places: InletPlaces): Topology {
  const { inlet, place, refused } = places;
  const { queue, exchange = queue, bind, declare } = inlet;
  const at = (key: string) => `${place}/${key}`;
  // Where its owner declares, the way into the queue is the owner's, unless the configuration names it.
  const isOurs = declare || inlet.exchange !== undefined;
  return {
    declare,
    parts: [
      ...outwardFrom(places).parts,
      ...(isOurs ? [{ kind: 'exchange' as const, name: exchange, place: at('exchange') }] : []),
      { kind: 'queue', name: queue, place: at('queue'), args: consumedQueue(refused) },
      ...bindings({ queue, exchange, bind, place: at('bind') }),
    ],
  };
}

function outwardFrom({ inlet: { declare }, outward }: InletPlaces): Topology {
  const parts = outward.flatMap(({ name, place }): TopologyPart[] =>
    declare ? keptAt(name, place) : [{ kind: 'exchange', name, place }],
  );
  return { declare, parts };
}

/* ------------------------------------------------------------------ both */

/** An exchange and the queue of the same name that keeps what comes to it. */
function keptAt(name: string, place: string): TopologyPart[] {
  return [
    { kind: 'exchange', name, place },
    { kind: 'queue', name, place, args: QUORUM },
    { kind: 'binding', name, exchange: name, key: '#', place },
  ];
}

function bindings(given: {
  readonly queue: string;
  readonly exchange: string;
  readonly bind: readonly string[];
  readonly place: string;
}): TopologyPart[] {
  const { queue: name, exchange, bind, place } = given;
  return bind.map((key) => ({ kind: 'binding', name, exchange, key, place }));
}

/** What main.ts wires of AMQP: from the configuration to brokers, outlets and inlets. */
import { type Broker, openBroker } from './adapters/amqp/broker.ts';
import { type AmqpInlet, type AmqpInletParts, amqpInlet } from './adapters/amqp/inlet.ts';
import { type AmqpOutletDeps, amqpOutlet } from './adapters/amqp/outlet.ts';
import { consumedQueue, deliveredQueue, QUORUM, type Topology, type TopologyPart } from './adapters/amqp/topology.ts';
import type { Setup } from './cli/read-setup.ts';
import { amqpMapping } from './config/amqp-mapping.ts';
import type { Outlet as ConfigOutlet, Inlet } from './config/schema.ts';
import { readBrokerUrl } from './core/amqp/broker-url.ts';
import { TYPE_SLOT } from './core/amqp/topic-overlap.ts';
import type { Log, Outlet } from './ports.ts';

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

type Given = Omit<AmqpInletParts, 'broker'>;

/** The inlets that the configuration asks for: they take messages once their broker is started. */
export function wireAmqpInlets({ config }: Setup, brokers: Brokers, given: Given): AmqpInlet {
  const drainMs = config.engine.drainSeconds * 1_000;
  const inlets = config.partners.flatMap(({ id, inlets }, partner) =>
    inlets.flatMap((inlet, at) => {
      if (inlet.type !== 'amqp') return [];
      const place = `/partners/${partner}/inlets/${at}`;
      const { queue, prefetch } = inlet;
      const refused = inlet.refused ?? `${queue}.refused`;
      const options = {
        ...termsOf(id, inlet),
        queue,
        refused,
        topology: inwardTopology(inlet, refused, place),
        refusedTopology: refusedTopology(inlet, refused, place),
        prefetch,
        drainMs,
      };
      return [amqpInlet(options, { ...given, broker: brokers.of(inlet.broker) })];
    }),
  );
  return { stop: async () => void (await Promise.all(inlets.map((inlet) => inlet.stop()))) };
}

function termsOf(partner: string, inlet: AmqpIn) {
  const { userId, maxBytes } = inlet;
  return {
    partner,
    mappingOf: (type: string | undefined) => amqpMapping(inlet, type),
    types: Object.keys(inlet.mappings ?? {}),
    ...(userId !== undefined && { userId }),
    maxBytes,
  };
}

function inwardTopology(inlet: AmqpIn, refused: string, place: string): Topology {
  const { queue, exchange = queue, bind, declare } = inlet;
  const at = (key: string) => `${place}/${key}`;
  // Where its owner declares, the way into the queue is the owner's, unless the configuration names it.
  const isOurs = declare || inlet.exchange !== undefined;
  return {
    declare,
    parts: [
      ...refusedTopology(inlet, refused, place).parts,
      ...(isOurs ? [{ kind: 'exchange' as const, name: exchange, place: at('exchange') }] : []),
      { kind: 'queue', name: queue, place: at('queue'), args: consumedQueue(refused) },
      ...bindings({ queue, exchange, bind, place: at('bind') }),
    ],
  };
}

function refusedTopology({ declare }: AmqpIn, refused: string, place: string): Topology {
  const at = `${place}/refused`;
  return { declare, parts: declare ? keptAt(refused, at) : [{ kind: 'exchange', name: refused, place: at }] };
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

import type { CircuitOptions } from '../../core/circuit.ts';
import { newCircuitGate } from '../../core/circuit-gate.ts';
import type { Clock, Delivery, Log, Outlet, SendResult } from '../../ports.ts';
import type { Broker } from './broker.ts';
import { classify } from './classify.ts';
import { openConfirmChannel } from './held-channel.ts';
import { LateConfirms } from './late-confirms.ts';
import { Places } from './places.ts';
import { type Publication, Publisher } from './publisher.ts';
import { settleTopology, type Topology } from './topology.ts';

export interface AmqpOutletOptions {
  readonly partner: string;
  readonly exchange: string;
  /** Makes the routing key of the type of a message. */
  readonly routingKey: (type: string) => string;
  readonly topology: Topology;
  /** The receiver promises one effect for one message-id. */
  readonly idempotent: boolean;
  readonly concurrency: number;
  /** Until the broker's confirmation must be there, in milliseconds. */
  readonly timeoutMs: number;
  readonly circuit: CircuitOptions;
}

export interface AmqpOutletDeps {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
}

/** How soon to look again while the broker is away or takes nothing. */
const CLOSED_MS = 250;

/**
 * Publishes to one platform over a channel of its own. `message-id` is the delivery's key, the same for every attempt;
 * `correlation-id` stays the same through the whole case; `type` is what kind of message it is. While there is no connection, or
 * the broker takes nothing (memory, disk), the way is closed like an open circuit: nothing is claimed for it.
 */
export function amqpOutlet(options: AmqpOutletOptions, deps: AmqpOutletDeps): Outlet {
  const { partner, idempotent, concurrency, timeoutMs } = options;
  const { broker, log } = deps;
  const gate = newCircuitGate({ partner, channel: 'amqp' }, options.circuit, deps);
  const late = new LateConfirms();
  const places = new Places(concurrency);
  const door = broker.publishes({
    partner,
    door: 'outlet',
    async open(model) {
      await settleTopology(model, options.topology);
      const held = await openConfirmChannel(model);
      const publisher = new Publisher(held, (id, published) => {
        late.arrived(id, published);
        if (published.kind !== 'lost') log.warn('amqp.late-confirm', { partner, leg: id, kind: published.kind });
      });
      return { held, works: { publisher, settle: () => settleTopology(model, options.topology) } };
    },
  });
  return {
    partner,
    channel: 'amqp',
    idempotent,
    concurrency,
    closedFor: () => Math.max(gate.closedFor(), door.works() === undefined || broker.isBlocked() ? CLOSED_MS : 0),
    send: (delivery, signal) =>
      places.run(async (): Promise<SendResult> => {
        if (late.take(delivery.idempotencyKey)) return classify({ kind: 'confirmed' });
        const works = door.works();
        if (works === undefined) return unsent(door.trouble()?.code ?? 'CONNECTION_LOST');
        return gate.through(async () => {
          const came = await works.publisher.publish(publication(delivery, options, deps), { timeoutMs, signal });
          // Its queue was deleted, with what was in it: that is for a person to see, but their retry must find one there.
          if (came.kind === 'returned') await works.settle().catch(() => undefined);
          const dropped = (came.kind === 'lost' && came.aborted) || (came.kind === 'unsent' && signal.aborted);
          return { result: classify(came), dropped };
        });
      }),
    // What still waits for its confirmation ends with the channel, as lost.
    stop: () => door.close(),
  };
}

/** Nothing left the house, and no attempt was made. */
function unsent(code: string): SendResult {
  return {
    kind: 'transient',
    reason: `${code}: no connection, nothing was sent`,
    retryAfterMs: CLOSED_MS,
    unsent: true,
  };
}

function publication(delivery: Delivery, options: AmqpOutletOptions, { broker, clock }: AmqpOutletDeps): Publication {
  const type = delivery.key ?? delivery.purpose;
  return {
    exchange: options.exchange,
    routingKey: options.routingKey(type),
    body: delivery.body,
    id: delivery.idempotencyKey,
    properties: {
      correlationId: delivery.correlation,
      contentType: delivery.contentType,
      type,
      // In seconds, as AMQP 0-9-1 has it (section 4.2.5.4).
      timestamp: Math.floor(clock.now().getTime() / 1_000),
      appId: 'hearback',
      // The broker compares it with who signed in: a receiver can trust it.
      ...(broker.user !== undefined && { userId: broker.user }),
    },
  };
}

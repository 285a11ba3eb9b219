import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { delayMs } from '../../core/backoff.ts';
import type { Answer } from '../../core/message.ts';
import type { Broker } from './broker.ts';
import { codeOf } from './fault-code.ts';
import { atMost, type HeldChannel, openChannel, openConfirmChannel } from './held-channel.ts';
import { Publisher } from './publisher.ts';
import { type MessageTerms, type ReadingGiven, readArrival } from './read-arrival.ts';
import { pause, type Recording, recordArrival } from './record-arrival.ts';
import { reasonHeaders, refusedMessage } from './refused-message.ts';
import { settleTopology, type Topology } from './topology.ts';

export interface AmqpInletOptions extends MessageTerms {
  readonly queue: string;
  /** Exchange of refused messages. */
  readonly refused: string;
  /** The queue and its exchange, and where refused messages go. */
  readonly topology: Topology;
  /** Where refused messages go alone. */
  readonly refusedTopology: Topology;
  /** Messages that the broker sends ahead. */
  readonly prefetch: number;
  /** How long `stop` lets what is under way end. */
  readonly drainMs: number;
}

export interface AmqpInletParts extends Recording, ReadingGiven {
  readonly broker: Broker;
}

export interface AmqpInlet {
  /** Takes nothing new, ends what is under way; the rest is delivered again, to whoever comes next. */
  stop(): Promise<void>;
}

/** Until the broker must have confirmed a refused message. */
const CONFIRM_MS = 15_000;
const AGAIN = { baseMs: 500, capMs: 30_000 };

/**
 * Takes one partner's messages from its queue, one after the other, in the order of the queue: what concerns one referral is
 * recorded as it was said. A message is acknowledged after its commit, so that a crash in between has it delivered again, when it
 * is known and has no second effect.
 *
 * A refused message is recorded, published to the exchange of refused messages with the reason, and acknowledged when the broker
 * has confirmed that, in this order: a crash in between publishes the refusal a second time, under the same message-id and marked
 * as a repeat, and never loses it. To let the broker dead-letter it (`basic.nack`) would carry no reason.
 */
export function amqpInlet(options: AmqpInletOptions, parts: AmqpInletParts): AmqpInlet {
  const { partner, queue } = options;
  const stopping = new AbortController();
  const refusals = openRefusals(options, parts);
  let line = Promise.resolve();
  let draining = false;
  const telling = new Set<Promise<void>>();

  /** A fault outside of the road is ours, and nothing may be lost by it: the channel ends, and all of it comes again. */
  const tell = (fault: unknown, held: HeldChannel): void => {
    parts.log.error('amqp.fault', { partner, fault: codeOf(fault) });
    void held.close();
  };

  const take = async (message: ConsumeMessage, held: HeldChannel): Promise<void> => {
    // Of a channel that has ended nothing can be acknowledged: it all comes again.
    if (draining || !held.isOpen()) return;
    const arrival = readArrival(message, options, parts);
    const answer = await recordArrival(arrival, parts, stopping.signal);
    if (answer === undefined) return;
    if (answer.status < 300) return acknowledge(message, held);
    const told = refuse(message, { answer, id: arrival.identity, held })
      .catch((fault: unknown) => tell(fault, held))
      .finally(() => telling.delete(told));
    telling.add(told);
  };
  const refuse = async (message: ConsumeMessage, { answer, id, held }: Refused): Promise<void> => {
    const { 'x-hearback-rule': rule, 'x-hearback-message': known } = reasonHeaders(answer);
    parts.log.warn('amqp.refused', { partner, status: answer.status, rule: String(rule), message: known?.toString() });
    for (let failures = 1; held.isOpen() && !stopping.signal.aborted; failures += 1) {
      // After a try whose confirmation was lost it may be there already.
      const isRepeat = message.fields.redelivered || failures > 1;
      const publication = refusedMessage(message, { answer, id, exchange: options.refused, isRepeat });
      const came = await refusals.works()?.publish(publication, { timeoutMs: CONFIRM_MS, signal: stopping.signal });
      if (came?.kind === 'confirmed') return acknowledge(message, held);
      // It stays with us unacknowledged, where it is seen: as long as nobody takes refusals, nobody may miss one.
      parts.log.warn('amqp.refusal-untold', { partner, kind: came?.kind ?? 'unsent', failures });
      await pause(delayMs(failures, AGAIN, parts.random), stopping.signal);
    }
  };

  const door = parts.broker.consumes({
    partner,
    door: 'inlet',
    async open(model) {
      await settleTopology(model, options.topology);
      const held = await openChannel(model);
      const { channel } = held;
      await channel.prefetch(options.prefetch);
      await channel.consume(queue, (message) => {
        // The queue was deleted, or moved: the door opens anew, with what is there then.
        if (message === null) void held.close();
        else line = line.then(() => take(message, held)).catch((fault: unknown) => tell(fault, held));
      });
      parts.log.info('amqp.consuming', { partner, queue });
      return { held, works: held };
    },
  });
  return {
    async stop() {
      draining = true;
      const timer = setTimeout(() => stopping.abort(), options.drainMs);
      await atMost(
        options.drainMs + 1_000,
        line.then(() => Promise.all(telling)),
      );
      clearTimeout(timer);
      stopping.abort();
      // The consumer is not cancelled first: another engine would begin with what comes after the messages that we still hold.
      await Promise.all([door.close(), refusals.close()]);
    },
  };
}

interface Refused {
  readonly answer: Answer;
  readonly id: string;
  readonly held: HeldChannel;
}

/** Refusals are published on the connection for publishing: see `Broker`. */
function openRefusals({ partner, refusedTopology }: AmqpInletOptions, { broker }: AmqpInletParts) {
  return broker.publishes({
    partner,
    door: 'refused',
    async open(model) {
      await settleTopology(model, refusedTopology);
      const held: HeldChannel<ConfirmChannel> = await openConfirmChannel(model);
      return { held, works: new Publisher(held) };
    },
  });
}

function acknowledge(message: ConsumeMessage, held: HeldChannel): void {
  try {
    if (held.isOpen()) held.channel.ack(message);
  } catch {
    // The channel ended this moment: the message comes again, and is known.
  }
}

import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { delayMs } from '../../core/backoff.ts';
import type { Prepared } from '../../ports.ts';
import { answerMessage } from './answer-message.ts';
import type { Broker } from './broker.ts';
import { codeOf } from './fault-code.ts';
import { atMost, type HeldChannel, openChannel, openConfirmChannel } from './held-channel.ts';
import { type Publication, Publisher } from './publisher.ts';
import { type RecordAnswers, untilAnswers, watchRecord } from './record-answers.ts';
import { pause, type Recorded, type Recording, recordArrival } from './record-arrival.ts';
import { refusedMessage } from './refused-message.ts';
import { settleTopology, type Topology } from './topology.ts';

export interface AmqpInletOptions {
  readonly partner: string;
  readonly queue: string;
  /** Exchange of refused messages. */
  readonly refused: string;
  /** The queue and its exchange, and where refused messages go. */
  readonly topology: Topology;
  /** Where refused messages and answers go alone. */
  readonly outwardTopology: Topology;
  /** Messages that the broker sends ahead. */
  readonly prefetch: number;
  /** How long a message waits to be recorded before it is asked whether the record answers at all. */
  readonly patienceMs: number;
  /** How long `stop` lets what is under way end. */
  readonly drainMs: number;
}

export interface AmqpInletParts extends Recording {
  readonly broker: Broker;
  readonly answers: RecordAnswers;
  /** Makes of a message what the road takes. */
  readonly read: (message: ConsumeMessage) => Taken;
}

/** A message that was taken, with what its sender is told. */
export interface Taken extends Prepared {
  /** The exchange that its answer goes to; absent when none is asked for. */
  readonly answersTo?: string;
}

export interface AmqpInlet {
  /** Takes nothing new, ends what is under way; the rest is delivered again, to whoever comes next. */
  stop(): Promise<void>;
}

/** Until the broker must have confirmed a refused message, or an answer. */
const CONFIRM_MS = 15_000;
const AGAIN = { baseMs: 500, capMs: 30_000 };

/**
 * Takes one partner's messages from its queue, one after the other, in the order of the queue: what concerns one referral is
 * recorded as it was said. A message is acknowledged after its commit, so that a crash in between has it delivered again, when it
 * is known and has no second effect.
 *
 * A refused message is recorded, published to the exchange of refused messages with the reason, and acknowledged when the broker
 * has confirmed that, in this order: a crash in between publishes the refusal a second time, under the same message-id and marked
 * as a repeat, and never loses it. To let the broker dead-letter it (`basic.nack`) would carry no reason. An answer that is asked for
 * goes the same way, and first.
 *
 * An engine whose record does not answer gives the queue up, so that another's consumer gets all of it, in order; and takes part
 * again, behind the others, when its record answers. It ends its channel for that: the broker takes back what was under way and
 * chooses the next consumer in one step, where after a mere cancel the next would begin behind what we still hold. What was under
 * way counts as delivered once more, so nothing is taken before the record has answered: an engine that came and went would have
 * the broker set messages aside that nobody has seen.
 */
export function amqpInlet(options: AmqpInletOptions, parts: AmqpInletParts): AmqpInlet {
  const { partner, queue } = options;
  const stopping = new AbortController();
  const outward = openOutward(options, parts);
  let line = Promise.resolve();
  let [draining, silent, expires] = [false, false, false];
  /** Aborted when the queue is given up, and at the end. */
  let trying = new AbortController();
  let current: HeldChannel | undefined;
  const telling = new Set<Promise<void>>();

  /** A fault outside of the road is ours, and nothing may be lost by it: the channel ends, and all of it comes again. */
  const tell = (fault: unknown, held: HeldChannel): void => {
    parts.log.error('amqp.fault', { partner, fault: codeOf(fault) });
    void held.close();
  };

  const giveUp = (): void => {
    silent = true;
    trying.abort();
    parts.log.warn('amqp.given-up', { partner, queue });
    // Not only that of the message: it may have been opened anew meanwhile, with the same messages.
    void current?.close();
  };
  /** Undefined when nothing is known: the engine stops, or has given the queue up. */
  const record = async (taken: Taken): Promise<Recorded | undefined> => {
    const known = watchRecord(parts.answers, options.patienceMs, giveUp);
    try {
      return await recordArrival(taken, parts, trying.signal);
    } finally {
      known();
    }
  };

  const take = async (message: ConsumeMessage, held: HeldChannel): Promise<void> => {
    // Of a channel that has ended nothing can be acknowledged: it all comes again.
    if (draining || !held.isOpen()) return;
    const taken = parts.read(message);
    const recorded = await record(taken);
    if (recorded === undefined) return;
    warnOfExpiry(message, recorded);
    const words = wordsFor(message, { taken, recorded });
    if (words.length === 0) return acknowledge(message, held);
    const told = sayAll(words, message, held)
      .catch((fault: unknown) => tell(fault, held))
      .finally(() => telling.delete(told));
    telling.add(told);
  };
  /** One that is too old goes to the refused ones by the broker's hand, and nobody here ever hears of it. */
  const warnOfExpiry = ({ properties }: ConsumeMessage, { message }: Recorded): void => {
    if (properties.expiration === undefined || expires) return;
    expires = true;
    parts.log.warn('amqp.expires', { partner, message });
  };
  const wordsFor = (message: ConsumeMessage, { taken, recorded }: Known): Word[] => {
    const { arrival, answersTo, reasons } = taken;
    const { answer, message: known } = recorded;
    const [id, { status }] = [arrival.identity, answer];
    const kept = known === undefined ? {} : { message: known };
    const words: Word[] = [];
    if (answersTo !== undefined) {
      const given = { exchange: answersTo, id, answer, ...kept, user: parts.broker.user, now: parts.clock.now() };
      words.push({ untold: 'amqp.answer-untold', make: (isRepeat) => answerMessage({ ...given, isRepeat }) });
    }
    if (status >= 300) {
      const refusal = { status, reasons: reasons(answer), ...kept };
      parts.log.warn('amqp.refused', { partner, status, rule: refusal.reasons[0]?.rule, message: known });
      const given = { refusal, id, exchange: options.refused };
      words.push({
        untold: 'amqp.refusal-untold',
        make: (isRepeat) => refusedMessage(message, { ...given, isRepeat }),
      });
    }
    return words;
  };
  /** Acknowledges the message when the broker has confirmed each word about it. */
  const sayAll = async (words: readonly Word[], message: ConsumeMessage, held: HeldChannel): Promise<void> => {
    for (const word of words) if (!(await say(word, message, held))) return;
    acknowledge(message, held);
  };
  const say = async ({ untold, make }: Word, { fields }: ConsumeMessage, held: HeldChannel): Promise<boolean> => {
    for (let failures = 1; held.isOpen() && !stopping.signal.aborted; failures += 1) {
      // After a try whose confirmation was lost it may be there already.
      const publication = make(fields.redelivered || failures > 1);
      const came = await outward.works()?.publish(publication, { timeoutMs: CONFIRM_MS, signal: stopping.signal });
      if (came?.kind === 'confirmed') return true;
      // It stays with us unacknowledged, where it is seen: as long as nobody takes refusals, nobody may miss one.
      parts.log.warn(untold, { partner, kind: came?.kind ?? 'unsent', failures });
      await pause(delayMs(failures, AGAIN, parts.random), stopping.signal);
    }
    return false;
  };

  const door = parts.broker.consumes({
    partner,
    door: 'inlet',
    async open(model) {
      if (silent) await untilAnswers(parts, stopping.signal);
      if (trying.signal.aborted && !stopping.signal.aborted) trying = new AbortController();
      silent = false;
      await settleTopology(model, options.topology);
      const held = await openChannel(model);
      current = held;
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
      const end = (): void => {
        stopping.abort();
        trying.abort();
      };
      const timer = setTimeout(end, options.drainMs);
      await atMost(
        options.drainMs + 1_000,
        line.then(() => Promise.all(telling)),
      );
      clearTimeout(timer);
      end();
      // The consumer is not cancelled first: another engine would begin with what comes after the messages that we still hold.
      await Promise.all([door.close(), outward.close()]);
    },
  };
}

interface Known {
  readonly taken: Taken;
  readonly recorded: Recorded;
}

/** Something that must be at the broker before its message is acknowledged. */
interface Word {
  /** For the log, when it cannot be published. */
  readonly untold: 'amqp.answer-untold' | 'amqp.refusal-untold';
  readonly make: (isRepeat: boolean) => Publication;
}

/** Refusals and answers are published on the connection for publishing: see `Broker`. */
function openOutward({ partner, outwardTopology }: AmqpInletOptions, { broker }: AmqpInletParts) {
  return broker.publishes({
    partner,
    door: 'refused',
    async open(model) {
      await settleTopology(model, outwardTopology);
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

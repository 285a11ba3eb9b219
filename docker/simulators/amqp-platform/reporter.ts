import { randomUUID } from 'node:crypto';
import type { ConfirmChannel } from 'amqplib';
import { pause } from '../pause.ts';
import { publishConfirmed } from '../publish-confirmed.ts';
import type { Said } from './amqp-shape.ts';

/** One message on its way to Hearback, with the id that it keeps through every attempt. */
export interface AmqpOutgoing extends Said {
  readonly id: string;
  /** What the referral came with. */
  readonly correlation: string;
}

export interface Reporter {
  send(said: readonly Said[], correlation: string): readonly AmqpOutgoing[];
  /** The same messages once more, under their own ids. */
  again(outgoing: readonly AmqpOutgoing[]): void;
  /** A new connection's channel; undefined when there is none. */
  speaksOn(channel: ConfirmChannel | undefined): void;
  idle(): boolean;
  stop(): void;
  /** What the broker has confirmed, repeats included. */
  confirmed(): readonly AmqpOutgoing[];
}

const RETRY_MS = 50;

/** Publishes in order, each until the broker has confirmed it: a platform that loses its own reports proves nothing about Hearback. */
export function newReporter(exchange: string, user: string): Reporter {
  const queue: AmqpOutgoing[] = [];
  const confirmed: AmqpOutgoing[] = [];
  let channel: ConfirmChannel | undefined;
  let running = false;
  let stopped = false;

  const drain = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let next = queue[0]; next !== undefined && !stopped; next = queue[0]) {
      if (channel === undefined || !(await publish(channel, next, { exchange, user }))) {
        await pause(RETRY_MS);
        continue;
      }
      confirmed.push(next);
      queue.shift();
    }
    running = false;
  };
  const put = (outgoing: readonly AmqpOutgoing[]): void => {
    queue.push(...outgoing);
    void drain();
  };
  return {
    send(said, correlation) {
      const outgoing = said.map((one) => ({ ...one, id: `msg_${randomUUID()}`, correlation }));
      put(outgoing);
      return outgoing;
    },
    again: put,
    speaksOn: (next) => {
      channel = next;
    },
    idle: () => queue.length === 0 && !running,
    stop: () => {
      stopped = true;
    },
    confirmed: () => confirmed,
  };
}

/** Whether the broker has it in a queue. */
function publish(
  channel: ConfirmChannel,
  { id, type, correlation, body }: AmqpOutgoing,
  to: { readonly exchange: string; readonly user: string },
): Promise<boolean> {
  const properties = {
    messageId: id,
    correlationId: correlation,
    type,
    contentType: 'application/json',
    appId: 'platform-simulator',
    userId: to.user,
  };
  const sent = Buffer.from(JSON.stringify(body));
  return publishConfirmed(channel, { exchange: to.exchange, routingKey: type, body: sent, properties });
}

import type { ConfirmChannel, Options } from 'amqplib';

/** A persistent, mandatory message: its id finds its return among those of others. */
interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly properties: Options.Publish & { readonly messageId: string };
}

/** Whether the broker has it in a queue: confirmed, and not returned as one that no queue takes. */
export function publishConfirmed(
  channel: ConfirmChannel,
  { exchange, routingKey, body, properties }: Publication,
): Promise<boolean> {
  return new Promise((resolve) => {
    let isReturned = false;
    const onReturn = (message: { properties: { messageId: unknown } }): void => {
      isReturned ||= message.properties.messageId === properties.messageId;
    };
    channel.on('return', onReturn);
    const done = (isTaken: boolean): void => {
      channel.off('return', onReturn);
      resolve(isTaken);
    };
    const sent = { ...properties, persistent: true, mandatory: true, timestamp: Math.floor(Date.now() / 1_000) };
    try {
      channel.publish(exchange, routingKey, body, sent, (fault) => done(!fault && !isReturned));
    } catch {
      done(false);
    }
  });
}

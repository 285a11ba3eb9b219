import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';

/** Where queues may be made; the broker that the tests use, too. */
const BROKER = process.env['HEARBACK_TEST_AMQP'] ?? 'amqp://guest:guest@127.0.0.1:5672';

/** Names at the broker that nobody else uses. */
export interface BrokerPlace {
  readonly broker: string;
  readonly takesFrom: string;
  readonly reportsTo: string;
  /** Deletes what the engine has declared under them. */
  remove(): Promise<void>;
}

export function newBrokerPlace(): BrokerPlace {
  const prefix = `hearback-bench-${randomBytes(5).toString('hex')}`;
  const names = { takesFrom: `${prefix}.to`, reportsTo: `${prefix}.from` };
  return {
    broker: BROKER,
    ...names,
    async remove() {
      const connection = await connect(BROKER);
      const channel = await connection.createChannel();
      for (const name of Object.values(names).flatMap((one) => [one, `${one}.refused`, `${one}.rejected`])) {
        await channel.deleteQueue(name);
        await channel.deleteExchange(name);
      }
      await connection.close();
    },
  };
}

/** Why there is no broker to measure with; undefined when there is. */
export async function whyNoBroker(): Promise<string | undefined> {
  try {
    await (await connect(BROKER, { timeout: 3_000 })).close();
    return undefined;
  } catch (fault) {
    const { code, message } = fault as { code?: string; message: string };
    return `no broker answers (${code ?? message}); HEARBACK_TEST_AMQP names another one`;
  }
}

/** A platform of the loop benchmark that speaks through a broker alone, in a process of its own. */
import { type ConfirmChannel, connect } from 'amqplib';
import { type Delivered, REPORTS, readDelivery, reportOf } from './messages.ts';
import { takeOrders } from './orders.ts';

export interface BrokerOrder {
  readonly broker: string;
  /** Queue that it takes referrals from. */
  readonly takesFrom: string;
  /** Exchange that it reports to. */
  readonly reportsTo: string;
}

const PREFETCH = 64;

takeOrders({
  async work({ broker, takesFrom, reportsTo }: BrokerOrder): Promise<void> {
    const connection = await connect(broker, { noDelay: true });
    const channel = await connection.createConfirmChannel();
    await channel.prefetch(PREFETCH);
    await channel.consume(takesFrom, async (message) => {
      if (message === null) return;
      await report(readDelivery(message.content.toString()), channel, reportsTo);
      channel.ack(message);
    });
  },
});

/** Each report when the broker has the one before. */
async function report(delivered: Delivered, channel: ConfirmChannel, exchange: string): Promise<void> {
  for (const kind of REPORTS) {
    const body = Buffer.from(reportOf(kind, delivered, new Date()));
    const messageId = `msg_${delivered.nhsNumber}_${kind}`;
    const properties = {
      messageId,
      type: 'report',
      contentType: 'application/json',
      persistent: true,
      mandatory: true,
    };
    await new Promise<void>((resolve, reject) =>
      channel.publish(exchange, 'report', body, properties, (fault) => (fault ? reject(fault) : resolve())),
    );
  }
}

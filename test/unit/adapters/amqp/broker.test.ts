import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { ChannelModel } from 'amqplib';
import type { Broker } from '../../../../src/adapters/amqp/broker.ts';
import { openChannel } from '../../../../src/adapters/amqp/held-channel.ts';
import { brokerAt, type Logged, newLog } from '../../../fixtures/amqp/amqp-doors.ts';
import { BROKER_URL, describeWithBroker } from '../../../fixtures/amqp/test-broker.ts';
import { until } from '../../../fixtures/town/until.ts';

let broker: Broker;
let logged: Logged;

/** A door that only counts on how many connections it was opened. */
function doorOf(partner: string): ChannelModel[] {
  const opened: ChannelModel[] = [];
  broker.consumes({
    partner,
    door: 'inlet',
    async open(model) {
      const held = await openChannel(model);
      opened.push(model);
      return { held, works: held };
    },
  });
  return opened;
}

describeWithBroker('the connections to a broker', () => {
  beforeEach(() => {
    logged = newLog();
    broker = brokerAt(BROKER_URL, logged);
  });
  afterEach(() => broker.stop());

  it('take from each partner on one of its own: what one sends can end no other one’s', async () => {
    const [meadow, brook] = [doorOf('meadow'), doorOf('brook')];
    await broker.start();
    await until('both are open', () => meadow.length === 1 && brook.length === 1);
    // As the library does with a message that it cannot read, such as one with headers nested too deep.
    await meadow[0]?.close();
    await until('it is open again', () => meadow.length === 2);
    expect(brook).toHaveLength(1);
    await expect(brook[0]?.createChannel()).resolves.toBeDefined();
    expect(broker.state()).toBe('up');
  });
});

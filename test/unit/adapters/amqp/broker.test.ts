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

  it.each([
    ['a wrong password', { password: 'changed' }, 'ACCESS_REFUSED', /user and password/],
    ['a vhost that is not there', { pathname: 'nowhere' }, 'NOT_ALLOWED', /vhost/],
  ])('say what to do about %s, and ask with pauses', async (_what, spoiled, code, remedy) => {
    const url = Object.assign(new URL(BROKER_URL), spoiled);
    const [own, refusing] = [newLog(), () => own.lines.map((line) => line.replace(/^\S+ /, ''))];
    const one = brokerAt(url.href, own);
    one.consumes({ partner: 'meadow', door: 'inlet', open: () => Promise.reject(new Error('it never opens')) });
    await one.start();
    await until('it was refused', () => own.lines.length > 0);
    expect(own.lines[0]).toMatch(/^amqp\.disconnected /);
    expect(JSON.parse(refusing()[0] ?? '')).toEqual({
      broker: 'town',
      role: 'consuming',
      partner: 'meadow',
      code,
      remedy: expect.stringMatching(remedy),
    });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(own.lines).toHaveLength(1);
    await one.stop();
  });
});

import { expect, it } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { refusedMessage } from '../../../../src/adapters/amqp/refused-message.ts';

/** A message as the library gives it; of what a publisher chooses, the parts that matter here. */
function came(fields: { routingKey: string }, properties: Record<string, unknown> = {}): ConsumeMessage {
  const message: Pick<ConsumeMessage, 'content'> & Record<string, unknown> = {
    content: Buffer.from('{}'),
    fields: { deliveryTag: 1, redelivered: false, exchange: 'from.meadow', consumerTag: 'one', ...fields },
    properties: { headers: {}, ...properties },
  };
  return message as unknown as ConsumeMessage;
}

const refused = (message: ConsumeMessage, place = '') =>
  refusedMessage(message, {
    refusal: { status: 400, reasons: [{ rule: 'json/syntax', place, message: 'Wrong.', remedy: 'Mend it.' }] },
    id: 'm-1',
    exchange: 'from.meadow.refused',
    isRepeat: false,
  });

it('goes under the routing key that it came with, an empty one included', () => {
  expect(refused(came({ routingKey: 'status.changed' })).routingKey).toBe('status.changed');
  expect(refused(came({ routingKey: '' })).routingKey).toBe('');
});

it('goes without a routing key that could not be said again: 200 bytes that are no UTF-8 would come to 600', () => {
  expect(refused(came({ routingKey: Buffer.alloc(200, 0xff).toString() })).routingKey).toBe('');
});

it('goes with its timestamp, but for one that could not be said again', () => {
  expect(refused(came({ routingKey: 'x' }, { timestamp: 1_795_000_000 })).properties.timestamp).toBe(1_795_000_000);
  for (const timestamp of [2 ** 64, 2 ** 53, -1, 0.5, Number.NaN])
    expect(refused(came({ routingKey: 'x' }, { timestamp })).properties).not.toHaveProperty('timestamp');
});

it.each(['/999-001-0064', '/entry/999_001_0064', '/entry/9990/010064'])(
  'shows no place whose names could hold an NHS number: %s',
  (place) => {
    const { headers } = refused(came({ routingKey: 'x' }), place).properties;
    expect(headers).not.toHaveProperty('x-hearback-place');
    expect(JSON.stringify(headers)).not.toContain(place);
  },
);

it.each(['/entry/12/resource/name/0', '/line1_address2', 'Bundle.entry[12].resource.code'])(
  'shows a place of names and indexes: %s',
  (place) => {
    expect(refused(came({ routingKey: 'x' }), place).properties.headers).toMatchObject({ 'x-hearback-place': place });
  },
);

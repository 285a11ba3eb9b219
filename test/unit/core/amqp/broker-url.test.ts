import { describe, expect, it } from '@jest/globals';
import { readBrokerUrl } from '../../../../src/core/amqp/broker-url.ts';

describe('the URL of a broker', () => {
  it.each([
    ['amqps://hb:s3cret@broker.example.org', { encrypted: true, host: 'broker.example.org', port: 5671, vhost: '/' }],
    ['amqp://hb:s3cret@127.0.0.1:5673/town', { encrypted: false, host: '127.0.0.1', port: 5673, vhost: 'town' }],
    ['amqp://hb:s3cret@[::1]/%2Ftown', { encrypted: false, host: '::1', port: 5672, vhost: '/town' }],
  ])('%s', (text, expected) => {
    expect(readBrokerUrl(text)).toEqual({ ...expected, user: 'hb', password: 's3cret' });
  });

  it('has what is special in its parts percent-encoded', () => {
    expect(readBrokerUrl('amqp://h%40b:p%2F%3A%C3%A9@h/')).toMatchObject({ user: 'h@b', password: 'p/:é', vhost: '/' });
  });

  it('may leave it to a certificate to say who signs in', () => {
    expect(readBrokerUrl('amqps://h/town')).toEqual({ encrypted: true, host: 'h', port: 5671, vhost: 'town' });
  });

  it.each([
    'https://hb:s3cret@h/town',
    'amqps://hb@h/town',
    'amqps://:s3cret@h/town',
    'amqps://hb:s3cret@h/town/more',
    'amqps://hb:s3cret@h/town?heartbeat=0',
    'amqps://hb:s3%cret@h/town',
    'amqps:///town',
    'hb:s3cret@h',
    '',
  ])('is not %s', (text) => {
    expect(readBrokerUrl(text)).toBeUndefined();
  });
});

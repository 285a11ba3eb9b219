import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Broker } from '../../../../src/adapters/amqp/broker.ts';
import { QUORUM } from '../../../../src/adapters/amqp/topology.ts';
import type { Outlet } from '../../../../src/ports.ts';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../../contract/outlet/loopback-certificate.ts';
import {
  brokerAt,
  CLOCK,
  deliveryOf,
  type Logged,
  newLog,
  outletTo,
  pairOf,
} from '../../../fixtures/amqp/amqp-doors.ts';
import { type BrokerLine, openBrokerLine } from '../../../fixtures/amqp/broker-line.ts';
import { describeWithBroker, openTestBroker, type TestBroker } from '../../../fixtures/amqp/test-broker.ts';
import { until } from '../../../fixtures/town/until.ts';

let admin: TestBroker;
let line: BrokerLine;
let broker: Broker;
let logged: Logged;
let exchange: string;
const opened: Outlet[] = [];
const never = new AbortController().signal;

const open = (more: Parameters<typeof outletTo>[3] = {}): Outlet => {
  const outlet = outletTo(exchange, broker, logged, more);
  opened.push(outlet);
  return outlet;
};

describeWithBroker('the outlet to a broker', () => {
  beforeEach(async () => {
    admin = await openTestBroker();
    line = await openBrokerLine();
    logged = newLog();
    exchange = admin.name('to.casework');
    broker = brokerAt(line.url, logged);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((outlet) => outlet.stop()));
    await broker.stop();
    await line.stop();
    await admin.stop();
  });

  it('connects to nobody before it is started', async () => {
    const outlet = open();
    expect(outlet.closedFor()).toBeGreaterThan(0);
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({ kind: 'transient', unsent: true });
    expect(line.connections()).toBe(0);
  });

  it('says of each message what the standard has a property for', async () => {
    const outlet = open();
    await broker.start();
    const seen = await admin.watch(exchange);
    expect(await outlet.send(deliveryOf('leg-1', { key: 'person.given' }), never)).toEqual({
      kind: 'acknowledged',
      level: 'transport',
    });
    await outlet.send(deliveryOf('leg-2'), never);
    const [first, second] = await until('both came', () => seen.length === 2 && seen);
    expect(first?.properties).toMatchObject({
      messageId: 'leg-1',
      correlationId: 'case-1',
      contentType: 'application/json',
      type: 'person.given',
      timestamp: CLOCK.now().getTime() / 1_000,
      appId: 'hearback',
      userId: 'guest',
      deliveryMode: 2,
    });
    expect(first?.fields.routingKey).toBe('person.given');
    expect(first?.content.toString()).toBe('{"name":"Zoë Testpatient"}');
    expect([second?.properties.type, second?.fields.routingKey]).toEqual(['referral', 'referral']);
  });

  it('declares what it needs again with every connection, and goes on by itself', async () => {
    const outlet = open();
    await broker.start();
    expect(outlet.closedFor()).toBe(0);
    line.close();
    await until('it is closed', () => outlet.closedFor() > 0 && broker.state().startsWith('down: '));
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({ kind: 'transient', unsent: true });
    await admin.channel.deleteQueue(exchange);
    await admin.channel.deleteExchange(exchange);
    line.reopen();
    await until('it is open again', () => outlet.closedFor() === 0);
    expect(broker.state()).toBe('up');
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({ kind: 'acknowledged' });
    expect(await admin.waiting(exchange)).toBe(1);
  });

  it('does not know whether a message arrived whose confirmation was cut off, and repeats it under the same id', async () => {
    const outlet = open();
    await broker.start();
    line.set('drop');
    const both = await Promise.all(['leg-1', 'leg-2'].map((key) => outlet.send(deliveryOf(key), never)));
    expect(both.map(({ kind }) => kind)).toEqual(['ambiguous', 'ambiguous']);
    line.set('through');
    await until('it is open again', () => outlet.closedFor() === 0);
    expect(await outlet.send(deliveryOf('leg-1', { attempt: 2 }), never)).toMatchObject({ kind: 'acknowledged' });
    expect(line.published.map(({ key }) => key)).toEqual(['leg-1', 'leg-2', 'leg-1']);
  });

  it('counts a confirmation that comes late when it is asked again, and sends nothing', async () => {
    const outlet = open({ timeoutMs: 100 });
    await broker.start();
    line.set('hold');
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({
      kind: 'ambiguous',
      reason: expect.stringMatching(/^CONFIRM_TIMEOUT: /),
    });
    line.set('through');
    await until('it was told', () => logged.lines.some((one) => one.startsWith('amqp.late-confirm')));
    expect(await outlet.send(deliveryOf('leg-1', { attempt: 2 }), never)).toEqual({
      kind: 'acknowledged',
      level: 'transport',
    });
    expect(line.published).toHaveLength(1);
    expect(await outlet.send(deliveryOf('leg-1', { attempt: 3 }), never)).toMatchObject({ kind: 'acknowledged' });
    expect(line.published).toHaveLength(2);
  });

  it('is closed while the broker is short of memory', async () => {
    const outlet = open();
    await broker.start();
    line.block();
    await until('it is closed', () => outlet.closedFor() > 0);
    expect(broker.state()).toBe('blocked');
    line.unblock();
    await until('it is open', () => outlet.closedFor() === 0);
    expect(logged.lines.filter((one) => one.includes('blocked'))).toHaveLength(2);
  });

  it('finds a queue that was deleted there again when a person has it sent once more', async () => {
    const name = exchange;
    const parts = [
      { kind: 'exchange', name, place: '/exchange' },
      { kind: 'queue', name, place: '/queue', args: QUORUM },
      { kind: 'binding', name, exchange, key: '#', place: '/bind' },
    ] as const;
    const outlet = open({ topology: { declare: true, parts } });
    await broker.start();
    await admin.channel.deleteQueue(name);
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({ kind: 'permanent' });
    expect(await outlet.send(deliveryOf('leg-1', { attempt: 2 }), never)).toMatchObject({ kind: 'acknowledged' });
    expect((await admin.channel.checkQueue(name)).messageCount).toBe(1);
  });

  it('needs a person where nobody takes the message, and none where the exchange has gone', async () => {
    const parts = [{ kind: 'exchange', name: exchange, place: '/exchange' }] as const;
    const outlet = open({ topology: { declare: true, parts } });
    await broker.start();
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({
      kind: 'permanent',
      reason: expect.stringMatching(/^NO_ROUTE: /),
      findings: [{ rule: 'amqp/unroutable' }],
    });
    await admin.channel.deleteExchange(exchange);
    expect(await outlet.send(deliveryOf('leg-2'), never)).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^NOT_FOUND: /),
    });
    await until('it was declared again', () => outlet.closedFor() === 0);
  });

  it('that cannot be said in AMQP needs a person, and harms no other message', async () => {
    const outlet = open({ routingKey: (type) => `${'x'.repeat(300)}.${type}` });
    await broker.start();
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({
      kind: 'permanent',
      findings: [{ rule: 'amqp/unsendable' }],
    });
    expect(outlet.closedFor()).toBe(0);
  });

  it('stays closed, and says place and remedy, where the broker has something else', async () => {
    await admin.channel.assertQueue(exchange, { durable: true });
    await admin.channel.assertExchange(exchange, 'fanout', { durable: true });
    const outlet = open();
    const other = outletTo(admin.name('to.other'), broker, logged, { partner: 'other' });
    opened.push(other);
    await broker.start();
    const told = logged.lines.filter((one) => one.startsWith('amqp.topology')).map((one) => JSON.parse(one.slice(13)));
    expect(told).toMatchObject([
      { partner: 'casework', door: 'outlet', rule: 'amqp/declared-otherwise', place: '/exchange' },
      { rule: 'amqp/declared-otherwise', place: '/queue', message: expect.stringContaining('"x-queue-type" differs') },
    ]);
    // It is tried again and again, and said once.
    await until(
      'it was tried again',
      () => logged.lines.filter((one) => one.startsWith('amqp.door-closed')).length > 2,
    );
    expect(logged.lines.filter((one) => one.startsWith('amqp.topology'))).toHaveLength(2);
    expect(told.every(({ remedy }) => remedy.includes('declare: false'))).toBe(true);
    expect(broker.state()).toBe('refused');
    expect([outlet.closedFor() > 0, other.closedFor()]).toEqual([true, 0]);

    // Whoever mends it need not restart the engine.
    await admin.channel.deleteQueue(exchange);
    await admin.channel.deleteExchange(exchange);
    await until('it is open', () => outlet.closedFor() === 0);
  });

  it('declares nothing where the broker’s owner does, and says what is not there', async () => {
    open({ topology: { declare: false, parts: pairOf(exchange) } });
    await broker.start();
    const told = logged.lines.filter((one) => one.startsWith('amqp.topology')).map((one) => JSON.parse(one.slice(13)));
    expect(told.map(({ rule, place }) => [rule, place])).toEqual([
      ['amqp/not-there', '/exchange'],
      ['amqp/not-there', '/queue'],
    ]);
    expect(await admin.exists(exchange)).toBe(false);
  });

  it('speaks TLS, and only with who can show the right certificate', async () => {
    await line.stop();
    line = await openBrokerLine({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE });
    const stranger = brokerAt(line.url, logged);
    outletTo(exchange, stranger, logged);
    await stranger.start();
    expect(stranger.state()).toMatch(/^down: .*CERT/);
    await stranger.stop();

    await broker.stop();
    broker = brokerAt(line.url, logged, { ca: LOOPBACK_CERTIFICATE });
    const outlet = open();
    await broker.start();
    expect(await outlet.send(deliveryOf('leg-1'), never)).toMatchObject({ kind: 'acknowledged' });
  });

  it('signs in by its certificate where the URL names nobody', async () => {
    await line.stop();
    line = await openBrokerLine({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE });
    await broker.stop();
    const tls = { ca: LOOPBACK_CERTIFICATE, cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY };
    broker = brokerAt(`amqps://127.0.0.1:${line.port}`, logged, tls);
    open();
    await broker.start();
    // The broker of the tests knows no certificates: that it says so shows that it was asked.
    expect(broker.state()).toBe('down: SASL_MECHANISM');
  });

  it('is told a wrong password as what it is, and the password is not logged', async () => {
    await broker.stop();
    broker = brokerAt(line.url.replace(/:\/\/.*@/, '://guest:s3cret-wrong@'), logged);
    open();
    await broker.start();
    await until('it was refused', () => broker.state() === 'down: ACCESS_REFUSED');
    expect(logged.lines.join()).not.toContain('s3cret');
  });
});

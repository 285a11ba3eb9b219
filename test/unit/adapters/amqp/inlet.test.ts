import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Options } from 'amqplib';
import type { Broker } from '../../../../src/adapters/amqp/broker.ts';
import type { AmqpInlet } from '../../../../src/adapters/amqp/inlet.ts';
import {
  brokerAt,
  inletFrom,
  type Logged,
  newLog,
  newTestRoad,
  type TestRoad,
} from '../../../fixtures/amqp/amqp-doors.ts';
import { type BrokerLine, openBrokerLine } from '../../../fixtures/amqp/broker-line.ts';
import { describeWithBroker, openTestBroker, type TestBroker } from '../../../fixtures/amqp/test-broker.ts';
import { until } from '../../../fixtures/town/until.ts';

let admin: TestBroker;
let line: BrokerLine;
let broker: Broker;
let logged: Logged;
let road: TestRoad;
let queue: string;
const opened: AmqpInlet[] = [];

const consuming = () => logged.lines.filter((one) => one.startsWith('amqp.consuming')).length;
const open = async (more: Parameters<typeof inletFrom>[2] = {}): Promise<AmqpInlet> => {
  const before = consuming();
  const inlet = inletFrom(queue, { broker, road, logged }, more);
  opened.push(inlet);
  await broker.start();
  // Starting waits a few seconds at most, and what is published to an exchange that is not there yet ends the channel.
  await until('it consumes', () => consuming() > before);
  return inlet;
};
const GOOD: Options.Publish = { messageId: 'msg-1', type: 'status.changed', contentType: 'application/json' };
const without = (name: keyof Options.Publish): Options.Publish =>
  Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name));
const say = (properties: Options.Publish = GOOD, body: string | Buffer = '{"referral":"r-1"}') =>
  admin.publish(queue, body, properties, properties.type ?? 'untyped');
/** Until nothing waits in the queue, acknowledged or not: only then could a second engine not get it. */
const untilEmpty = async () => {
  await Promise.all(opened.splice(0).map((inlet) => inlet.stop()));
  expect(await admin.waiting(queue)).toBe(0);
};

describeWithBroker('the inlet from a broker', () => {
  beforeEach(async () => {
    admin = await openTestBroker();
    line = await openBrokerLine();
    logged = newLog();
    road = newTestRoad();
    queue = admin.name('from.piecemeal');
    broker = brokerAt(line.url, logged);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((inlet) => inlet.stop()));
    await broker.stop();
    await line.stop();
    await admin.stop();
  });

  it('takes a message with what its properties say, and acknowledges it', async () => {
    await open();
    await say({ ...GOOD, correlationId: 'case-1', timestamp: 1_795_000_000, appId: 'pm', userId: 'guest' });
    const [arrival] = await until('it came', () => road.effects.length === 1 && road.arrivals);
    expect(arrival).toMatchObject({
      partner: 'piecemeal',
      channel: 'amqp',
      identity: 'msg-1',
      correlation: 'case-1',
      contentType: 'application/json',
      content: { referral: 'r-1' },
      findings: [],
      ask: { kind: 'platform-report', mapping: 'piecemeal/report' },
      headers: {
        type: 'status.changed',
        'user-id': 'guest',
        'app-id': 'pm',
        timestamp: '1795000000',
        exchange: queue,
        'routing-key': 'status.changed',
      },
    });
    await untilEmpty();
  });

  it('acknowledges nothing before it is committed', async () => {
    const commits: (() => void)[] = [];
    const { intake } = road;
    road.intake = {
      async intake(...given) {
        await new Promise<void>((resolve) => commits.push(resolve));
        return intake.intake(...given);
      },
    };
    await open();
    await say();
    await until('it waits for its commit', () => commits.length === 1);
    expect(await admin.waiting(queue)).toBe(0);
    // The connection is lost before the commit: the message is whole where it was.
    line.close();
    await until('the broker has it back', async () => (await admin.waiting(queue)) === 1);
    line.reopen();
    commits[0]?.();
    await until('it is being recorded again', () => commits.length === 2);
    commits[1]?.();
    await untilEmpty();
    expect(road.arrivals.map(({ identity }) => identity)).toEqual(['msg-1', 'msg-1']);
    expect(road.effects).toEqual(['msg-1']);
  });

  it('has one effect of a message whose acknowledgement was lost', async () => {
    await open();
    line.set('acks-die');
    await say();
    await until('it was recorded', () => road.effects.length === 1);
    await until('the broker says it again', () => road.arrivals.length === 2);
    line.set('through');
    // What comes after it in the queue is recorded after it is acknowledged.
    await say({ ...GOOD, messageId: 'msg-2' });
    await until('the next is recorded', () => road.effects.length === 2);
    await untilEmpty();
    expect(road.effects).toEqual(['msg-1', 'msg-2']);
    expect(road.arrivals[1]?.headers['redelivered']).toBe('true');
  });

  it('records in the order of the queue, one after the other, whatever is cut in between', async () => {
    let most = 0;
    let now = 0;
    const { intake } = road;
    road.intake = {
      async intake(...given) {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
        now -= 1;
        return intake.intake(...given);
      },
    };
    await open();
    const ids = Array.from({ length: 60 }, (_, n) => `msg-${n}`);
    const cuts = setInterval(() => line.cut(), 60);
    for (const messageId of ids) await say({ ...GOOD, messageId });
    await until('all are recorded', () => road.effects.length === ids.length);
    clearInterval(cuts);
    expect(road.effects).toEqual(ids);
    expect(most).toBe(1);
    await until('the line is up', () => broker.state() === 'up');
    await untilEmpty();
  });

  it('leaves the rest to whoever comes next when it stops, and no message overtakes', async () => {
    const other = inletFrom(queue, { broker, road, logged }, { partner: 'piecemeal' });
    opened.push(other);
    const first = await open();
    for (let n = 0; n < 40; n += 1) await say({ ...GOOD, messageId: `msg-${n}` });
    await until('it has begun', () => road.effects.length > 3);
    await first.stop();
    await until('all are recorded', () => road.effects.length === 40);
    expect(road.effects).toEqual(Array.from({ length: 40 }, (_, n) => `msg-${n}`));
  });

  it.each<[what: string, properties: Options.Publish, body: string | Buffer, rule: string, status: number]>([
    ['no message-id', without('messageId'), '{"referral":"r-1"}', 'amqp/message-id', 400],
    ['no type', without('type'), '{"referral":"r-1"}', 'amqp/type', 400],
    ['an unknown type', { ...GOOD, type: 'made.up' }, '{"referral":"r-1"}', 'amqp/type', 400],
    ['another content type', { ...GOOD, contentType: 'text/plain' }, '{"referral":"r-1"}', 'report/media-type', 400],
    ['no content type', without('contentType'), '{"referral":"r-1"}', 'report/media-type', 400],
    ['a compressed body', { ...GOOD, contentEncoding: 'gzip' }, Buffer.from([31, 139, 8]), 'amqp/encoding', 400],
    ['too many bytes', GOOD, JSON.stringify({ referral: 'r'.repeat(3_000) }), 'amqp/too-long', 413],
    ['broken JSON', GOOD, '{"referral":', 'json/syntax', 400],
    ['bytes that are no text', GOOD, Buffer.from([0x7b, 0xff, 0x7d]), 'json/encoding', 400],
  ])('refuses a message with %s: recorded, and told with the reason', async (_what, properties, body, rule, status) => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    await say(properties, body);
    const [refused] = await until('it was told', () => told.length > 0 && told);
    expect(road.arrivals).toHaveLength(1);
    expect(refused?.content).toEqual(Buffer.from(body));
    expect(refused?.properties.messageId).toBe(properties.messageId ?? road.arrivals[0]?.identity);
    expect(refused?.properties.type).toBe(properties.type);
    expect(refused?.properties.headers).toMatchObject({
      'x-hearback-status': status,
      'x-hearback-rule': rule,
      'x-hearback-reason': expect.stringMatching(/\.$/),
      'x-hearback-remedy': expect.stringMatching(/\.$/),
      'x-hearback-errors': [expect.stringContaining(rule)],
      'x-hearback-message': 'm-1',
    });
    await untilEmpty();
    expect(told).toHaveLength(1);
  });

  it('keeps of a body beyond the agreed length its length and digest, gives it back whole, and knows it again', async () => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    const long = Buffer.from(JSON.stringify({ referral: 'r'.repeat(3_000) }));
    await say(GOOD, long);
    await say(GOOD, long);
    await say(GOOD, Buffer.from(JSON.stringify({ referral: 's'.repeat(3_000) })));
    await until('all were told', () => told.length === 3);
    const [arrival] = road.arrivals;
    const digest = createHash('sha256').update(long).digest('hex');
    expect(Buffer.from(arrival?.body ?? []).toString()).toBe(
      `Not kept, because it is longer than agreed: ${long.length} bytes, SHA-256 ${digest}\n`,
    );
    expect(arrival).toMatchObject({
      contentType: 'text/plain; charset=utf-8',
      headers: { 'content-type': 'application/json' },
    });
    expect(told[0]?.content).toEqual(long);
    expect(told[0]?.properties.contentType).toBe('application/json');
    expect(told.map(({ properties }) => properties.headers?.['x-hearback-rule'])).toEqual([
      'amqp/too-long',
      'amqp/too-long',
      'identity/conflict',
    ]);
    await untilEmpty();
  });

  it('takes a message that would have expired, and says so once', async () => {
    await open();
    await say({ ...GOOD, expiration: '60000' });
    await say({ ...GOOD, messageId: 'msg-2', expiration: '60000' });
    await until('both came', () => road.effects.length === 2);
    const warned = logged.lines.filter((one) => one.startsWith('amqp.expires'));
    expect(warned).toEqual(['amqp.expires {"partner":"piecemeal","message":"m-1"}']);
    await untilEmpty();
  });

  it('refuses a message under a known id with other bytes', async () => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    await say();
    await say(GOOD, '{"referral":"r-2"}');
    await until('it was told', () => told.length === 1);
    expect(told[0]?.properties.headers).toMatchObject({
      'x-hearback-status': 409,
      'x-hearback-rule': 'identity/conflict',
    });
    expect(road.effects).toEqual(['msg-1']);
    await untilEmpty();
  });

  it('takes an id that no store could keep for none, and gives the message back without what cannot be said again', async () => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    await say({ ...GOOD, messageId: 'msg-\u0000', correlationId: 'case\u0007', appId: 'pm\ufffd' });
    await until('it was told', () => told.length === 1);
    expect(road.arrivals[0]?.identity).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(road.arrivals[0]).not.toHaveProperty('correlation');
    expect(told[0]?.properties).toMatchObject({
      messageId: road.arrivals[0]?.identity,
      headers: { 'x-hearback-rule': 'amqp/message-id' },
    });
    expect([told[0]?.properties.correlationId, told[0]?.properties.appId]).toEqual([undefined, undefined]);
    await untilEmpty();
  });

  it('knows its partner by the user that the broker has checked, where that is agreed', async () => {
    await open({ userId: 'guest' });
    const told = await admin.watch(`${queue}.refused`);
    await say();
    await say({ ...GOOD, messageId: 'msg-2', userId: 'guest' });
    await until('both are decided', () => told.length === 1 && road.effects.length === 1);
    expect(told[0]?.properties.headers).toMatchObject({ 'x-hearback-rule': 'amqp/user-id' });
    expect(road.effects).toEqual(['msg-2']);
  });

  it('says nothing of a person in headers, whatever names a body has', async () => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    await say({ ...GOOD, headers: { 'x-about': 'Ada Testwell' } }, '{"Ada Testwell":{"9990000018":1,"9990000018":2}}');
    await until('it was told', () => told.length === 1);
    const headers = JSON.stringify(told[0]?.properties.headers);
    expect(headers).toContain('x-hearback-rule');
    expect(headers).not.toMatch(/Testwell|9990000018/);
    expect(logged.lines.join()).not.toMatch(/Testwell|9990000018/);
  });

  it('tells a refusal again, marked as a repeat, when it was lost before the acknowledgement', async () => {
    await open();
    const told = await admin.watch(`${queue}.refused`);
    line.set('acks-die');
    await say({ ...GOOD, type: 'made.up' });
    await until('it was told twice', () => told.length >= 2);
    line.set('through');
    await say({ ...GOOD, messageId: 'msg-2' });
    await until('the next is recorded', () => road.effects.length === 1);
    await untilEmpty();
    expect(new Set(told.map(({ properties }) => properties.messageId))).toEqual(new Set(['msg-1']));
    expect(told.map(({ properties }) => properties.headers?.['x-hearback-repeat'])).toEqual([
      undefined,
      ...Array(told.length - 1).fill(true),
    ]);
  });

  it('keeps a refused message as long as nobody can be told, and goes on with the others', async () => {
    await open();
    await admin.channel.unbindQueue(`${queue}.refused`, `${queue}.refused`, '#');
    await say({ ...GOOD, type: 'made.up' });
    await say({ ...GOOD, messageId: 'msg-2' });
    await until('the other is recorded', () => road.effects.includes('msg-2'));
    await until(
      'it was tried twice',
      () => logged.lines.filter((one) => one.startsWith('amqp.refusal-untold')).length > 1,
    );
    await admin.channel.bindQueue(`${queue}.refused`, `${queue}.refused`, '#');
    await until('it is told', async () => (await admin.waiting(`${queue}.refused`)) === 1);
    await untilEmpty();
  });

  it('waits, and loses nothing, while the record cannot be written', async () => {
    const { intake, note } = road;
    let isDown = true;
    let asked = 0;
    road.note = async (entry) => {
      asked += 1;
      if (isDown) throw new Error('disk full');
      await note(entry);
    };
    road.intake = {
      async intake(...given) {
        if (isDown) throw new Error('disk full');
        return intake.intake(...given);
      },
    };
    await open();
    await say();
    await say({ ...GOOD, messageId: 'msg-2' });
    await until('it was tried often', () => asked >= 2);
    expect(await admin.waiting(`${queue}.refused`)).toBe(0);
    isDown = false;
    await until('both are recorded', () => road.effects.length === 2);
    expect(road.effects).toEqual(['msg-1', 'msg-2']);
    expect(road.notes).toEqual([]);
    await untilEmpty();
  });

  it('sets a message aside that alone cannot be recorded, with a note in the log, and goes on', async () => {
    const { intake } = road;
    road.intake = {
      async intake(arrival, render) {
        if (arrival.identity === 'msg-1') throw new RangeError('a bug that Ada Testwell triggers');
        return intake.intake(arrival, render);
      },
    };
    await open();
    await say();
    await say({ ...GOOD, messageId: 'msg-2' });
    await until('the other is recorded', () => road.effects.includes('msg-2'));
    await until('it is set aside', async () => (await admin.waiting(`${queue}.refused`)) === 1);
    expect(road.notes.map(({ kind, actor }) => [kind, actor])).toEqual(
      Array(3).fill(['message.unrecordable', 'piecemeal']),
    );
    const [aside] = await until('it is seen', async () => {
      const seen = await admin.watch(`${queue}.refused`);
      return seen.length > 0 ? seen : until('it comes', () => seen.length > 0 && seen);
    });
    expect(aside?.properties.headers).toMatchObject({ 'x-hearback-status': 500, 'x-hearback-rule': 'amqp/own-fault' });
    expect(logged.lines.join()).not.toContain('Testwell');
    await untilEmpty();
  });

  it('begins again when its queue was deleted and made anew', async () => {
    await open();
    await admin.channel.deleteQueue(queue);
    await until('it consumes again', () => consuming() === 2);
    await say();
    await until('it came', () => road.effects.length === 1);
  });
});

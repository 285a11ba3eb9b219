import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Options } from 'amqplib';
import type { Broker } from '../../../../src/adapters/amqp/broker.ts';
import type { AmqpInlet } from '../../../../src/adapters/amqp/inlet.ts';
import {
  brokerAt,
  fhirInletFrom,
  type Logged,
  newLog,
  newTestRoad,
  type TestRoad,
} from '../../../fixtures/amqp/amqp-doors.ts';
import { type BrokerLine, openBrokerLine } from '../../../fixtures/amqp/broker-line.ts';
import { describeWithBroker, openTestBroker, type TestBroker } from '../../../fixtures/amqp/test-broker.ts';
import { messageReferral, transactionReferral } from '../../../fixtures/fhir/referral-bundle.ts';
import { until } from '../../../fixtures/town/until.ts';

let admin: TestBroker;
let line: BrokerLine;
let broker: Broker;
let logged: Logged;
let road: TestRoad;
let queue: string;
let inlet: AmqpInlet | undefined;

const open = async (more: Parameters<typeof fhirInletFrom>[2] = {}): Promise<void> => {
  inlet = fhirInletFrom(queue, { broker, road, logged }, more);
  await broker.start();
  await until('it consumes', () => logged.lines.some((one) => one.startsWith('amqp.consuming')));
};
/** What a message has otherwise; undefined: not at all. */
type Otherwise = { readonly [K in keyof Options.Publish]?: Options.Publish[K] | undefined };
const say = (body: string, otherwise: Otherwise = {}) => {
  const usual = { messageId: 'msg-1', contentType: 'application/fhir+json', replyTo: `${queue}.answers` };
  const said = Object.entries({ ...usual, ...otherwise }).filter(([, value]) => value !== undefined);
  return admin.publish(queue, body, Object.fromEntries(said));
};
const told = async (name: 'answers' | 'refused') => {
  const seen = await admin.watch(`${queue}.${name}`);
  return until(`something came to ${name}`, () => seen.length > 0 && seen);
};
/** Until nothing waits in the queue, acknowledged or not: only then could a second engine not get it. */
const untilEmpty = async () => {
  await inlet?.stop();
  expect(await admin.waiting(queue)).toBe(0);
};
const REFERRAL = JSON.stringify(transactionReferral());
const TASK = { resourceType: 'Task', id: 't-1', meta: { versionId: '7' }, status: 'cancelled', intent: 'order' };
const response = { resourceType: 'MessageHeader', response: { identifier: 'leg-1', code: 'ok' } };

describeWithBroker('the inlet of a GP system from a broker', () => {
  beforeEach(async () => {
    admin = await openTestBroker();
    line = await openBrokerLine();
    logged = newLog();
    road = newTestRoad();
    queue = admin.name('from.riverside');
    broker = brokerAt(line.url, logged);
  });
  afterEach(async () => {
    await inlet?.stop();
    await broker.stop();
    await line.stop();
    await admin.stop();
  });

  it.each<[what: string, body: unknown, ask: object]>([
    ['a transaction', transactionReferral(), { kind: 'fhir-transaction' }],
    ['a message', messageReferral(), { kind: 'fhir-message' }],
    [
      'the answer to a message',
      { resourceType: 'Bundle', type: 'message', entry: [{ resource: response }] },
      { kind: 'fhir-acknowledgement' },
    ],
    ['a Task', TASK, { kind: 'fhir-update', type: 'Task', id: 't-1', ifMatch: '7' }],
  ])('takes %s for what HTTP would take it for', async (_what, body, ask) => {
    await open();
    // The test's road stores nothing, so that only the arrival is looked at.
    await say(JSON.stringify(body), { replyTo: undefined, correlationId: 'case-1', appId: 'tie' });
    const [arrival] = await until('it came', () => road.arrivals.length > 0 && road.arrivals);
    expect(arrival).toMatchObject({
      ...{ partner: 'riverside', channel: 'amqp', identity: 'msg-1', correlation: 'case-1' },
      ...{ contentType: 'application/fhir+json', content: body, findings: [], ask },
      headers: { 'app-id': 'tie', exchange: queue },
    });
  });

  it.each<[what: string, body: string, more: Otherwise, rule: string, status: number]>([
    ['no message-id', REFERRAL, { messageId: undefined }, 'amqp/message-id', 400],
    ['another content type', REFERRAL, { contentType: 'application/json+magic' }, 'fhir/media-type', 400],
    ['a compressed body', REFERRAL, { contentEncoding: 'gzip' }, 'amqp/encoding', 400],
    ['too many bytes', JSON.stringify({ resourceType: 'Bundle', pad: 'x'.repeat(30_000) }), {}, 'amqp/too-long', 413],
    ['broken JSON', '{"resourceType":', {}, 'json/syntax', 400],
    ['a Bundle of another type', '{"resourceType":"Bundle","type":"batch"}', {}, 'fhir/bundle-type', 400],
    ['nothing that is taken here', '{"resourceType":"Patient"}', {}, 'fhir/bundle-type', 400],
    ['a Task without a version', JSON.stringify({ ...TASK, meta: undefined }), {}, 'fhir/if-match', 400],
    ['a Task without an id', JSON.stringify({ ...TASK, id: undefined }), {}, 'fhir/update-id', 400],
  ])('refuses a message with %s: answered, and given back with the reason', async (_what, body, more, rule, status) => {
    await open();
    await say(body, more);
    const [[answer], [refused]] = [await told('answers'), await told('refused')];
    expect(answer?.properties.headers).toMatchObject({ 'x-hearback-status': status });
    expect(JSON.parse(String(answer?.content)).issue[0]).toMatchObject({
      severity: 'error',
      diagnostics: expect.stringContaining(`[${rule}`),
    });
    expect(refused?.properties.headers).toMatchObject({ 'x-hearback-status': status, 'x-hearback-rule': rule });
    expect(refused?.content.toString()).toBe(body);
    await untilEmpty();
  });

  it('answers in the format that it is spoken to, and gives the reason all the same', async () => {
    await open();
    await say('<Patient xmlns="http://hl7.org/fhir"/>', { contentType: 'application/fhir+xml' });
    const [[answer], [refused]] = [await told('answers'), await told('refused')];
    expect(String(answer?.content)).toMatch(/^<.*OperationOutcome/s);
    expect(answer?.properties.contentType).toMatch(/^application\/fhir\+xml/);
    expect(refused?.properties.headers).toMatchObject({ 'x-hearback-rule': 'fhir/bundle-type' });
  });

  it('answers with the codes of BaRS where that is agreed, and a repeat as at first', async () => {
    await open({ dialect: 'bars' });
    const seen = await admin.watch(`${queue}.answers`);
    await say('{"resourceType":"Patient"}');
    await say('{"resourceType":"Patient"}');
    await until('both came', () => seen.length === 2);
    expect(JSON.parse(String(seen[0]?.content)).issue[0].details.coding[0].code).toBe('REC_BAD_REQUEST');
    expect(seen[1]?.content).toEqual(seen[0]?.content);
    expect(seen[1]?.properties.messageId).toBe(seen[0]?.properties.messageId);
  });

  it('knows its partner by the user that the broker has checked, where that is agreed', async () => {
    await open({ userId: 'guest' });
    await say(REFERRAL);
    expect((await told('refused'))[0]?.properties.headers).toMatchObject({ 'x-hearback-rule': 'amqp/user-id' });
    expect(road.effects).toEqual([]);
  });

  it('keeps a message whose answer nobody takes, and goes on with the others', async () => {
    await open();
    await admin.channel.unbindQueue(`${queue}.answers`, `${queue}.answers`, '#');
    await say('{"resourceType":"Patient"}');
    await say('{"resourceType":"Patient"}', { messageId: 'msg-2', replyTo: undefined });
    await until('it was tried', () => logged.lines.some((one) => one.startsWith('amqp.answer-untold')));
    await until('the other is given back', async () => (await admin.waiting(`${queue}.refused`)) === 1);
    await admin.channel.bindQueue(`${queue}.answers`, `${queue}.answers`, '#');
    expect((await told('answers'))[0]?.properties.correlationId).toBe('msg-1');
    await until('both are given back', async () => (await admin.waiting(`${queue}.refused`)) === 2);
    await untilEmpty();
  });

  it('answers again, marked as a repeat, when it was lost before the acknowledgement', async () => {
    await open();
    line.set('acks-die');
    await say('{"resourceType":"Patient"}');
    const seen = await told('answers');
    await until('it came twice', () => seen.length >= 2);
    line.set('through');
    expect(new Set(seen.map(({ properties }) => properties.messageId)).size).toBe(1);
    expect(seen.slice(0, 2).map(({ properties }) => properties.headers?.['x-hearback-repeat'])).toEqual([
      undefined,
      true,
    ]);
  });

  it('answers 500, and sets it aside, when a message alone cannot be recorded', async () => {
    road.intake = {
      async intake() {
        throw new RangeError('a bug that Ada Testwell triggers');
      },
    };
    await open();
    await say(REFERRAL);
    const [[answer], [refused]] = [await told('answers'), await told('refused')];
    expect(JSON.parse(String(answer?.content)).issue[0].code).toBe('exception');
    expect(answer?.properties.headers).toEqual({ 'x-hearback-status': 500 });
    expect(refused?.properties.headers).toMatchObject({
      'x-hearback-status': 500,
      'x-hearback-rule': 'amqp/own-fault',
    });
    expect(logged.lines.join()).not.toContain('Testwell');
    await untilEmpty();
  });
});

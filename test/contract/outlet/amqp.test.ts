import { openBroker } from '../../../src/adapters/amqp/broker.ts';
import { amqpOutlet } from '../../../src/adapters/amqp/outlet.ts';
import { QUORUM } from '../../../src/adapters/amqp/topology.ts';
import { readBrokerUrl } from '../../../src/core/amqp/broker-url.ts';
import { type LineMode, openBrokerLine } from '../../fixtures/amqp/broker-line.ts';
import { describeWithBroker, openTestBroker, type TestBroker } from '../../fixtures/amqp/test-broker.ts';
import { describeOutlet, type MakeHarness, type PeerBehaviour } from './describe-outlet.ts';

/** A real broker behind a line that fails as told; a full queue is busy, and a message that no queue takes is wrong. */
const MODES: Partial<Record<PeerBehaviour, LineMode>> = {
  hangs: 'hold',
  drops: 'drop',
  cuts: 'half',
  dawdles: 'dawdle',
  trickles: 'trickle',
};

const makeHarness: MakeHarness = async (behaviour, { concurrency }) => {
  const [admin, line] = await Promise.all([openTestBroker(), openBrokerLine()]);
  const exchange = await arrange(admin, behaviour);
  const url = readBrokerUrl(line.url);
  if (url === undefined) throw new Error('the line has no address');
  if (behaviour === 'absent') line.close();
  line.set(MODES[behaviour] ?? 'through');
  const log = { info() {}, warn() {}, error() {} };
  const broker = openBroker({ name: 'town', url, heartbeatSeconds: 10 }, { log, random: () => 0 });
  const outlet = amqpOutlet(
    {
      partner: 'casework',
      exchange,
      routingKey: (type) => type,
      topology: { declare: false, parts: [{ kind: 'exchange', name: exchange, place: '/exchange' }] },
      idempotent: false,
      concurrency,
      circuit: { failures: 5, openMs: 30_000 },
      // Only a receiver that never answers waits for it, and only that case takes so long.
      timeoutMs: behaviour === 'hangs' || behaviour === 'trickles' ? 400 : 10_000,
    },
    { broker, log, random: () => 0, clock: { now: () => new Date('2026-11-21T09:00:00.000Z') } },
  );
  await broker.start();
  return {
    outlet,
    delivery: {
      leg: '01980000-0000-7000-8000-000000000001',
      purpose: 'referral',
      idempotencyKey: '01980000-0000-7000-8000-000000000001',
      correlation: '01980000-0000-7000-8000-000000000002',
      contentType: 'application/json',
      body: Buffer.from('{"name":"Zoë Testpatient",\n  "note": "{{ 1+1 }}" }'),
    },
    // A broker cannot say how long to wait.
    whenBusy: { reason: 'NACKED: the broker cannot keep the message now' },
    received: () => line.published,
    mostAtOnce: line.mostAtOnce,
    stop: async () => {
      await outlet.stop();
      await broker.stop();
      await line.stop();
      await admin.stop();
    },
  };
};

async function arrange({ channel, name }: TestBroker, behaviour: PeerBehaviour): Promise<string> {
  const exchange = name('to.casework');
  await channel.assertExchange(exchange, 'topic', { durable: true });
  if (behaviour === 'refuses') return exchange;
  // Only a queue of the other kind refuses from the first message on.
  const full = { 'x-max-length': 0, 'x-overflow': 'reject-publish' };
  await channel.assertQueue(exchange, { durable: true, arguments: behaviour === 'busy' ? full : QUORUM });
  await channel.bindQueue(exchange, exchange, '#');
  return exchange;
}

// Nobody elsewhere is named by a broker, and it answers in a few bytes.
describeWithBroker('over a real broker', () => describeOutlet('AMQP', makeHarness, ['redirects', 'floods']));

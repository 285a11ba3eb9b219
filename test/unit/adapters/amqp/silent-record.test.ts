import { afterEach, beforeEach, expect, it } from '@jest/globals';
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
import { BROKER_URL, describeWithBroker, openTestBroker, type TestBroker } from '../../../fixtures/amqp/test-broker.ts';
import { until } from '../../../fixtures/town/until.ts';

/** An engine as its queue sees it: a connection, an inlet, and a way to the record that can fail alone. */
interface Side {
  readonly road: TestRoad;
  readonly logged: Logged;
  /** From now on nothing that is asked of the record is answered. */
  hang(): void;
  /** What was asked fails, and from now on all is answered. */
  mend(): void;
  said(event: string): string[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

let admin: TestBroker;
let queue: string;
const sides: Side[] = [];

function newSide(record: TestRoad, patienceMs = 300): Side {
  const logged = newLog();
  const broker: Broker = brokerAt(BROKER_URL, logged);
  const hanging: ((fault: Error) => void)[] = [];
  let hangs = false;
  const answered = () =>
    hangs ? new Promise<void>((_, reject) => hanging.push(reject)) : new Promise<void>((resolve) => resolve());
  const road: TestRoad = {
    ...record,
    intake: {
      async intake(...given) {
        await answered();
        return record.intake.intake(...given);
      },
    },
    note: async (entry) => {
      await answered();
      return record.note(entry);
    },
    ask: answered,
  };
  let inlet: AmqpInlet | undefined;
  const side: Side = {
    road,
    logged,
    hang: () => {
      hangs = true;
    },
    mend() {
      hangs = false;
      for (const reject of hanging.splice(0)) reject(new Error('the database did not answer'));
    },
    said: (event) => logged.lines.filter((line) => line.startsWith(`${event} `)),
    async start() {
      inlet = inletFrom(queue, { broker, road, logged }, { patienceMs });
      await broker.start();
      await until('it consumes', () => side.said('amqp.consuming').length === 1);
    },
    async stop() {
      side.mend();
      await inlet?.stop();
      await broker.stop();
    },
  };
  sides.push(side);
  return side;
}

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `msg-${from + n}`);
const say = async (names: readonly string[]): Promise<void> => {
  const good = { type: 'status.changed', contentType: 'application/json' };
  for (const messageId of names) await admin.publish(queue, '{"referral":"r-1"}', { ...good, messageId }, good.type);
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describeWithBroker('an inlet whose record does not answer', () => {
  beforeEach(async () => {
    admin = await openTestBroker();
    queue = admin.name('from.piecemeal');
  });
  afterEach(async () => {
    await Promise.all(sides.splice(0).map((side) => side.stop()));
    await admin.stop();
  });

  it('gives the queue up to another engine’s, in order, and takes part again when it answers', async () => {
    const record = newTestRoad();
    const [cut, well] = [newSide(record), newSide(record)];
    await cut.start();
    await well.start();
    await say(ids(0, 5));
    await until('the first takes them', () => record.effects.length === 5);
    cut.hang();
    await say(ids(5, 40));
    await until('the other takes them', () => record.effects.length === 40);
    expect(record.effects).toEqual(ids(0, 40));
    expect(cut.said('amqp.given-up')).toEqual([`amqp.given-up ${JSON.stringify({ partner: 'piecemeal', queue })}`]);
    expect(well.said('amqp.given-up')).toEqual([]);
    // It stays away as long as its record does.
    await pause(1_500);
    expect(cut.said('amqp.consuming')).toHaveLength(1);

    cut.mend();
    await until('it consumes again', () => cut.said('amqp.consuming').length === 2);
    well.hang();
    await say(ids(40, 60));
    await until('the first takes the rest', () => record.effects.length === 60);
    expect(record.effects).toEqual(ids(0, 60));
  });

  it('comes back by itself where it is the only one, and asks with pauses', async () => {
    const record = newTestRoad();
    const only = newSide(record);
    let asked = 0;
    const { ask } = only.road;
    only.road.ask = () => {
      asked += 1;
      return ask();
    };
    await only.start();
    only.hang();
    await say(ids(0, 12));
    await until('it gives up', () => only.said('amqp.given-up').length === 1);
    await until('the broker has all of it', async () => (await admin.waiting(queue)) === 12);
    await pause(2_000);
    // What was asked and not answered is not asked once more beside it.
    expect(asked).toBe(1);
    only.mend();
    await until('it takes all of it', () => record.effects.length === 12);
    expect(record.effects).toEqual(ids(0, 12));
    // Each time that a queue is given up counts as a delivery of what was under way: once for each silence is all it may cost.
    expect(only.said('amqp.given-up')).toHaveLength(1);
    expect(only.said('amqp.consuming')).toHaveLength(2);
  });

  it('gives it up as well when the record fails at once, and only after its patience', async () => {
    const record = newTestRoad();
    const [cut, well] = [newSide(record, 1_000), newSide(record)];
    let isDown = true;
    const { intake } = cut.road;
    const fails = async (): Promise<void> => {
      if (isDown) throw new Error('connection refused');
    };
    cut.road.ask = fails;
    cut.road.note = fails;
    cut.road.intake = { intake: async (...given) => fails().then(() => intake.intake(...given)) };
    await cut.start();
    await well.start();
    const begun = performance.now();
    await say(ids(0, 3));
    await until('the other takes them', () => record.effects.length === 3);
    expect(performance.now() - begun).toBeGreaterThan(950);
    expect(cut.said('amqp.given-up')).toHaveLength(1);
    isDown = false;
  });

  it('keeps the queue through a fault that is over before its patience is', async () => {
    const record = newTestRoad();
    const only = newSide(record, 2_000);
    await only.start();
    only.hang();
    await say(ids(0, 2));
    await pause(500);
    only.mend();
    await until('both are taken', () => record.effects.length === 2);
    expect(only.said('amqp.given-up')).toEqual([]);
    expect(only.said('amqp.consuming')).toHaveLength(1);
  });

  it('keeps the queue while the record answers, however long one message takes', async () => {
    const record = newTestRoad();
    const only = newSide(record);
    const { intake } = only.road;
    only.road.intake = {
      async intake(...given) {
        await pause(1_200);
        return intake.intake(...given);
      },
    };
    await only.start();
    await say(ids(0, 1));
    await until('it is taken', () => record.effects.length === 1);
    expect(only.said('amqp.given-up')).toEqual([]);
  });

  it('ends at once when it is stopped while it waits for its record', async () => {
    const only = newSide(newTestRoad());
    await only.start();
    only.hang();
    await say(ids(0, 2));
    await until('it gives up', () => only.said('amqp.given-up').length === 1);
    const begun = performance.now();
    await only.stop();
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(await admin.waiting(queue)).toBe(2);
  });
});

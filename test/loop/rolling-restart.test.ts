import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type Balancer, startBalancer } from '../fixtures/engines/balancer.ts';
import { type EngineProcess, type EngineShed, openEngineShed } from '../fixtures/engines/engine-process.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, SHIPPED } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const NAMES = ['one', 'two', 'three'] as const;
const TO_THE_END = ['accepted', 'active', 'closed-completed'].map((status) => ({ afterMs: 20, status }));
/** Long enough for the balancer to have looked many times, also on a machine that is busy. */
const DELAY_SECONDS = 3;
const LOOK_EVERY_MS = 50;
const PAUSE_MS = 20;
/** Machines are shared: nothing is said about how fast an engine starts. */
const START_MS = 90_000;

await describeOnPostgres('three engines that are restarted one after the other under load', () => {
  let shed: EngineShed;
  let town: Town;
  let balancer: Balancer;
  const running = new Map<string, EngineProcess>();
  beforeAll(() => {
    shed = openEngineShed();
  });
  afterEach(async () => {
    await Promise.all([...running.values()].map((engine) => engine.kill()));
    await balancer.stop();
    await town.stop();
  });
  afterAll(() => shed.close());

  /** Engines in processes of their own, behind a balancer at the address where the town's engine was. */
  async function open(): Promise<void> {
    town = await startTown({
      record: 'postgres',
      playbooks: new Map([[NHS_NUMBER, TO_THE_END]]),
      partners: hl7Practice('elm', { inlet: ['port: 0', 'lane: partner'], mappings: SHIPPED }),
      engine: [`  drainDelaySeconds: ${DELAY_SECONDS}`],
    });
    await town.stopEngine();
    balancer = await startBalancer(Number(new URL(town.url).port), LOOK_EVERY_MS);
    await Promise.all(NAMES.map(start));
    await until('all are ready', () => balancer.ready().length === NAMES.length, START_MS);
  }
  async function start(name: string): Promise<void> {
    const { file } = await town.configBeside();
    const engine = shed.start({ config: file }, join(file, '../engines.log'));
    running.set(name, engine);
    const { url, mllp } = await engine.ready;
    balancer.add(name, { url, mllpPort: Number(new URL((mllp['elm'] ?? '').replace('mllp:', 'http:')).port) });
  }
  async function restart(name: string): Promise<number | null | undefined> {
    const code = await running.get(name)?.stop();
    balancer.remove(name);
    await start(name);
    await until('it is ready again', () => balancer.ready().includes(name), START_MS);
    return code;
  }

  it('refuse no message over HTTP or HL7 v2, although nobody sends anything twice', async () => {
    await open();
    let going = true;
    const isGoing = () => going;
    const gp = referOn(isGoing);
    const hl7 = speakOn(isGoing);
    const codes: (number | null | undefined)[] = [];
    for (const name of NAMES) codes.push(await restart(name));
    going = false;
    const [referred, spoken] = await Promise.all([gp, hl7]);
    expect(codes).toEqual([0, 0, 0]);
    expect(balancer.refused()).toEqual([]);
    expect(spoken.filter((ack) => !ack.startsWith('AA '))).toEqual([]);
    // The HL7 v2 practice has no way in: what it asked for is delivered, and stays open until it is read.
    await until(
      'the loops of the FHIR practice are closed',
      async () => {
        return (await town.store.counts())['referral.closed'] === referred;
      },
      START_MS,
    );
    expect(town.casework.deliveries().filter(({ repeat }) => repeat)).toEqual([]);
    expect(town.casework.cases()).toHaveLength(referred + spoken.length);

    // That nothing was refused is worth something only if a refusal is seen: this balancer no longer looks.
    balancer.closeEyes();
    await running.get('one')?.stop();
    for (let number = 1; number <= NAMES.length; number += 1) await town.gp.send('', referralOf({ number }));
    expect(balancer.refused()).toHaveLength(1);
  }, 400_000);

  /** A GP system that sends one referral after the other and nothing twice. */
  async function referOn(goes: () => boolean): Promise<number> {
    let taken = 0;
    for (let number = 1; goes(); number += 1) {
      const answer = await town.gp.send('', referralOf({ number }));
      if (answer.status === 200) taken += 1;
      await sleep(PAUSE_MS);
    }
    return taken;
  }

  /** A practice that says one message after the other on one connection, and connects anew when that was ended. */
  async function speakOn(goes: () => boolean): Promise<string[]> {
    const acks: string[] = [];
    let sender: RawSender | undefined;
    for (let number = 1; goes(); number += 1) {
      if (sender === undefined || sender.closed()) sender = await rawSender(balancer.mllpPort);
      sender.say(framed(ref({ id: `HL7-${number}` })));
      const before = sender.heard().length;
      const here = sender;
      await until('it is answered', () => here.heard().length > before || here.closed());
      acks.push(ackOf(sender.heard()[before]));
      await sleep(PAUSE_MS);
    }
    sender?.stop();
    return acks;
  }
});

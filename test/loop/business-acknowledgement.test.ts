import { afterEach, describe, expect, it } from '@jest/globals';
import { type MllpPeer, scriptedMllpPeer } from '../contract/outlet/mllp-peer.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { ackOf, framed, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { loopOf, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { until } from '../fixtures/town/until.ts';

let town: MllpTown;
let record: MllpPeer;
afterEach(async () => {
  await town.stop();
  await record.stop();
});

/** A practice in the manner of SystmOne: what comes waits in a workflow (CA) until a person files it, and then it says AA. */
async function start(first: 'CA' | 'AA' = 'CA', acknowledges = 'business'): Promise<string> {
  record = await scriptedMllpPeer(({ controlId }, { ack }) => ack(first, controlId));
  const outlet = [
    'host: 127.0.0.1',
    `port: ${record.port}`,
    'mappings: { write-back: hl7v2/oru-r01 }',
    'retry: { initialMs: 20, maxMs: 200 }',
    'timeoutMs: 3000',
    `acknowledges: ${acknowledges}`,
  ];
  town = await startMllpTown({
    partners: [
      ...hl7Practice('elm', { inlet: ['port: 0', 'sender: { application: PRACTICE }'], outlet }),
      ...hl7Practice('oak', { inlet: ['port: 0', 'sender: { application: OAK }'] }),
    ],
  });
  await say(ref({ id: 'R-1', number: 'SP-1' }));
  const [named] = await until('the referral is known', async () => {
    const bearers = await town.store.namesakes('elm', 'resource', 'https://gp.example/referral-number|SP-1');
    return bearers.length > 0 && bearers;
  });
  const referral = await town.store.referral(named?.referral ?? '');
  return referral?.parentTask ?? '';
}

async function say(message: string, partner = 'elm'): Promise<string> {
  const gp = await rawSender(town.mllpPort(partner));
  gp.say(framed(message));
  const [answer = ''] = await gp.hears(1);
  gp.stop();
  return answer;
}

/** What the practice says when somebody has looked at the message. */
function filed(code: string, of: string, more: readonly string[] = [], id = `ACK-${of.slice(-6)}-${code}`): string {
  const header = `MSH|^~\\&|PRACTICE|Z99003|HEARBACK|HB|20261121090000+0000||ACK^R01^ACK|${id}|P|2.5.1`;
  return `${[header, `MSA|${code}|${of}`, ...more].join('\r')}\r`;
}

async function sent(count: number): Promise<string> {
  await until(`${count} messages were sent`, () => record.received.length === count);
  return record.received.at(-1)?.controlId ?? '';
}

describe('a practice where a person files what comes', () => {
  it('keeps the loop open until it says that everything was filed', async () => {
    const task = await start();
    await platformSays(town, { status: 'accepted' });
    const accepted = await sent(1);
    await platformSays(town, { status: 'closed-completed' });
    const completed = await sent(2);
    const taken = await untilLoop(
      town,
      task,
      'both were taken',
      ({ acknowledged }) => acknowledged.filter(({ purpose }) => purpose === 'write-back').length === 2,
    );
    expect(taken.status).toBe('open');
    expect(taken.owes.map(({ kind }) => kind)).toEqual(['tell-gp', 'tell-gp']);
    expect(ackOf(await say(filed('AA', accepted)))).toBe(`AA ACK-${accepted.slice(-6)}-AA`);
    expect((await loopOf(town, task)).status).toBe('open');
    await say(filed('AA', completed));
    const loop = await untilClosed(town, task);
    expect(loop.closure).toEqual({ level: 'business', labels: [] });
    expect(loop.promised.filter(({ kind }) => kind === 'tell-gp')).toMatchObject([
      { level: 'business', keptAs: 'business' },
      { level: 'business', keptAs: 'business' },
    ]);
  });

  it('an AA on the spot says that its system has it, not that a person filed it', async () => {
    const task = await start('AA');
    await platformSays(town, { status: 'closed-completed' });
    const id = await sent(1);
    const loop = await untilLoop(town, task, 'it was taken', ({ acknowledged }) =>
      acknowledged.some(({ ack }) => ack === 'technical'),
    );
    expect(loop.status).toBe('open');
    await say(filed('AA', id));
    await untilClosed(town, task);
  });

  it('what it refuses after all is held with its codes, and sent again when a person says so', async () => {
    const task = await start();
    await platformSays(town, { status: 'closed-completed' });
    const id = await sent(1);
    await say(filed('AR', id, ['ERR||PID^1^3|204^Unknown key identifier^HL70357|E||||Testpatient']));
    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings.map(({ rule, place }) => [rule, place.expression])).toEqual([
      ['delivery/refused', undefined],
      ['hl7v2/answered', 'PID-3'],
    ]);
    expect(JSON.stringify(hold)).toContain('204');
    expect(JSON.stringify(hold)).not.toContain('Testpatient');
    const loop = await loopOf(town, task);
    expect(loop.sent.find(({ purpose }) => purpose === 'write-back')).toMatchObject({ status: 'refused' });
    await until('its work waits on the hold', async () => (await town.store.behindHold(hold.id)).waiting.length === 1);
    await personDecides(town, hold, 'retry', 'they have registered the patient');
    await sent(2);
    await say(filed('AA', id, [], 'ACK-AGAIN'));
    expect((await untilClosed(town, task)).closure.level).toBe('business');
  });

  it('what it refuses after all can be given up: the loop says so', async () => {
    const task = await start();
    await platformSays(town, { status: 'closed-completed' });
    await say(filed('AE', await sent(1)));
    const hold = await untilHeld(town, 'refused-delivery');
    await until('its work waits on the hold', async () => (await town.store.behindHold(hold.id)).waiting.length === 1);
    await personDecides(town, hold, 'abandon', 'sent by letter');
    const loop = await untilClosed(town, task);
    expect(loop.promised.find(({ kind }) => kind === 'tell-gp')).toMatchObject({ is: 'released' });
  });

  it('an answer to what was never sent is recorded and refused', async () => {
    await start();
    const answer = await say(filed('AA', 'NEVER-SENT'));
    expect(ackOf(answer)).toMatch(/^AE /);
    expect(answer).toContain('204^');
    const refused = await town.store.journal({ kind: 'message.refused', limit: 5 });
    expect(refused).toMatchObject([
      { actor: 'elm', detail: { ask: 'hl7v2-acknowledgement', rules: 'mllp/unknown-answer' } },
    ]);
  });

  it('an answer comes twice and counts once', async () => {
    const task = await start();
    await platformSays(town, { status: 'closed-completed' });
    const id = await sent(1);
    const first = await say(filed('AA', id));
    expect(await say(filed('AA', id))).toBe(first);
    expect(ackOf(await say(filed('AA', id, [], 'ACK-OTHER')))).toBe('AA ACK-OTHER');
    const { acknowledged } = await untilClosed(town, task);
    expect(acknowledged.filter(({ ack }) => ack === 'business')).toHaveLength(1);
  });

  it('nobody else can say that it was filed', async () => {
    const task = await start();
    await platformSays(town, { status: 'closed-completed' });
    const id = await sent(1);
    const header = `MSH|^~\\&|OAK|Z99003|HEARBACK|HB|20261121090000+0000||ACK^R01^ACK|X-1|P|2.5.1`;
    expect(ackOf(await say(`${header}\rMSA|AA|${id}\r`, 'oak'))).toMatch(/^A[ER] X-1/);
    expect((await loopOf(town, task)).status).toBe('open');
  });
});

describe('a practice that is not agreed to answer so', () => {
  it('is told that acknowledgements are not taken', async () => {
    const task = await start('AA', 'technical');
    await platformSays(town, { status: 'closed-completed' });
    const id = await sent(1);
    const loop = await untilClosed(town, task);
    expect(loop.closure).toMatchObject({ level: 'technical', labels: [expect.stringMatching(/^only technical/)] });
    expect(ackOf(await say(filed('AA', id)))).toMatch(/^AR /);
  });
});

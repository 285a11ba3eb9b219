import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type GpAmqpTown, startGpAmqpTown } from '../fixtures/amqp/gp-amqp-town.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { messageReferral, NHS_NUMBER, serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { loopOf, untilClosed, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { until } from '../fixtures/town/until.ts';

let town: GpAmqpTown;
afterEach(() => town.stop());

const terms = () =>
  town.meadow.record
    .patient(NHS_NUMBER)
    .consultations.flatMap(({ entries }) => entries.map(({ term }) => term))
    .sort();

async function onlyTask(): Promise<string> {
  const [loop, ...more] = await town.store.loops({ limit: 5 });
  if (loop === undefined || more.length > 0) throw new Error('one referral is expected');
  return loop.parentTask;
}

describeWithBroker('a practice that speaks AMQP alone', () => {
  beforeEach(async () => {
    town = await startGpAmqpTown();
  });

  it('refers over a queue, is answered over a queue, and hears over a queue how it ended', async () => {
    const id = randomUUID();
    const task = await town.refers(transactionReferral(), id);
    const [answer] = town.meadow.answers();
    expect(answer?.properties).toMatchObject({ correlationId: id, type: 'answer', appId: 'hearback', deliveryMode: 2 });
    expect(answer?.properties.contentType).toBe('application/fhir+json; charset=utf-8');
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', note: 'Goes dancing.' });
    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('completed');
    await until('both are filed', () => town.meadow.filed().length === 2);
    expect(terms()).toEqual(['Accepted by the service', 'Completed']);

    // What was said is what is on disk, and the broker's word is called no more than it is.
    const sent = (await town.store.legs(loop.id)).filter(({ partner }) => partner === 'meadow');
    expect(town.meadow.taken().map(({ properties }) => properties.messageId)).toEqual(sent.map((leg) => leg.id));
    expect(sent.every(({ channel, ack }) => channel === 'amqp' && ack === 'transport')).toBe(true);
    expect(loop.closure).toEqual({ level: 'transport', labels: [expect.stringMatching(/^only transport/)] });
    expect(town.meadow.taken().map(({ properties }) => [properties.type, properties.contentType])).toEqual(
      Array(2).fill(['write-back', 'application/fhir+json']),
    );
    const [came] = (await town.store.messagesOf(loop.id)).filter(({ partner }) => partner === 'meadow');
    expect(came).toMatchObject({ direction: 'in', channel: 'amqp', identity: id, verdict: 'accepted' });
    expect(Buffer.from(came?.answer?.body ?? [])).toEqual(answer?.content);
    expect(town.meadow.refusals()).toEqual([]);
    await town.stopEngine();
    expect(await town.admin.waiting(town.from)).toBe(0);
  });

  it('gets the first answer again for the same message, and has one effect', async () => {
    const outgoing = { id: randomUUID(), body: JSON.stringify(transactionReferral()) };
    const first = await town.meadow.ask(outgoing);
    const again = await town.meadow.ask(outgoing);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.message.properties.messageId).toBe(first.message.properties.messageId);
    expect(await town.store.loops({ limit: 5 })).toHaveLength(1);
    await untilReferred(town);
    expect(town.casework.deliveries()).toHaveLength(1);
  });

  it('is told of a conflict when the id was used for other bytes, and gets the message back', async () => {
    const id = randomUUID();
    await town.refers(transactionReferral(), id);
    const { status, text } = await town.meadow.send(transactionReferral({ consent: null }), id);
    expect([status, JSON.parse(text).issue[0].code]).toEqual([409, 'conflict']);
    const [refusal] = await until('it came back', () => town.meadow.refusals().length === 1 && town.meadow.refusals());
    expect(refusal?.properties.headers).toMatchObject({
      'x-hearback-status': 409,
      'x-hearback-rule': 'identity/conflict',
    });
    expect(await town.store.loops({ limit: 5 })).toHaveLength(1);
  });

  it('hears twice what is refused: as an answer, and as the message with its reason; both name the record', async () => {
    const wrong = JSON.stringify(transactionReferral({ request: serviceRequest({ status: 'draft' }) }));
    const { status, text, message } = await town.meadow.ask({ id: 'wrong-1', body: wrong });
    expect(status).toBe(422);
    const { issue } = JSON.parse(text);
    const [refusal] = await until('it came back', () => town.meadow.refusals().length === 1 && town.meadow.refusals());
    expect(refusal?.content.toString()).toBe(wrong);
    const headers = refusal?.properties.headers;
    expect(headers).toMatchObject({
      'x-hearback-status': 422,
      'x-hearback-rule': expect.stringMatching(/^referral\//),
      'x-hearback-reason': issue[0].details.text,
      'x-hearback-place': 'Bundle.entry[0].resource.status',
    });
    expect(JSON.stringify(headers)).not.toMatch(/Thistlewood|9990000018/);
    const kept = await town.store.message(String(headers?.['x-hearback-message']));
    expect(kept).toMatchObject({ verdict: 'refused', channel: 'amqp', partner: 'meadow', identity: 'wrong-1' });
    expect(message.properties.headers?.['x-hearback-message']).toBe(kept?.id);
  });

  it('cannot have its answer sent elsewhere: neither to another partner nor past its own exchange', async () => {
    const body = JSON.stringify(transactionReferral());
    const other = town.admin.name('from.other');
    await town.admin.channel.assertQueue(other, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    for (const replyTo of [other, town.from, `${town.from}.refused`])
      await town.meadow.publish({ id: `to-${replyTo}`, body, replyTo });
    const refusals = await until('they came back', () => town.meadow.refusals().length === 3 && town.meadow.refusals());
    for (const { properties } of refusals) expect(properties.headers?.['x-hearback-rule']).toBe('amqp/reply-to');
    expect(await town.admin.waiting(other)).toBe(0);
    expect(town.meadow.answers()).toEqual([]);
    expect(await town.store.loops({ limit: 5 })).toEqual([]);
  });

  it('asks for no answer and gets none; what it said holds all the same', async () => {
    await town.meadow.publish({ id: randomUUID(), body: JSON.stringify(transactionReferral()), replyTo: false });
    await untilReferred(town);
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, await onlyTask());
    expect(town.meadow.answers()).toEqual([]);
  });

  it('takes a referral back by a message, and the platform is asked', async () => {
    const referred = await town.meadow.send(messageReferral());
    expect(referred.status).toBe(200);
    const { type, entry } = JSON.parse(referred.text);
    expect([type, entry[0].resource.response.code]).toEqual(['message', 'ok']);
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'active' });
    const task = await onlyTask();
    await untilIs(town, task, 'in-progress');
    expect((await town.meadow.send(messageReferral('update', 'revoked'))).status).toBe(200);
    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'cancelled' } });
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral', 'cancel']);
  });

  it('changes its Task when it names the version that it has, and is refused with an older one', async () => {
    const task = await town.refers(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await untilIs(town, task, 'accepted');
    const stored = await town.store.resource('Task', task);
    if (stored?.resource.resourceType !== 'Task') throw new Error('the Task is none');
    const { meta, ...unversioned } = stored.resource;
    const cancelled = { ...unversioned, status: 'cancelled', statusReason: { text: 'Moves away next week.' } } as const;
    expect((await town.meadow.send(cancelled)).status).toBe(400);
    const old = await town.meadow.send({ ...cancelled, meta: { ...meta, versionId: '1' } });
    expect(old.status).toBe(412);
    const now = await town.meadow.send({ ...cancelled, meta: { ...meta, versionId: String(stored.version) } });
    expect([now.status, JSON.parse(now.text).status]).toEqual([200, 'cancelled']);
    await untilClosed(town, task);
  });

  it('refers once for each referral, and hears of each, whatever connection is cut meanwhile', async () => {
    const tasks: string[] = [];
    for (let number = 0; number < 6; number += 1) {
      const asked = town.refers(referralOf({ number }));
      town.trust.cut();
      tasks.push(await asked);
    }
    const cases = await until('all are referred', () => town.casework.cases().length === 6 && town.casework.cases());
    for (const about of cases) await platformSays(town, { status: 'closed-completed', about });
    town.trust.cut();
    for (const task of tasks) await untilClosed(town, task);
    const filed = () => new Set(town.meadow.filed()).size;
    await until('each is told', () => filed() === 6);
    expect(await town.store.loops({ limit: 20 })).toHaveLength(6);
    expect(town.casework.deliveries().filter(({ repeat }) => !repeat)).toHaveLength(6);
    expect(await town.store.holds({ open: true })).toEqual([]);
  });

  it('goes on when its queues were deleted at the broker and are declared anew', async () => {
    const task = await town.refers(referralOf({ number: 1 }));
    await untilReferred(town);
    await town.admin.channel.deleteQueue(town.from);
    await until('it is there again', () => town.admin.exists(town.from));
    await town.refers(referralOf({ number: 2 }));
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
  });
});

describeWithBroker('a practice over AMQP that says when something was filed', () => {
  const business = (more: { acknowledges?: boolean } = {}) =>
    startGpAmqpTown({ outlet: ['acknowledges: business'], ...more });

  async function completed(): Promise<readonly [task: string, message: string]> {
    const task = await town.refers(transactionReferral());
    await platformSays(town, { status: 'closed-completed' });
    const [taken] = await until('it was sent', () => town.meadow.taken().length === 1 && town.meadow.taken());
    return [task, String(taken?.properties.messageId)];
  }

  it('keeps the loop open until it has said so', async () => {
    town = await business();
    const [task, message] = await completed();
    const open = await untilLoop(town, task, 'the broker has it', ({ acknowledged }) =>
      acknowledged.some(({ purpose, ack }) => purpose === 'write-back' && ack === 'transport'),
    );
    expect([open.status, open.owes.map(({ kind }) => kind)]).toEqual(['open', ['tell-gp']]);
    expect((await town.meadow.acknowledge(message)).status).toBe(200);
    expect((await untilClosed(town, task)).closure).toEqual({ level: 'business', labels: [] });
    // Once more, under another id, changes nothing.
    expect((await town.meadow.acknowledge(message)).status).toBe(200);
    expect((await loopOf(town, task)).acknowledged.filter(({ ack }) => ack === 'business')).toHaveLength(1);
  });

  it('closes loops by itself where its system says so', async () => {
    town = await business({ acknowledges: true });
    const [task] = await completed();
    expect((await untilClosed(town, task)).closure.level).toBe('business');
  });

  it('what it refuses is held with the kind of fault, and sent again when a person says so', async () => {
    town = await business();
    const [task, message] = await completed();
    await town.meadow.acknowledge(message, { code: 'not-found' });
    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings.map(({ rule, issue }) => [rule, issue])).toEqual([
      ['delivery/refused', undefined],
      ['fhir/answered', 'not-found'],
    ]);
    await until('its work waits on the hold', async () => (await town.store.behindHold(hold.id)).waiting.length === 1);
    await personDecides(town, hold, 'retry', 'they have registered the patient');
    await until('it came again', () => town.meadow.taken().length === 2);
    expect(town.meadow.taken()[1]?.properties.messageId).toBe(message);
    await town.meadow.acknowledge(message);
    expect((await untilClosed(town, task)).closure.level).toBe('business');
  });

  it('cannot acknowledge what it was never sent, nor what another one was', async () => {
    town = await business();
    const [task] = await completed();
    const loop = await loopOf(town, task);
    const referral = (await town.store.legs(loop.id)).find(({ partner }) => partner === 'casework');
    for (const id of ['never-sent', referral?.id ?? '']) {
      const { status, text } = await town.meadow.acknowledge(id);
      expect([status, text.includes('fhir/unknown-answer')]).toEqual([404, true]);
    }
    expect((await loopOf(town, task)).status).toBe('open');
  });
});

describeWithBroker('a practice over AMQP that is not agreed to say when something was filed', () => {
  it('is told that acknowledgements are not taken', async () => {
    town = await startGpAmqpTown();
    const task = await town.refers(transactionReferral());
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
    const [taken] = await until('it was sent', () => town.meadow.taken());
    const { status, text } = await town.meadow.acknowledge(String(taken?.properties.messageId));
    expect([status, text.includes('fhir/acknowledgement-not-agreed')]).toEqual([422, true]);
  });
});

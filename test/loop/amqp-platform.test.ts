import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { wholeMessages } from '../../docker/simulators/amqp-platform/amqp-shape.ts';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { type AmqpTown, readiness, startAmqpTown } from '../fixtures/amqp/amqp-town.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, loopOf, untilClosed, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { until } from '../fixtures/town/until.ts';

const HELPED = [
  { afterMs: 20, status: 'queued' },
  { afterMs: 20, status: 'taken-on' },
  { afterMs: 20, status: 'under-way', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
  { afterMs: 20, status: 'done', note: 'Goes dancing.', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } },
];

let town: AmqpTown;
afterEach(() => town.stop());

describeWithBroker('a platform that speaks AMQP alone', () => {
  beforeEach(async () => {
    town = await startAmqpTown({ playbooks: new Map([[NHS_NUMBER, HELPED]]) });
  });

  it('gets the referral piece by piece, reports piece by piece, and the GP hears how it ended', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('completed');
    expect(town.platform.cases()).toHaveLength(1);
    expect(gpTerms(town).filter((term) => term === 'SWEMWBS')).toHaveLength(2);

    const taken = town.platform.taken();
    const types = taken.map(({ properties }) => properties.type);
    expect([types[0], types.at(-1)]).toEqual(['person.given', 'referral.requested']);
    expect(taken.map(({ fields }) => fields.routingKey)).toEqual(types);
    expect(new Set(taken.map(({ properties }) => properties.messageId)).size).toBe(taken.length);
    const legs = (await town.store.legs(loop.id)).filter(({ partner }) => partner === 'piecemeal');
    expect(taken.map(({ properties }) => properties.messageId)).toEqual(legs.map(({ id }) => id));
    expect(new Set(taken.map(({ properties }) => properties.correlationId)).size).toBe(1);
    expect(legs.every(({ channel, ack }) => channel === 'amqp' && ack === 'transport')).toBe(true);

    const told = (await town.store.messagesOf(loop.id)).filter(({ partner }) => partner === 'piecemeal');
    const reports = told.filter(({ direction, channel }) => direction === 'in' && channel === 'amqp');
    expect(reports.map(({ identity }) => identity)).toEqual(town.platform.said().map(({ id }) => id));
    expect(
      reports.every(({ verdict, mapping }) => verdict === 'accepted' && mapping?.name === 'piecemeal/report'),
    ).toBe(true);
    expect(town.platform.refusals()).toEqual([]);
    await town.stopEngine();
    expect(await town.admin.waiting(town.from)).toBe(0);
  });

  it('may say everything twice and in any order', async () => {
    town.platform.setTemper({ chatty: true });
    const { task } = await town.gp.refer(transactionReferral());
    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('completed');
    await until('it has said everything twice', () => town.platform.idle() && town.platform.said().length >= 12);
    expect(gpTerms(town).filter((term) => term === 'SWEMWBS')).toHaveLength(2);
  });

  it('is told of a cancellation and confirms it', async () => {
    town.platform.setTemper({ forgetful: true });
    const { task } = await town.gp.refer(transactionReferral());
    await until('it has the referral', () => town.platform.cases().length === 1);
    town.platform.setTemper({ forgetful: false });
    await town.gp.change(task, { status: 'cancelled', statusReason: { text: 'Moves away.' } });
    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('cancelled');
    expect(town.platform.deliveries().map(({ kind, repeat }) => [kind, repeat])).toEqual([
      ['referral', false],
      ['cancel', false],
    ]);
  });

  it('hears what was wrong with a report, where it can be seen, and the referral goes on', async () => {
    town.platform.setTemper({ forgetful: true });
    const { task } = await town.gp.refer(transactionReferral());
    const one = await until('it has the referral', () => town.platform.cases()[0]);
    const body = JSON.stringify({ kind: 'status.changed', referral: one.reference, status: 'taken-on' });
    await town.admin.publish(town.from, body, { type: 'status.changed', contentType: 'application/json' });
    await town.admin.publish(town.from, body, { type: 'made.up', messageId: 'msg-1', contentType: 'application/json' });
    const refusals = await until(
      'both came back',
      () => town.platform.refusals().length === 2 && town.platform.refusals(),
    );
    const rules = refusals.map(({ properties }) => properties.headers);
    const byRule = rules.toSorted((one, other) =>
      String(one?.['x-hearback-rule']).localeCompare(String(other?.['x-hearback-rule'])),
    );
    expect(byRule).toMatchObject([
      { 'x-hearback-rule': 'amqp/message-id', 'x-hearback-status': 400 },
      { 'x-hearback-rule': 'amqp/type', 'x-hearback-status': 400 },
    ]);
    // Refused messages are in the record too, under the id that came back.
    for (const { properties } of refusals) {
      const kept = await town.store.message(String(properties.headers?.['x-hearback-message']));
      expect(kept).toMatchObject({ verdict: 'refused', channel: 'amqp', partner: 'piecemeal' });
    }
    town.platform.say(one, { status: 'taken-on' });
    await untilIs(town, task, 'accepted');
  });

  it('is referred to once for each referral, in order, whatever connection is cut while they are confirmed', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 8 }, async (_, number) => (await town.gp.refer(referralOf({ number }))).task),
    );
    for (let cuts = 1; cuts <= 6; cuts += 1) {
      await until('more was published', () => town.line.published.length >= 4 * cuts);
      town.line.cut();
    }
    await until('all have arrived', () => town.platform.cases().length >= 8);
    for (const task of tasks) await untilClosed(town, task);
    // It takes a message-id once: so each referral is one case, however often its messages came.
    expect(town.platform.cases()).toHaveLength(8);
    expect(new Set(town.platform.cases().map(({ reference }) => reference)).size).toBe(8);
    for (const { reference } of town.platform.cases()) expect(firstTypes(reference).at(-1)).toBe('referral.requested');
    expect(await town.store.holds({ open: true })).toEqual([]);
  });
});

/** Types of the messages of one referral in the order in which each came for the first time. */
function firstTypes(referral: string): string[] {
  const seen = new Map<string, string>();
  for (const { content, properties } of town.platform.taken()) {
    if (JSON.parse(content.toString()).referral !== referral) continue;
    if (!seen.has(String(properties.messageId))) seen.set(String(properties.messageId), String(properties.type));
  }
  return [...seen.values()];
}

describeWithBroker('a platform that speaks AMQP and does not promise to take a message once', () => {
  beforeEach(async () => {
    town = await startAmqpTown({ outlet: [], playbooks: new Map([[NHS_NUMBER, HELPED]]) });
  });

  it('is asked about by a person when a confirmation was cut off, and is sent nothing twice unasked', async () => {
    town.line.set('drop');
    await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'ambiguous-delivery');
    town.line.set('through');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['delivery/ambiguous']);
    await until('the connection is back', () => town.line.connections() > 0);
    await town.stopEngine();
    await town.startEngine();
    await until('the message is there', () => town.platform.taken().length > 0);
    expect(town.platform.taken().map(({ properties }) => properties.type)).toEqual(['person.given']);
    expect(town.line.published.filter(({ body }) => body.includes('familyName'))).toHaveLength(1);
  });

  it('is not told again what came back because no queue takes it: a person sees why', async () => {
    await town.admin.channel.unbindQueue(town.to, town.to, '#');
    await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'refused-delivery');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['delivery/refused', 'amqp/unroutable']);
    expect(town.platform.taken()).toEqual([]);
  });
});

describeWithBroker('a broker that does not answer when the engine starts', () => {
  it('stops nobody from referring, is named as away, and is used as soon as it is there', async () => {
    town = await startAmqpTown({ brokerAnswers: false, playbooks: new Map([[NHS_NUMBER, HELPED]]) });
    const { task } = await town.gp.refer(transactionReferral());
    const { id } = await loopOf(town, task);
    const legs = await until('it waits', async () => {
      const queued = await town.store.legs(id);
      return queued.length > 0 && queued;
    });
    expect(legs.every(({ status, attempts }) => status === 'queued' && attempts === 0)).toBe(true);
    expect(await readiness(town)).toMatchObject([
      200,
      { status: 'ready', dependencies: { borough: expect.stringMatching(/^down: [A-Z_]+$/) } },
    ]);
    town.line.reopen();
    await untilClosed(town, task);
    expect(await readiness(town)).toMatchObject([200, { status: 'ready', dependencies: { borough: 'up' } }]);
    expect(town.platform.cases()).toHaveLength(1);
  });
});

describeWithBroker('a platform that takes and says each thing in one message, over a broker', () => {
  it('closes the loop, and delivery counts when it has said something itself', async () => {
    town = await startAmqpTown({
      outlet: ['    idempotent: true', '    acknowledges: business'],
      shape: {
        shape: wholeMessages(casework),
        mappings: [
          '    mappings: { referral: casework/referral, cancel: casework/cancel }',
          '    mapping: casework/report',
        ],
      },
    });
    const { task } = await town.gp.refer(transactionReferral());
    const one = await until('it has the referral', () => town.platform.cases()[0]);
    const open = await untilLoop(town, task, 'it is confirmed', ({ acknowledged }) => acknowledged.length === 1);
    expect(open.owes.map(({ kind }) => kind)).toContain('deliver');
    town.platform.say(one, { status: 'accepted' });
    const heard = await untilIs(town, task, 'accepted');
    expect(heard.owes.map(({ kind }) => kind)).not.toContain('deliver');
    town.platform.say(one, { status: 'closed-completed' });
    await untilClosed(town, task);
  });
});

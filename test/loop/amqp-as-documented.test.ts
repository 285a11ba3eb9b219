import { afterEach, expect, it } from '@jest/globals';
import { type AmqpTown, startAmqpTown } from '../fixtures/amqp/amqp-town.ts';
import { ASYNCAPI, newMessageJudge } from '../fixtures/amqp/asyncapi.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilIs } from '../fixtures/town/look.ts';
import { until } from '../fixtures/town/until.ts';

let town: AmqpTown;
afterEach(() => town.stop());

describeWithBroker('what goes over a broker', () => {
  it('is as docs/asyncapi.yaml says: every message of a referral that is changed, reported on, refused and cancelled', async () => {
    const playbook = [
      { afterMs: 10, status: 'taken-on' },
      { afterMs: 10, status: 'under-way', note: 'Met.', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
    ];
    town = await startAmqpTown({ playbooks: new Map([[NHS_NUMBER, playbook]]) });
    // A second queue at the platform's exchange sees what it publishes, as it is on the wire.
    const tap = town.admin.name('tap');
    await town.admin.channel.assertQueue(tap, { durable: false, autoDelete: true });
    await town.admin.channel.bindQueue(tap, town.from, '#');
    const reports = await town.admin.watch(tap);

    const { task } = await town.gp.refer(transactionReferral());
    await untilIs(town, task, 'outcome-recorded');
    const { note = [] } = await town.gp.task(task);
    await town.gp.change(task, { note: [...note, { text: 'Has moved in with her sister.' }] });
    await until('it is told', () => town.platform.deliveries().some(({ kind }) => kind === 'update'));
    await town.admin.publish(town.from, '{"kind":', { messageId: 'msg-1', type: 'status.changed' });
    await town.admin.publish(town.from, '{}', { type: 'made.up', messageId: 'msg-2', contentEncoding: 'gzip' });
    await town.gp.change(task, { status: 'cancelled', statusReason: { text: 'Moves away.' } });
    await untilClosed(town, task);
    const refusals = await until(
      'both came back',
      () => town.platform.refusals().length === 2 && town.platform.refusals(),
    );

    const { named, faults } = newMessageJudge();
    const sent = town.platform.taken();
    const said = reports.filter(({ properties }) => properties.appId === 'platform-simulator');
    const judged = [...sent, ...said].map((message) => ({ name: named(message.properties.type), message }));
    expect(judged.flatMap(({ name, message }) => faults(name, message))).toEqual([]);
    expect(refusals.flatMap((message) => faults('refused', message))).toEqual([]);
    // Each message of the document was really seen.
    const seen = new Set(judged.map(({ name }) => name)).add('refused');
    expect(Object.keys(ASYNCAPI.components.messages).filter((name) => !seen.has(name))).toEqual([]);
  });
});

import { afterEach, expect, it } from '@jest/globals';
import { startAmqpTown } from '../fixtures/amqp/amqp-town.ts';
import { ASYNCAPI, newMessageJudge } from '../fixtures/amqp/asyncapi.ts';
import { startGpAmqpTown } from '../fixtures/amqp/gp-amqp-town.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { messageReferral, NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import type { Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
afterEach(() => town.stop());

describeWithBroker('what goes over a broker', () => {
  it('is as docs/asyncapi.yaml says: every message of a referral that is changed, reported on, refused and cancelled', async () => {
    const playbook = [
      { afterMs: 10, status: 'taken-on' },
      { afterMs: 10, status: 'under-way', note: 'Met.', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
    ];
    const platform = await startAmqpTown({ playbooks: new Map([[NHS_NUMBER, playbook]]) });
    town = platform;
    // A second queue at the platform's exchange sees what it publishes, as it is on the wire.
    const tap = platform.admin.name('tap');
    await platform.admin.channel.assertQueue(tap, { durable: false, autoDelete: true });
    await platform.admin.channel.bindQueue(tap, platform.from, '#');
    const reports = await platform.admin.watch(tap);

    const { task } = await town.gp.refer(transactionReferral());
    await untilIs(town, task, 'outcome-recorded');
    const { note = [] } = await town.gp.task(task);
    await town.gp.change(task, { note: [...note, { text: 'Has moved in with her sister.' }] });
    await until('it is told', () => platform.platform.deliveries().some(({ kind }) => kind === 'update'));
    await platform.admin.publish(platform.from, '{"kind":', { messageId: 'msg-1', type: 'status.changed' });
    await platform.admin.publish(platform.from, '{}', { type: 'made.up', messageId: 'msg-2', contentEncoding: 'gzip' });
    await town.gp.change(task, { status: 'cancelled', statusReason: { text: 'Moves away.' } });
    await untilClosed(town, task);
    const refusals = await until(
      'both came back',
      () => platform.platform.refusals().length === 2 && platform.platform.refusals(),
    );

    const { named, faults } = newMessageJudge();
    const sent = platform.platform.taken();
    const said = reports.filter(({ properties }) => properties.appId === 'platform-simulator');
    const judged = [...sent, ...said].map((message) => ({ name: named(message.properties.type), message }));
    expect(judged.flatMap(({ name, message }) => faults(name, message))).toEqual([]);
    expect(refusals.flatMap((message) => faults('refused', message))).toEqual([]);
    // Each message of these channels was really seen.
    const seen = new Set(judged.map(({ name }) => name)).add('refused');
    expect(messagesOf('toPlatform', 'fromPlatform', 'refused').filter((name) => !seen.has(name))).toEqual([]);
  });

  it('is so with a GP system: what it sends, how it is answered, what is refused and what is written back', async () => {
    const practice = await startGpAmqpTown({ outlet: ['acknowledges: business'] });
    town = practice;
    const { meadow, admin, from } = practice;
    const tap = admin.name('tap');
    await admin.channel.assertQueue(tap, { durable: false, autoDelete: true });
    await admin.channel.bindQueue(tap, from, '#');
    const sent = await admin.watch(tap);

    const task = await practice.refers(transactionReferral());
    await practice.refers(transactionReferral()).catch(() => undefined);
    await platformSays(practice, { status: 'accepted' });
    await platformSays(practice, { status: 'active' });
    await until('it was told', () => meadow.taken().length === 1);
    await meadow.acknowledge(String(meadow.taken()[0]?.properties.messageId));
    await meadow.send(cancellation());
    await until('it was told again', () => meadow.taken().length === 2);
    await meadow.acknowledge(String(meadow.taken()[1]?.properties.messageId), { code: 'not-found' });
    const stored = await practice.store.resource('Task', task);
    if (stored === undefined) throw new Error('the Task is gone');
    await meadow.send(stored.resource);
    await until('the duplicate came back', () => meadow.refusals().length > 0);

    const { faults } = newMessageJudge();
    expect(sent.flatMap((message) => faults('fhirSent', message))).toEqual([]);
    expect(meadow.answers().flatMap((message) => faults('answer', message))).toEqual([]);
    expect(meadow.taken().flatMap((message) => faults('writeBack', message))).toEqual([]);
    expect(meadow.refusals().flatMap((message) => faults('refused', message))).toEqual([]);
    expect(sent.length).toBe(meadow.answers().length);
    const seen = ['fhirSent', 'answer', 'refused', 'writeBack'];
    const documented = messagesOf('fromPractice', 'answers', 'refusedOfPractice', 'toPractice');
    expect(new Set(documented)).toEqual(new Set(seen));
  });
});

function messagesOf(...channels: readonly string[]): string[] {
  return channels.flatMap((name) => Object.keys(ASYNCAPI.channels[name]?.messages ?? {}));
}

/** A message that takes back what the transaction referred. */
const cancellation = () => messageReferral('update', 'revoked');

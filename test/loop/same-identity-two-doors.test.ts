import { afterEach, expect, it } from '@jest/globals';
import { piecemeal } from '../../docker/simulators/amqp-platform/piecemeal.ts';
import { type AmqpTown, startAmqpTown } from '../fixtures/amqp/amqp-town.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { plainSecret, report } from '../fixtures/town/plain-platform.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { until } from '../fixtures/town/until.ts';

const NUMBERS = [1, 2, 3, 4, 5, 6];
const OUTWARD = '    mappings: { referral: piecemeal/referral, update: piecemeal/update, cancel: piecemeal/cancel }';
/** The platform has two ways to report: through the broker, and by webhook. */
const INWARD = [
  '    mappings: { status.changed: piecemeal/report, outcome.recorded: piecemeal/report }',
  `  - { type: webhook, secrets: [${plainSecret('piecemeal')}], mapping: piecemeal/report }`,
].join('\n');

await describeOnPostgres('one message that comes through two doors of two engines at once', () => {
  describeWithBroker('over a broker and as a webhook', () => {
    let town: AmqpTown;
    let other: Awaited<ReturnType<AmqpTown['startAnother']>> | undefined;
    afterEach(async () => {
      await other?.stop();
      other = undefined;
      await town.stop();
    });

    it('is known as one, whichever is first', async () => {
      town = await startAmqpTown({ record: 'postgres', shape: { shape: piecemeal, mappings: [OUTWARD, INWARD] } });
      // It takes webhooks and leaves the queue to the first, which has it already.
      other = await town.startAnother();
      const elsewhere = { ...town, url: other.url };
      await Promise.all(NUMBERS.map((number) => town.gp.refer(referralOf({ number }))));
      const cases = await until('all are delivered', () => {
        return town.platform.cases().length === NUMBERS.length && town.platform.cases();
      });
      const reports = cases.map((one, nth) => {
        const [said] = piecemeal.reports(one, { afterMs: 0, status: 'taken-on' }, new Date());
        return { id: `msg_twice-${nth}`, type: said?.type ?? '', body: JSON.stringify(said?.body) };
      });
      const answers = await Promise.all(
        reports.map(async ({ id, type, body }) => {
          const properties = { messageId: id, type, contentType: 'application/json', userId: 'guest' };
          const [webhook] = await Promise.all([
            report(elsewhere, { to: 'piecemeal', contentType: 'application/json', body, id }),
            town.admin.publish(town.from, body, properties, type),
          ]);
          return webhook.status;
        }),
      );
      expect(answers).toEqual(NUMBERS.map(() => 202));
      await until('the other half of each was known again', async () => {
        return (await town.store.counts())['journal.message.repeated'] === NUMBERS.length;
      });
      const loops = await town.store.loops({ limit: 100 });
      const events = await until('each has been worked on', async () => {
        const found = await Promise.all(
          loops.map(async ({ id }) => (await town.store.events(id)).map((one) => one.kind)),
        );
        return found.every((kinds) => kinds.includes('accepted')) && found;
      });
      expect(events).toEqual(NUMBERS.map(() => ['requested', 'accepted']));
      expect(await town.admin.waiting(`${town.from}.refused`)).toBe(0);
    });
  });
});

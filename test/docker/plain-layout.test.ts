import { expect, it } from '@jest/globals';
import { runLayout } from '../../docker/plain/run-layout.ts';
import { BROKER_URL, describeWithBroker, openTestBroker } from '../fixtures/amqp/test-broker.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';

await describeOnPostgres('what docker/compose.yaml describes', (server) => {
  describeWithBroker('as plain processes', () => {
    it('carries a referral in at the door, over webhooks and the broker, and back into the record', async () => {
      const admin = await openTestBroker();
      const prefix = admin.name('to.piecemeal').replace('.to.piecemeal', '');
      admin.name('from.piecemeal');
      try {
        const run = await runLayout({ database: await server.database(), broker: BROKER_URL, prefix });
        expect(run).toMatchObject({ cases: 2, status: 'completed' });
        expect(run.entries).toBeGreaterThan(0);
        expect([...run.services].sort()).toEqual(['casework', 'console', 'door', 'piecemeal', 'practice', 'worker']);
      } finally {
        await admin.stop();
      }
    }, 480_000);
  });
});

import { afterEach, expect, it } from '@jest/globals';
import { verifyRecord } from '../../src/journal/verify-record.ts';
import { type AmqpTown, startAmqpTown } from '../fixtures/amqp/amqp-town.ts';
import { describeWithBroker } from '../fixtures/amqp/test-broker.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { testKey } from '../fixtures/journal/log-keys.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { untilClosed } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { until } from '../fixtures/town/until.ts';

const TEN_MINUTES = 600_000;
const TO_THE_END = ['taken-on', 'under-way', 'done'].map((status) => ({ afterMs: 20, status }));
const NUMBERS = Array.from({ length: 8 }, (_, index) => index + 1);

await describeOnPostgres('two engines whose clocks are twenty minutes apart', () => {
  describeWithBroker('with a platform behind a broker', () => {
    let town: AmqpTown;
    let other: Awaited<ReturnType<AmqpTown['startAnother']>> | undefined;
    afterEach(async () => {
      await other?.stop();
      other = undefined;
      await town.stop();
    });

    async function open(roles: { readonly ahead: string; readonly behind: string }): Promise<void> {
      const engine = (does: string) => [`  roles: [${does}]`];
      const playbooks = new Map([[NHS_NUMBER, TO_THE_END]]);
      town = await startAmqpTown({
        ...{ record: 'postgres', playbooks },
        ...{ clockOffMs: TEN_MINUTES, engine: engine(roles.ahead) },
      });
      other = await town.startAnother({ clockOffMs: -TEN_MINUTES, engine: engine(roles.behind) });
    }

    async function referEach(): Promise<readonly string[]> {
      const gps = [town.gp, other?.gp ?? town.gp];
      const referred = await Promise.all(NUMBERS.map((number) => gps[number % 2]?.refer(referralOf({ number }))));
      return referred.map((one) => one?.task ?? '');
    }

    async function expectEachOnce(tasks: readonly string[]): Promise<void> {
      for (const task of tasks) await untilClosed(town, task);
      const said = town.platform.said().map(({ id }) => id);
      for (const task of tasks) {
        const { state, late } = await untilClosed(town, task);
        expect([state.kind, late]).toEqual(['completed', []]);
        const referral = (await town.store.resource('Task', task))?.referral ?? '';
        const events = await town.store.events(referral);
        expect(events.map(({ kind }) => kind).sort()).toEqual(['accepted', 'completed', 'in-progress', 'requested']);
        // In the order in which the platform said it; a busy machine may make it say things in another one than was arranged.
        const identities = new Map((await town.store.messagesOf(referral)).map(({ id, identity }) => [id, identity]));
        const recorded = events.slice(1).map(({ message }) => identities.get(message ?? ''));
        expect(recorded).toEqual(said.filter((id) => recorded.includes(id)));
      }
      expect(town.platform.cases()).toHaveLength(tasks.length);
      expect(town.platform.deliveries().filter(({ repeat }) => repeat)).toEqual([]);
      const log = await until('all of the log is sealed', async () => {
        const found = await verifyRecord({ log: town.store, keys: [testKey()] });
        return !('unsealed' in found && found.unsealed > 0) && found;
      });
      expect(log).toMatchObject({ entries: expect.any(Number), unsealed: 0 });
    }

    it('deliver, hear and tell each thing once, in its order, and nothing is late', async () => {
      await open({ ahead: 'inlets, workers, console', behind: 'inlets, workers, console' });
      await expectEachOnce(await referEach());
    });

    it('do at once what the one that is ahead records and only the one that is behind works on', async () => {
      await open({ ahead: 'inlets', behind: 'workers' });
      const referred = await Promise.all(NUMBERS.map((number) => town.gp.refer(referralOf({ number }))));
      await expectEachOnce(referred.map(({ task }) => task));
    });
  });
});

import { afterEach, expect, it } from '@jest/globals';
import type { Step } from '../../docker/simulators/platform/playbook.ts';
import { NHS_NUMBER } from '../fixtures/fhir/referral-bundle.ts';
import { describeOnPostgres } from '../fixtures/postgres/test-server.ts';
import { untilClosed, untilLoop } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

await describeOnPostgres('two engines on one record', () => {
  let town: Town;
  let other: Awaited<ReturnType<Town['startAnother']>> | undefined;
  afterEach(async () => {
    await other?.stop();
    await town.stop();
  });

  async function open(playbook: readonly Step[]): Promise<void> {
    town = await startTown({ record: 'postgres', playbooks: new Map([[NHS_NUMBER, playbook]]) });
    other = await town.startAnother();
  }
  const toTheEnd = ['accepted', 'active', 'closed-completed'].map((status) => ({ afterMs: 20, status }));
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1);

  it('take referrals at either door, and each is delivered, answered and written back once', async () => {
    await open(toTheEnd);
    const gps = [town.gp, other?.gp ?? town.gp];
    const referred = await Promise.all(numbers.map((number) => gps[number % 2]?.refer(referralOf({ number }))));
    for (const one of referred) await untilClosed(town, one?.task ?? '');
    expect(town.casework.cases()).toHaveLength(numbers.length);
    expect(town.casework.deliveries().every(({ repeat }) => !repeat)).toBe(true);
    const counts = await town.store.counts();
    expect(counts).toMatchObject({ 'referral.closed': numbers.length, 'leg.acknowledged': expect.any(Number) });
    for (const left of ['leg.queued', 'leg.ambiguous', 'hold.open', 'work.held']) {
      expect(counts).not.toHaveProperty([left]);
    }
  });

  it('know the same message again, whichever of them took it first', async () => {
    await open(toTheEnd);
    const bundle = referralOf({ number: 1 });
    const [first, second] = await Promise.all([town.gp.refer(bundle, 'same-id'), other?.gp.refer(bundle, 'same-id')]);
    expect(second?.task).toBe(first.task);
    await untilClosed(town, first.task);
    expect(await town.store.loops({ limit: 9 })).toHaveLength(1);
  });

  it('go on with what the other left when it stops, without a word lost', async () => {
    await open([]);
    town.casework.setTemper({ down: true });
    const referred = await Promise.all(numbers.map((number) => town.gp.refer(referralOf({ number }))));
    await town.stopEngine();
    town.casework.setTemper({ down: false });
    await until('all of them are delivered', () => town.casework.cases().length === numbers.length);
    expect(town.casework.deliveries().every(({ repeat }) => !repeat)).toBe(true);
    for (const { task } of referred) {
      await untilLoop(town, task, 'its delivery is known', ({ sent }) => sent[0]?.status === 'acknowledged');
    }
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeLoopNow } from '../../src/flow/desk/loop-now.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;

beforeEach(async () => {
  town = await startTown({
    playbooks: new Map([
      [
        NHS_NUMBER,
        [
          { afterMs: 20, status: 'accepted' },
          { afterMs: 20, status: 'active', before: { total: 19, items: [3, 2, 3, 3, 3, 2, 3] } },
          { afterMs: 20, status: 'closed-completed', after: { total: 26, items: [4, 4, 3, 4, 4, 3, 4] } },
        ],
      ],
    ]),
  });
});

afterEach(() => town.stop());

describe('a referral that is completed with wellbeing scores', () => {
  it('reaches the platform once, and the GP record holds the coded outcome', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const loop = await until(
      'the loop is closed',
      async () => (await town.store.loops({ status: 'closed', limit: 1 }))[0],
    );

    expect(loop.parentTask).toBe(task);
    expect(town.casework.cases()).toHaveLength(1);
    expect(town.casework.reportsRefused()).toEqual([]);
    const entries = town.practice.record.patient(NHS_NUMBER).consultations.flatMap((one) => one.entries);
    const scores = entries.filter((entry) => entry.code === '718466001').map((entry) => entry.value);
    expect(scores.sort()).toEqual(['19', '26']);
    expect(await town.gp.task(task)).toMatchObject({
      status: 'completed',
      businessStatus: { coding: [{ code: 'completed' }] },
    });
    const described = await describeLoopNow(loop.id, town.store, { now: new Date().toISOString() });
    expect(described?.owes).toEqual([]);
  });
});

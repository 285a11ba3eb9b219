import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilLoop } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a platform that is down', () => {
  it('is tried again until it is back, gets everything once, and the cancellation after the referral', async () => {
    town.casework.setTemper({ down: true });
    const { task } = await town.gp.refer(transactionReferral());
    const waiting = await untilLoop(town, task, 'it was tried twice', ({ sent }) => (sent[0]?.attempts ?? 0) >= 2);
    expect(waiting.sent).toMatchObject([
      { purpose: 'referral', status: 'queued', lastFailure: expect.stringMatching(/^http-503/) },
    ]);
    expect(waiting.owes).toMatchObject([{ kind: 'deliver', owedBy: 'hearback', owedTo: 'casework' }]);
    await town.gp.change(task, { status: 'cancelled', statusReason: { text: 'Moves away.' } });
    expect(town.casework.deliveries()).toEqual([]);

    town.casework.setTemper({ down: false });
    await untilClosed(town, task);
    expect(town.casework.deliveries()).toMatchObject([
      { kind: 'referral', repeat: false },
      { kind: 'cancel', repeat: false },
    ]);
  });

  it('holds up no other platform', async () => {
    await town.stopEngine();
    await town.startEngine({ routes: ['- { name: both, to: [casework, springboard], all: true }'] });
    town.casework.setTemper({ down: true });
    await Promise.all([1, 2, 3, 4, 5].map((number) => town.gp.refer(referralOf({ number }))));

    await until('springboard has all of them', () => town.springboard.cases().length === 5);
    expect(town.casework.cases()).toEqual([]);
    town.casework.setTemper({ down: false });
    await until('casework has all of them', () => town.casework.cases().length === 5);
    expect(town.casework.deliveries().every(({ repeat }) => !repeat)).toBe(true);
  });
});

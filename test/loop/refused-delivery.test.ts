import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const REFUSES = {
  status: 422,
  body: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'business-rule' }] },
};

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a delivery that is refused for good', () => {
  it('is a hold, and goes out again when a person has mended the cause', async () => {
    town.lines.casework.set({ status: 400 });
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'refused-delivery');
    const tries = town.lines.casework.requests();
    town.lines.casework.set('through');
    expect(tries).toBe(1);
    expect(hold.findings[0]).toMatchObject({ rule: 'delivery/refused', message: expect.stringContaining('http-400') });

    await personDecides(town, hold, 'retry', 'their form was wrong');
    await platformSays(town, { status: 'closed-signposted' });
    await untilClosed(town, task);
    expect(town.casework.deliveries()).toMatchObject([{ kind: 'referral', repeat: false }]);
  });

  it('ends as unmet need, told to the GP with the reason, when a person gives the referral up', async () => {
    town.lines.casework.set({ status: 400 });
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'refused-delivery');
    await personDecides(town, hold, 'abandon', 'they closed down');

    const loop = await untilClosed(town, task);
    expect(loop).toMatchObject({ state: { kind: 'unmet-need' }, sent: [{ status: 'abandoned' }, {}] });
    expect(gpTerms(town)).toEqual(['Need not met']);
    expect(town.casework.deliveries()).toEqual([]);
  });

  it('releases the promise to tell the GP, with the reason, when a person gives a write-back up', async () => {
    town.lines.practice.set(REFUSES);
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    await platformSays(town, { status: 'closed-completed' });
    const hold = await untilHeld(town, 'refused-delivery');
    const held = await untilLoop(town, task, 'a person must decide', ({ owes }) =>
      owes.some(({ kind }) => kind === 'resolve-hold'),
    );
    expect(held.status).toBe('open');
    await personDecides(town, hold, 'abandon', 'told them by telephone');

    const loop = await untilClosed(town, task);
    expect(loop.promised.find(({ kind }) => kind === 'tell-gp')).toMatchObject({
      is: 'released',
      releasedWhy: 'A person gave the write-back up.',
    });
    expect(await town.store.journal({ kind: 'hold.resolved', limit: 5 })).toMatchObject([
      { actor: 'user:pat', detail: { then: 'abandon', reason: 'told them by telephone' } },
    ]);
  });
});

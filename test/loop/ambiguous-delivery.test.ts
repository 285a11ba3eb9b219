import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, loopOf, untilClosed, untilHeld } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
afterEach(() => town.stop());

describe('a delivery that may have arrived, to a platform that does not promise idempotence', () => {
  beforeEach(async () => {
    town = await startTown({ caseworkOutlet: [] });
  });

  it('is held and not sent again until a person has asked, and then under the same id', async () => {
    town.lines.casework.set('answer-lost');
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'ambiguous-delivery');
    town.lines.casework.set('through');
    // Others go on, so the engine had every chance to send the first again.
    await town.gp.refer(referralOf({ number: 2 }));
    await until('the other referral arrived', () => town.casework.cases().length === 2);
    expect(town.lines.casework.requests()).toBe(2);

    await personDecides(town, hold, 'retry', 'they have nothing of the kind');
    await until('it was sent again', () => town.casework.deliveries().length === 3);
    expect(town.casework.deliveries()[2]).toMatchObject({ id: town.casework.deliveries()[0]?.id, repeat: true });
    await platformSays(town, { status: 'closed-signposted' });
    await untilClosed(town, task);
  });

  it.each([
    { name: 'before', personFirst: true },
    { name: 'after', personFirst: false },
  ])('is settled by the platform itself, when a person gave it up $name the report', async ({ personFirst }) => {
    town.lines.casework.set('answer-lost');
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'ambiguous-delivery');
    if (personFirst) await personDecides(town, hold, 'abandon', 'they have it');
    expect((await loopOf(town, task)).status).toBe('open');
    await platformSays(town, { status: 'closed-signposted' });
    if (!personFirst) await personDecides(town, hold, 'abandon', 'they have it');

    const loop = await untilClosed(town, task);
    expect(loop.state.kind).toBe('signposted');
    const delivery = loop.promised.find(({ kind, owedTo }) => kind === 'deliver' && owedTo === 'casework');
    expect(delivery).toMatchObject({ is: 'kept' });
    expect(gpTerms(town)).toEqual(['Signposted']);
    expect(town.casework.deliveries()).toHaveLength(1);
  });
});

describe('a delivery that may have arrived, to a platform that promises idempotence', () => {
  it('is sent again under the same id until it is answered', async () => {
    town = await startTown();
    town.lines.casework.set('answer-lost');
    await town.gp.refer(transactionReferral());
    await until('it was sent twice', () => town.casework.deliveries().length >= 2);
    town.lines.casework.set('through');
    await until('the engine knows', async () => (await town.store.counts())['leg.acknowledged']);

    expect(town.casework.cases()).toHaveLength(1);
    expect(new Set(town.casework.deliveries().map(({ id }) => id)).size).toBe(1);
    expect(await town.store.holds({ open: true })).toEqual([]);
  });
});

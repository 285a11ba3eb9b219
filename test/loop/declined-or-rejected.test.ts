import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, untilClosed } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

/** Social prescribing declined (situation): the person said no. A service's no must never look like it. */
const DECLINED = '871711000000103';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a referral that somebody says no to', () => {
  it('is coded as declined in the GP record when the person said no', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'declined-by-client', reason: 'Does not want help now.' });
    await untilClosed(town, task);

    const [entry, ...more] = gpEntries(town);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ code: DECLINED, term: 'Declined by the person' });
    expect(entry?.note).toContain('Does not want help now.');
    expect(entry?.note).toContain('Ayo Bankole');
    expect(await town.gp.task(task)).toMatchObject({
      status: 'rejected',
      businessStatus: { coding: [{ code: 'declined' }] },
      statusReason: { text: 'Does not want help now.' },
    });
  });

  it('is never coded as declined when the service said no', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'declined-by-service', reason: 'Lives outside the area.' });
    await untilClosed(town, task);

    expect(gpEntries(town)).toMatchObject([{ term: 'Not accepted by the service' }]);
    expect(JSON.stringify(town.practice.record.resources())).not.toContain(DECLINED);
    expect(await town.gp.task(task)).toMatchObject({
      status: 'rejected',
      businessStatus: { coding: [{ code: 'rejected' }] },
    });
  });

  it('is cancelled, and still coded as declined, when the person says no after the service said yes', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'declined-by-client' });
    await untilClosed(town, task);

    expect(gpEntries(town).map(({ code }) => code)).toEqual([undefined, DECLINED]);
    expect((await town.gp.task(task)).status).toBe('cancelled');
  });
});

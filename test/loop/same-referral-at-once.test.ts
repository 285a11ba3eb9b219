import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('one referral that is sent eight times at once, each time as another message', () => {
  it('is one referral: one is taken, the others are refused as duplicates', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => town.gp.send('', transactionReferral())));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
    for (const { status, body } of answers)
      if (status === 409) expect(body.issue).toMatchObject([{ code: 'duplicate' }, { code: 'duplicate' }]);
    expect(await town.store.loops({ limit: 99 })).toHaveLength(1);
    await untilReferred(town);
    expect((await town.gp.send('', transactionReferral())).status).toBe(409);
    expect(town.casework.cases()).toHaveLength(1);
  });
});

import { afterEach, expect, it } from '@jest/globals';
import { messageReferral } from '../fixtures/fhir/referral-bundle.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const ID = { 'x-request-id': '0b54b5a0-6f3a-4d1c-9f5e-000000000001' };

let town: Town;
afterEach(() => town.stop());

it('a BaRS sender that sends a message again is answered 409 duplicate, as BaRS prescribes', async () => {
  town = await startTown({ dialect: 'bars' });
  const first = await town.gp.send('/$process-message', messageReferral(), ID);
  const again = await town.gp.send('/$process-message', messageReferral(), ID);

  expect(first.status).toBe(200);
  expect(again.status).toBe(409);
  expect(again.body.issue).toMatchObject([{ code: 'duplicate', details: { coding: [{ code: 'REC_CONFLICT' }] } }]);
  expect(await town.store.loops({ limit: 10 })).toHaveLength(1);
});

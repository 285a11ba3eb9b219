import { afterEach, describe, expect, it } from '@jest/globals';
import { serviceRequest, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const ID = { 'x-request-id': '0b54b5a0-6f3a-4d1c-9f5e-000000000001' };

let town: Town;
afterEach(() => town.stop());

describe('a message that a GP system sends again', () => {
  it('gets the first answer again, byte for byte, and has one effect', async () => {
    town = await startTown();
    const first = await town.gp.send('', transactionReferral(), ID);
    await untilReferred(town);
    const again = await town.gp.send('', transactionReferral(), ID);

    expect(first.status).toBe(200);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await town.store.loops({ limit: 10 })).toHaveLength(1);
    expect(town.casework.deliveries()).toHaveLength(1);
  });

  it('gets the first answer again when that was a refusal', async () => {
    town = await startTown();
    const wrong = transactionReferral({ request: serviceRequest({ status: 'draft' }) });
    const first = await town.gp.send('', wrong, ID);
    const again = await town.gp.send('', wrong, ID);

    expect(first.status).toBe(422);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
  });

  it('is a conflict when the id was used for other bytes', async () => {
    town = await startTown();
    await town.gp.send('', transactionReferral(), ID);
    const other = await town.gp.send('', transactionReferral({ consent: null }), ID);

    expect(other.status).toBe(409);
    expect(other.body.issue).toMatchObject([{ severity: 'error', code: 'conflict' }]);
    expect(await town.store.loops({ limit: 10 })).toHaveLength(1);
  });

  it('is refused as a duplicate under a new id, and the refusal repeats nothing of the referral', async () => {
    town = await startTown();
    const { answer } = await town.gp.refer(transactionReferral());
    const again = await town.gp.send('', transactionReferral());

    expect(answer.status).toBe(200);
    expect(again.status).toBe(409);
    expect(again.body.issue).toMatchObject(
      [0, 5].map((entry) => ({
        code: 'duplicate',
        expression: [`Bundle.entry[${entry}].resource.identifier[0]`],
      })),
    );
    for (const held of ['SP-0001', 'T-0001', '9990000018', 'Thistlewood', 'Task/'])
      expect(again.text).not.toContain(held);
    expect(await town.store.loops({ limit: 10 })).toHaveLength(1);
  });

  it('is refused for its old Task number alone, which is named', async () => {
    town = await startTown();
    await town.gp.refer(transactionReferral());
    const renumbered = { identifier: [{ system: 'https://gp.example/referral-number', value: 'SP-0009' }] };
    const again = await town.gp.send('', transactionReferral({ request: serviceRequest(renumbered) }));

    expect(again.status).toBe(409);
    expect(again.body.issue).toMatchObject([
      {
        code: 'duplicate',
        details: { text: expect.stringContaining('this identifier of its Task') },
        expression: ['Bundle.entry[5].resource.identifier[0]'],
      },
    ]);
    expect(await town.store.loops({ limit: 10 })).toHaveLength(1);
  });

  it('is a referral of its own when another practice happens to use the same identifier', async () => {
    town = await startTown();
    await town.gp.refer(transactionReferral());
    await town.otherGp.refer(transactionReferral());

    expect(await town.store.loops({ limit: 10 })).toHaveLength(2);
  });
});

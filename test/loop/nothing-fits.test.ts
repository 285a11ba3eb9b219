import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, untilClosed, untilHeld, untilIs } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

const ELSEWHERE = ['- { name: elsewhere, to: [casework], when: { postcode: [SE15] } }'];

let town: Town;
beforeEach(async () => {
  town = await startTown({ routes: ELSEWHERE });
});
afterEach(() => town.stop());

describe('a referral that no route fits', () => {
  it('is unmet need, told to the GP, and a question to a person that says why each route was passed over', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'no-route');
    const loop = await untilIs(town, task, 'unmet-need');

    expect(loop).toMatchObject({ status: 'open', owes: [{ kind: 'resolve-hold', owedBy: 'hearback' }] });
    expect(hold.findings).toMatchObject([{ rule: 'route/no-match', message: expect.stringContaining('"elsewhere"') }]);
    expect(gpTerms(town)).toEqual(['Need not met']);
    expect([...town.casework.deliveries(), ...town.springboard.deliveries()]).toEqual([]);
  });

  it('goes on when a person retries after a route was made', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'no-route');
    await untilIs(town, task, 'unmet-need');
    await town.stopEngine();
    await town.startEngine({ routes: ['- { name: everybody, to: [casework], all: true }'] });
    expect(await personDecides(town, hold, 'retry', 'there is a route now')).toBe(1);

    await platformSays(town, { status: 'accepted' });
    await untilIs(town, task, 'accepted');
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
    expect(gpTerms(town)).toEqual(['Need not met', 'Accepted by the service', 'Completed']);
  });

  it('is closed as unmet need when a person lets it be', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const hold = await untilHeld(town, 'no-route');
    await untilIs(town, task, 'unmet-need');
    await personDecides(town, hold, 'abandon', 'nobody serves this area');

    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'unmet-need', status: 'rejected' } });
    expect(await town.store.journal({ kind: 'hold.resolved', limit: 10 })).toMatchObject([
      { actor: 'user:pat', detail: { then: 'abandon', reason: 'nobody serves this area' } },
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, gpTerms, untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a person who is not reached', () => {
  it('ends the loop as could-not-contact, without a code that means something else', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'could-not-contact', reason: 'Three attempts by telephone.' });
    const loop = await untilClosed(town, task);

    expect(loop.state).toMatchObject({ kind: 'could-not-contact', status: 'failed' });
    const [entry] = gpEntries(town);
    expect(entry).toMatchObject({ term: 'Could not be contacted' });
    expect(entry).not.toHaveProperty('code');
    expect(entry?.note).toContain('Three attempts by telephone.');
  });

  it('is told to the GP when an appointment is missed, and the loop goes on until help was given', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'appointment-booked' });
    await platformSays(town, { status: 'did-not-attend' });
    const waiting = await untilIs(town, task, 'did-not-attend');
    expect(waiting.status).toBe('open');
    expect(waiting.owes.map(({ owedBy, kind }) => `${owedBy} ${kind}`)).toContain('casework outcome');

    await platformSays(town, { status: 'active' });
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
    expect(gpTerms(town)).toEqual(['Accepted by the service', 'Did not attend', 'Completed']);
    expect(gpEntries(town)[1]?.code).toBe('281399006');
  });
});

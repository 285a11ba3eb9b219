import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a referral on a waiting list', () => {
  it('stays open, and the record says what the platform owes and by when', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'waiting-list', reason: 'No befriender is free.', note: 'About six months.' });
    const loop = await untilIs(town, task, 'waiting');

    expect(loop.status).toBe('open');
    expect(loop.owes.map(({ owedBy, kind, late }) => ({ owedBy, kind, late }))).toEqual([
      { owedBy: 'casework', kind: 'outcome', late: false },
      { owedBy: 'casework', kind: 'progress', late: false },
    ]);
    expect(loop.owes[1]?.words).toMatch(/^casework owes news of how it goes on since .*, due /);
    expect(gpEntries(town)).toMatchObject([{ term: 'On a waiting list' }]);
    expect(gpEntries(town)[0]?.note).toContain('About six months.');
    expect(await town.gp.task(task)).toMatchObject({
      status: 'on-hold',
      statusReason: { text: 'No befriender is free.' },
    });
  });
});

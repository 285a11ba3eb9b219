import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, gpTerms, loopOf, untilClosed, untilLoop } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown({ engine: ['  deadlines: { decide: 1s }'] });
});
afterEach(() => town.stop());

describe('a platform that says nothing', () => {
  it('becomes late, which the GP is told and which is never read as a decline; a late answer still closes the loop', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    const late = await untilLoop(town, task, 'the decision is late', (loop) => loop.late.length > 0);
    await until('the GP is told', () => gpEntries(town).length > 0);

    expect(late).toMatchObject({ status: 'open', state: { kind: 'requested', status: 'requested' } });
    expect(late.late).toMatchObject([
      {
        kind: 'decide',
        owedBy: 'casework',
        words: expect.stringMatching(/^casework owes a decision since .*, late by /),
      },
    ]);
    expect(gpEntries(town)).toMatchObject([
      { term: 'No answer from the service', note: expect.stringContaining('Nobody said yes or no') },
    ]);
    expect(gpEntries(town)[0]).not.toHaveProperty('code');

    await platformSays(town, { status: 'closed-signposted' });
    await untilClosed(town, task);
    expect(gpTerms(town)).toEqual(['No answer from the service', 'Signposted']);
  });

  it('is late also when the engine looked in the very millisecond of the deadline', async () => {
    let now = new Date();
    await town.stopEngine();
    await town.startEngine({ road: { clock: { now: () => now } } });
    const { task } = await town.gp.refer(transactionReferral());
    const decide = await until('the decision is owed', async () => {
      const { promised } = await loopOf(town, task);
      return promised.find(({ kind }) => kind === 'decide');
    });
    // What is sent at each instant shows that the engine has looked: the oldest work is done first.
    const lookAt = async (instant: number, number: number) => {
      now = new Date(instant);
      await town.gp.refer(referralOf({ number }));
      await until('the engine has looked', () => town.casework.cases().length === number);
    };
    await lookAt(Date.parse(decide.dueAt), 2);
    await lookAt(Date.parse(decide.dueAt) + 1, 3);

    await untilLoop(
      town,
      task,
      'the decision is late',
      (loop) => loop.late.length > 0 && loop.state.kind === 'requested',
    );
    await until('the GP is told', () => gpTerms(town).includes('No answer from the service'));
  });
});

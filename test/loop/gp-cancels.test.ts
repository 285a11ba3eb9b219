import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, gpTerms, untilClosed, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const CANCELLED = { status: 'cancelled', statusReason: { text: 'Moves away next week.' } } as const;

let town: Town;
beforeEach(async () => {
  town = await startTown({ confirmsCancel: false });
});
afterEach(() => town.stop());

const untilAsked = () =>
  until('the platform was asked to cancel', () => town.casework.deliveries().some(({ kind }) => kind === 'cancel'));

async function underWay(): Promise<string> {
  const { task } = await town.gp.refer(transactionReferral());
  await platformSays(town, { status: 'accepted' });
  await platformSays(town, { status: 'active' });
  await untilIs(town, task, 'in-progress');
  return task;
}

describe('a referral that the GP cancels', () => {
  it('is over at once when nobody has begun, and the platform is told', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    const answer = await town.gp.change(task, CANCELLED);

    expect(answer.body).toMatchObject({ status: 'cancelled', statusReason: { text: 'Moves away next week.' } });
    await untilClosed(town, task);
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral', 'cancel']);
    // The GP said so itself and needs no entry about it.
    expect(gpEntries(town)).toEqual([]);
  });

  it('goes on while the platform has not answered, and ends when it confirms', async () => {
    const task = await underWay();
    expect((await town.gp.change(task, CANCELLED)).body.status).toBe('in-progress');
    await untilAsked();
    const asked = await untilLoop(town, task, 'the answer is owed', ({ owes }) =>
      owes.some(({ kind }) => kind === 'answer-cancel'),
    );
    expect(asked).toMatchObject({ status: 'open', state: { cancel: 'asked' } });

    await platformSays(town, { status: 'cancel-confirmed' });
    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'cancelled', cancel: 'confirmed' } });
    expect(gpTerms(town)).toEqual(['Accepted by the service', 'Cancelled']);
  });

  it('goes on when the platform refuses to cancel, and the GP is told', async () => {
    const task = await underWay();
    await town.gp.change(task, CANCELLED);
    await untilAsked();
    await platformSays(town, { status: 'cancel-refused', note: 'She is on her way to the last meeting.' });

    const loop = await untilLoop(town, task, 'the refusal is told', ({ state, owes }) => {
      return state.cancel === 'refused' && owes.every(({ kind }) => kind !== 'tell-gp');
    });
    expect(loop).toMatchObject({ status: 'open', state: { kind: 'in-progress' } });
    expect(gpTerms(town)).toEqual(['Accepted by the service', 'Cancellation refused by the service']);
  });

  it('is completed when completion overtakes the cancellation, and the GP reads that it came to nothing', async () => {
    const task = await underWay();
    await town.gp.change(task, CANCELLED);
    await untilAsked();
    await platformSays(town, { status: 'closed-completed' });

    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'completed', cancel: 'overtaken' } });
    expect(gpTerms(town)).toEqual(['Accepted by the service', 'Completed']);
    const told = 'The request to cancel came to nothing: it had ended already (Completed).';
    expect(JSON.stringify((await town.gp.task(task)).note)).toContain(told);
    expect(JSON.stringify(town.practice.record.resources())).toContain(told);
  });

  it('is refused the cancellation when it knows already that it was completed', async () => {
    const task = await underWay();
    await platformSays(town, { status: 'closed-completed' });
    await untilClosed(town, task);
    const answer = await town.gp.change(task, CANCELLED);

    expect(answer.status).toBe(422);
    expect(answer.body.issue).toMatchObject([
      { details: { text: 'The Task has ended; only entered-in-error can follow.' } },
    ]);
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral']);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { messageReferral } from '../fixtures/fhir/referral-bundle.ts';
import { untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

async function onlyTask(): Promise<string> {
  const [loop, ...more] = await town.store.loops({ limit: 5 });
  if (loop === undefined || more.length > 0) throw new Error('one referral is expected');
  return loop.parentTask;
}

describe('a BaRS message that cancels', () => {
  it.each(['update', 'delete'] as const)('takes the referral back from the platform (reason %s)', async (reason) => {
    town = await startTown({ dialect: 'bars' });
    await town.gp.send('/$process-message', messageReferral());
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'active' });
    const task = await onlyTask();
    await untilIs(town, task, 'in-progress');
    const answer = await town.gp.send('/$process-message', messageReferral(reason, 'revoked'));

    expect(answer.status).toBe(200);
    // The platform confirms by itself here.
    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'cancelled' } });
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral', 'cancel']);
  });

  it('ends a referral at once that nobody has accepted', async () => {
    town = await startTown({ dialect: 'bars', confirmsCancel: false });
    await town.gp.send('/$process-message', messageReferral());
    await untilReferred(town);
    await town.gp.send('/$process-message', messageReferral('update', 'revoked'));

    const task = await onlyTask();
    expect(await untilClosed(town, task)).toMatchObject({ state: { kind: 'cancelled' } });
    // A loop is not closed before everybody who must know was told.
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral', 'cancel']);
    expect(await town.store.journal({ kind: 'loop.closed', limit: 5 })).toHaveLength(1);
  });

  it('is refused when the referral has ended, and nobody is troubled with it', async () => {
    town = await startTown({ dialect: 'bars' });
    await town.gp.send('/$process-message', messageReferral());
    await platformSays(town, { status: 'closed-completed' });
    const task = await onlyTask();
    await untilClosed(town, task);
    const answer = await town.gp.send('/$process-message', messageReferral('update', 'revoked'));

    expect(answer.status).toBe(422);
    expect(answer.body.issue).toContainEqual(expect.objectContaining({ expression: ['ServiceRequest.status'] }));
    expect(town.casework.deliveries().map(({ kind }) => kind)).toEqual(['referral']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, untilClosed, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown({ confirmsCancel: false });
});
afterEach(() => town.stop());

describe('a referral that was entered in error', () => {
  it('ends for everybody, the platform is told, and nothing said afterwards counts', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'active' });
    await untilIs(town, task, 'in-progress');
    const answer = await town.gp.change(task, { status: 'entered-in-error', statusReason: { text: 'Wrong patient.' } });

    expect(answer.body.status).toBe('entered-in-error');
    await until('the platform is told', () => town.casework.deliveries().some(({ kind }) => kind === 'cancel'));
    await untilClosed(town, task);

    await platformSays(town, { status: 'closed-completed' });
    const heard = await untilLoop(town, task, 'the late word is on record', ({ timeline }) =>
      timeline.some(({ what }) => what === 'event completed'),
    );
    expect(heard).toMatchObject({ status: 'closed', state: { kind: 'entered-in-error' } });
    expect(heard.timeline.find(({ what }) => what === 'event completed')?.ignored).toBe('void');
    expect(gpTerms(town)).toEqual(['Accepted by the service']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, untilClosed, untilIs } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown({ routes: ['- { name: both, to: [casework, springboard], all: true }'] });
});
afterEach(() => town.stop());

async function statusOf(task: string): Promise<string> {
  return (await town.gp.task(task)).status;
}

describe('a referral that two platforms share', () => {
  it('is a parent Task that follows its children to the end of the last', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { by: 'casework', status: 'accepted' });
    await untilIs(town, task, 'accepted');
    expect(await statusOf(task)).toBe('accepted');

    await platformSays(town, { by: 'springboard', status: 'Not eligible', reason: 'Lives outside the area.' });
    await platformSays(town, { by: 'casework', status: 'active' });
    const half = await untilIs(town, task, 'in-progress');
    expect(half.children).toMatchObject([
      { partner: 'casework', kind: 'in-progress', terminal: false },
      { partner: 'springboard', kind: 'rejected', terminal: true },
    ]);
    expect(half.owes.every(({ owedBy }) => owedBy === 'casework')).toBe(true);

    await platformSays(town, { by: 'casework', status: 'closed-completed' });
    const loop = await untilClosed(town, task);
    expect(loop.state).toMatchObject({ kind: 'completed', status: 'completed' });
    // Sorted: springboard's form says its times to the second only.
    expect(gpTerms(town).toSorted()).toEqual(['Accepted by the service', 'Completed', 'Not accepted by the service']);
    const children = (await town.gp.read(`/Task?part-of=Task/${task}`)).body;
    expect(children.total).toBe(2);
  });

  it('sends each platform its own part, in its own shape, and nothing of the other', async () => {
    await town.gp.refer(transactionReferral());
    await platformSays(town, { by: 'casework', status: 'accepted' });
    await platformSays(town, { by: 'springboard', status: 'Eligible' });

    const [nested] = town.casework.cases();
    const [flat] = town.springboard.cases();
    expect(nested?.received).toMatchObject({ case: { client: { nhsNumber: '9990000018' } } });
    expect(flat?.received).toMatchObject({ form: 'referral-v2', nhs_no: '9990000018', last_name: 'Thistlewood' });
    expect(nested?.reference).toBe(flat?.reference);
    expect(nested?.taskReference).not.toBe(flat?.taskReference);
    expect(JSON.stringify(flat)).not.toContain(nested?.taskReference);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { loopOf, untilClosed, untilLoop } from '../fixtures/town/look.ts';
import { platformSays } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown({ writable: false });
});
afterEach(() => town.stop());

async function untilNewsIsOwed(task: string, times: number): Promise<void> {
  await untilLoop(town, task, `${times} pieces of news are owed`, ({ owes }) => {
    return owes.filter(({ kind }) => kind === 'tell-gp').length === times;
  });
}

describe('a GP system that is not written to', () => {
  it('keeps the loop open until it has read the last version of the Task, and finds everything there', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'accepted' });
    await untilNewsIsOwed(task, 1);
    await town.gp.task(task);
    await untilNewsIsOwed(task, 0);

    await platformSays(town, { status: 'closed-completed', note: 'Joined a walking group.', after: { total: 26 } });
    await untilNewsIsOwed(task, 1);
    // Reading something else of the referral is not hearing it.
    expect((await town.gp.read('/Observation?patient.identifier=9990000018')).body.total).toBe(1);
    expect(await loopOf(town, task)).toMatchObject({ status: 'open', state: { kind: 'completed' } });

    const read = await town.gp.task(task);
    await untilClosed(town, task);
    expect(read).toMatchObject({ status: 'completed', output: [{ valueReference: {} }] });
    expect(read.note?.map(({ text }) => text)).toEqual([
      'Accepted by the service.',
      'Completed: Joined a walking group.',
    ]);
    expect(town.practice.filed()).toEqual([]);
  });

  it('hears as well by a search as by a read', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'closed-signposted' });
    await untilNewsIsOwed(task, 1);
    const found = (await town.gp.read(`/Task?_id=${task}`)).body;

    expect(found).toMatchObject({ total: 1, entry: [{ resource: { status: 'completed' } }] });
    const loop = await untilClosed(town, task);
    expect(loop.promised.find(({ kind }) => kind === 'tell-gp')).toMatchObject({ keptAs: 'read-back' });
  });

  it('has not heard when somebody else was shown nothing', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await platformSays(town, { status: 'closed-signposted' });
    await untilNewsIsOwed(task, 1);

    expect((await town.otherGp.read(`/Task/${task}`)).status).toBe(404);
    expect((await town.otherGp.read(`/Task?_id=${task}`)).body.total).toBe(0);
    expect((await loopOf(town, task)).status).toBe('open');
  });
});

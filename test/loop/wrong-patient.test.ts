import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { casework } from '../../docker/simulators/platform/casework.ts';
import type { Case } from '../../docker/simulators/platform/dialect.ts';
import { gpEntries, loopOf, untilClosed, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { platformSays, postSigned } from '../fixtures/town/platform-says.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const OVER = { afterMs: 0, status: 'closed-completed' };

let town: Town;
beforeEach(async () => {
  town = await startTown({ road: { patienceMs: [10, 10] } });
});
afterEach(() => town.stop());

interface Referred {
  readonly task: string;
  readonly referral: string;
  readonly one: Case;
}

async function refer(number: number): Promise<Referred> {
  const { task } = await town.gp.refer(referralOf({ number }));
  const { id: referral } = await untilLoop(town, task, 'it has arrived', ({ acknowledged }) => acknowledged.length > 0);
  const one = town.casework.cases().find(({ reference }) => reference === referral);
  if (one === undefined) throw new Error('no case');
  return { task, referral, one };
}

async function post(body: unknown): Promise<void> {
  const secret = town.secrets.casework;
  const { status } = await postSigned(town, { to: 'casework', secret, body: JSON.stringify(body) });
  expect(status).toBe(202);
}

describe('a report that names two people at once', () => {
  it('by the reference of one and the case number of another is recorded for neither and waits for a person', async () => {
    const [ada, ben] = [await refer(1), await refer(2)];
    await post(casework.report({ ...ada.one, number: ben.one.number }, OVER, new Date()));

    const hold = await untilHeld(town, 'failed-check');
    expect(hold).toMatchObject({ partner: 'casework', findings: [{ rule: 'report/identity-mismatch' }] });
    for (const { task } of [ada, ben]) expect(await loopOf(town, task)).toMatchObject({ state: { kind: 'requested' } });
    const references = await town.store.referencesOf(ada.referral);
    expect(references.map(({ value }) => value)).not.toContain(ben.one.number);
    expect(gpEntries(town)).toEqual([]);

    expect(await personDecides(town, hold, 'abandon', 'it was a mistake of theirs')).toBe(1);
    await platformSays(town, { about: ben.one, status: 'closed-completed' });
    await untilClosed(town, ben.task);
    expect(await loopOf(town, ada.task)).toMatchObject({ state: { kind: 'requested' } });
  });

  it('by a reference that nobody was given and the case number of somebody waits for a person, too', async () => {
    const ada = await refer(1);
    await post(casework.report({ ...ada.one, reference: 'somebody-else' }, OVER, new Date()));
    expect(await untilHeld(town, 'failed-check')).toMatchObject({ findings: [{ rule: 'report/identity-mismatch' }] });
    expect(await loopOf(town, ada.task)).toMatchObject({ state: { kind: 'requested' } });
  });
});

describe('a platform that answers two referrals with one number of its own', () => {
  it('has taken both, and the number goes on to name the first only: a person asks', async () => {
    const ada = await refer(1);
    town.lines.casework.set({ status: 201, body: { caseId: ada.one.number } });
    const { task } = await town.gp.refer(referralOf({ number: 2 }));
    const ben = await untilLoop(town, task, 'it was taken', ({ acknowledged }) => acknowledged.length > 0);
    town.lines.casework.set('through');

    const hold = await untilHeld(town, 'failed-check');
    expect(hold).toMatchObject({ referral: ben.id, findings: [{ rule: 'delivery/reference-in-use' }] });
    expect((await loopOf(town, task)).owes.map(({ kind }) => kind)).toContain('resolve-hold');
    const named = await town.store.findReferral('casework', ['platform-reference'], ada.one.number);
    expect(named).toMatchObject({ referral: ada.referral });
    await platformSays(town, { about: ada.one, status: 'closed-completed' });
    await untilClosed(town, ada.task);

    await personDecides(town, hold, 'abandon', 'they have corrected it');
    await until('nothing is held', async () => (await town.store.holds({ open: true })).length === 0);
    expect((await loopOf(town, task)).owes.map(({ kind }) => kind)).not.toContain('resolve-hold');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { casework } from '../../docker/simulators/platform/casework.ts';
import { springboard } from '../../docker/simulators/platform/springboard.ts';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpTerms, untilClosed, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { postSigned, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
afterEach(() => town.stop());

async function post(to: 'casework' | 'springboard', body: object): Promise<void> {
  const answer = await postSigned(town, { to, secret: town.secrets[to], body: JSON.stringify(body) });
  expect([answer.status, answer.status === 202 ? '' : await answer.text()]).toEqual([202, '']);
}

async function refer(): Promise<string> {
  const { task } = await town.gp.refer(transactionReferral());
  await untilLoop(town, task, 'it was taken', ({ acknowledged }) => acknowledged.length > 0);
  return task;
}

describe('a platform that reports under its own number alone', () => {
  beforeEach(async () => {
    town = await startTown();
  });

  it('is understood when it speaks in cases', async () => {
    const task = await refer();
    const { clientReference: _, ...report } = Object(
      casework.report(await untilReferred(town), { afterMs: 0, status: 'closed-completed' }, new Date()),
    );
    await post('casework', report);
    await untilClosed(town, task);
    expect(gpTerms(town)).toEqual(['Completed']);
  });

  it('stands in one line with what it says under ours: neither overtakes the other', async () => {
    const task = await refer();
    const one = await untilReferred(town);
    const held = Object(casework.report(one, { afterMs: 0, status: 'pencilled-in' }, new Date()));
    await post('casework', { ...held, clientReference: undefined });
    const hold = await untilHeld(town, 'unmapped-code');
    await post('casework', Object(casework.report(one, { afterMs: 0, status: 'closed-completed' }, new Date())));
    const { id } = await untilLoop(town, task, 'a person owes it', ({ owes }) =>
      owes.some(({ kind }) => kind === 'resolve-hold'),
    );
    expect(await town.store.events(id)).toHaveLength(1);
    await personDecides(town, hold, 'abandon', 'the next one says it all');
    await untilClosed(town, task);
  });
});

describe('a form that only has its own number', () => {
  it('is understood', async () => {
    town = await startTown({ routes: ['- { name: everybody, to: [springboard], all: true }'] });
    const task = await refer();
    const report = Object(
      springboard.report(await untilReferred(town, 'springboard'), { afterMs: 0, status: 'Eligible' }, new Date()),
    );
    await post('springboard', { ...report, ref: '' });
    await untilIs(town, task, 'accepted');
  });
});

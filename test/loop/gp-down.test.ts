import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { gpEntries, gpTerms, untilClosed, untilLoop } from '../fixtures/town/look.ts';
import { platformSays, untilReferred } from '../fixtures/town/platform-says.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

describe('a GP system that cannot be written to for a while', () => {
  it('gets everything in order once it is back, and the loop stays open until then', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    town.practice.setTemper({ down: true });
    await platformSays(town, { status: 'accepted' });
    await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
    const waiting = await untilLoop(town, task, 'both pieces of news are owed', ({ owes }) => owes.length === 2);
    expect(waiting).toMatchObject({ status: 'open', state: { kind: 'completed' } });
    expect(waiting.owes.map(({ words }) => words)).toEqual(
      Array(2).fill(expect.stringMatching(/^Hearback owes riverside the news since/)),
    );

    town.practice.setTemper({ down: false });
    await untilClosed(town, task);
    expect(gpTerms(town)).toEqual(['SWEMWBS', 'Accepted by the service', 'Completed']);
    expect(new Set(town.practice.filed()).size).toBe(2);
  });

  it('has one entry of each kind when its answer to a write is lost', async () => {
    const { task } = await town.gp.refer(transactionReferral());
    await untilReferred(town);
    town.lines.practice.set('answer-lost');
    await platformSays(town, { status: 'closed-completed', after: { total: 26 } });
    await untilLoop(town, task, 'it was tried twice', ({ sent }) =>
      sent.some(({ purpose, attempts }) => purpose === 'write-back' && attempts >= 2),
    );
    town.lines.practice.set('through');

    await untilClosed(town, task);
    expect(town.practice.filed().length).toBeGreaterThanOrEqual(3);
    expect(new Set(town.practice.filed()).size).toBe(1);
    expect(gpEntries(town)).toMatchObject([{ term: 'SWEMWBS', value: '26' }, { term: 'Completed' }]);
  });
});

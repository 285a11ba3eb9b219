import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ofType } from '../../src/core/referral.ts';
import { daysAgo, reportMeasured, untilMeasured } from '../fixtures/town/assessments.ts';
import { gpEntries, untilLoop } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

async function followedUp(before: number, after: number) {
  const { task } = await town.gp.refer(referralOf({ number: 1 }));
  const { id } = await untilLoop(town, task, 'it has arrived', ({ acknowledged }) => acknowledged.length > 0);
  await reportMeasured(town, id, [{ tool: 'SWEMWBS', stage: 'baseline', date: daysAgo(40), total: before }]);
  await untilMeasured(town, id, 1);
  await reportMeasured(town, id, [{ tool: 'SWEMWBS', stage: 'follow-up', date: daysAgo(1), total: after }], {
    status: 'closed-completed',
  });
  const done = await until('the GP has it', () => gpEntries(town).find(({ term }) => term === 'Completed'));
  return { done, observations: ofType(await town.store.dossier(id), 'Observation') };
}

describe('a person whose wellbeing went down', () => {
  it('is flagged in the text of the GP’s item, and in the score by FHIR’s own element', async () => {
    const { done, observations } = await followedUp(24, 19);
    expect(done.note).toMatch(/^DETERIORATED, please review: SWEMWBS\./);
    const [score] = observations.filter(({ valueInteger }) => valueInteger === 19);
    expect(score?.interpretation).toEqual([{ text: 'Deteriorated' }]);
    expect(score?.note?.map(({ text }) => text).join('\n')).toMatch(
      /was 24, now 19\. A change of 3 or more is meaningful \(MHS/,
    );
    const filed = gpEntries(town).find(({ value }) => value === '19');
    expect(filed?.note).toContain('Please review.');
  });

  it('by less than means anything is not', async () => {
    const { done, observations } = await followedUp(24, 22);
    expect(done.note).not.toContain('DETERIORATED');
    expect(observations.flatMap(({ interpretation = [] }) => interpretation)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Assessment, daysAgo, reportMeasured, untilMeasured } from '../fixtures/town/assessments.ts';
import { gpEntries, loopOf, untilHeld, untilLoop } from '../fixtures/town/look.ts';
import { personDecides } from '../fixtures/town/person-decides.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

let town: Town;
beforeEach(async () => {
  town = await startTown();
});
afterEach(() => town.stop());

async function referred() {
  const { task } = await town.gp.refer(referralOf({ number: 1 }));
  const { id } = await untilLoop(town, task, 'it has arrived', ({ acknowledged }) => acknowledged.length > 0);
  return { task, id };
}

/** Nine answers that come to 9, the last of them above nothing. */
const ANSWERS = [1, 1, 2, 1, 0, 1, 1, 1, 1];
const phq9 = (more: Partial<Assessment> = {}): Assessment => ({
  tool: 'PHQ-9',
  stage: 'baseline',
  date: daysAgo(2),
  total: 9,
  items: ANSWERS,
  ...more,
});

const escalated = () => gpEntries(town).filter(({ term }) => term === 'Escalated back to the GP');
const untilEscalated = () => until('the GP is told', () => escalated().length > 0);

describe('an answer about harming oneself', () => {
  it('reaches the GP as an entry of its own, beside the score, and says no more than it must', async () => {
    const { task, id } = await referred();
    await reportMeasured(town, id, [phq9()], { note: 'Talked about her son Tom.' });
    await untilEscalated();
    await until('the score is in the record', () => gpEntries(town).find(({ code }) => code === '720433000'));

    expect(escalated()).toHaveLength(1);
    const [{ note = '' } = {}] = escalated();
    expect(note).toMatch(/^URGENT, please review now: .*harming oneself.*question 9.*Said by Hearback/s);
    expect(note).toContain(daysAgo(2));
    expect(note).not.toMatch(/Tom|better off dead|total|: 9|: 1/);
    const loop = await loopOf(town, task);
    expect(loop.state.kind).toBe('outcome-recorded');
    expect(
      (await town.store.journal({ referral: id, kind: 'event.recorded', limit: 50 })).filter(
        ({ detail }) => detail['rule'] === 'outcome/urgent-answer',
      ),
    ).toHaveLength(1);
  });

  it('reaches the GP at once when the rest of the report is held, and not again when the hold is answered', async () => {
    const { task, id } = await referred();
    await reportMeasured(town, id, [phq9({ total: 12 })]);
    await untilEscalated();

    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['outcome/total-differs', 'outcome/urgent-answer']),
    );
    expect(gpEntries(town).some(({ code }) => code === '720433000')).toBe(false);
    expect((await loopOf(town, task)).state.kind).toBe('requested');

    await personDecides(town, hold, 'abandon', 'the total was a slip; it will be sent again');
    await reportMeasured(town, id, [phq9()]);
    await until('the score is in the record', () => gpEntries(town).find(({ code }) => code === '720433000'));
    expect(escalated()).toHaveLength(1);
  });

  it('reaches the GP at once, and once, when an earlier report of the referral waits for a person', async () => {
    const { task, id } = await referred();
    await reportMeasured(town, id, [phq9({ total: 12, items: [...ANSWERS.slice(0, 8), 0] })]);
    const hold = await untilHeld(town, 'failed-check');
    await reportMeasured(town, id, [phq9()]);
    await untilEscalated();
    expect(gpEntries(town).some(({ code }) => code === '720433000')).toBe(false);
    expect((await loopOf(town, task)).state.kind).toBe('requested');

    await personDecides(town, hold, 'abandon', 'the total was a slip');
    await until('the score is in the record', () => gpEntries(town).find(({ code }) => code === '720433000'));
    expect(escalated()).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['a tenth question, as many forms have', [...ANSWERS, 0]],
    ['words for a number', [...ANSWERS.slice(0, 8), '3 ']],
    ['half a point', [...ANSWERS.slice(0, 8), 2.5]],
    ['more than a number can be', [...ANSWERS.slice(0, 8), 1e300]],
    ['an object for a number', [...ANSWERS.slice(0, 8), { score: 3 }]],
    ['the words of the form', [...ANSWERS.slice(0, 8), 'Nearly every day']],
  ])('is never left out in silence: %s', async (_what, items) => {
    const { id } = await referred();
    await reportMeasured(town, id, [{ ...phq9(), items: items as number[] }]);
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^outcome\/item-/), 'outcome/urgent-answer']),
    );
    await untilEscalated();
  });

  it.each<[string, unknown]>([
    ['answers left out', [1, 1, 3]],
    ['no list at all', { q1: 1, q9: 3 }],
  ])('that may be among answers nobody can tell apart is held: %s', async (_what, items) => {
    const { id } = await referred();
    await reportMeasured(town, id, [{ ...phq9(), items: items as number[] }]);
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map(({ rule }) => rule)).toContain('outcome/item-unknown');
  });

  it('reaches the GP at once when nobody knows what the report says', async () => {
    const { id } = await referred();
    await reportMeasured(town, id, [phq9()], { status: 'pencilled-in' });
    await untilEscalated();
    expect((await untilHeld(town, 'unmapped-code')).findings.map(({ rule }) => rule)).toContain(
      'outcome/urgent-answer',
    );
  });

  it('is said on the hold where it is not known whom it is about, and told to no GP', async () => {
    await referred();
    await reportMeasured(town, '00000000-0000-7000-8000-000000000000', [phq9()], { status: 'pencilled-in' });
    expect((await untilHeld(town, 'unmapped-code')).findings.map(({ rule }) => rule)).toContain(
      'outcome/urgent-answer',
    );
    expect(escalated()).toEqual([]);
  });

  it('that is nothing raises nothing', async () => {
    const { id } = await referred();
    await reportMeasured(town, id, [phq9({ total: 8, items: [...ANSWERS.slice(0, 8), 0] })]);
    await untilMeasured(town, id, 1);
    await until('the score is in the record', () => gpEntries(town).find(({ code }) => code === '720433000'));
    expect(escalated()).toEqual([]);
  });
});

describe('answers that cannot be', () => {
  it.each([
    ['an item out of range', phq9({ items: [4, 1, 2, 1, 0, 1, 1, 1, 0] }), 'outcome/item-range'],
    ['a total out of range', phq9({ total: 28, items: [] }), 'outcome/score-range'],
    [
      'a total that the items do not come to',
      phq9({ total: 10, items: [...ANSWERS.slice(0, 8), 0] }),
      'outcome/total-differs',
    ],
  ])('are held: %s', async (_what, assessment, rule) => {
    const { id } = await referred();
    await reportMeasured(town, id, [assessment]);
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map((finding) => finding.rule)).toContain(rule);
    expect(JSON.stringify(hold.findings)).not.toMatch(/\b28\b|\b10\b/);
  });
});

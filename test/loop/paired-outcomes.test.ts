import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PersonOutcomes, USUAL_WINDOW } from '../../src/core/outcomes/pairs.ts';
import { peopleOutcomes } from '../../src/core/outcomes/people-outcomes.ts';
import type { ScoreSummary } from '../../src/core/outcomes/summarise-pairs.ts';
import { summarisePairs } from '../../src/core/outcomes/summarise-pairs.ts';
import { referralOutcomes } from '../../src/flow/desk/outcome-facts.ts';
import { shownOutcomes } from '../fixtures/instruments/gp-measurements.ts';
import { nhsNumbers } from '../fixtures/instruments/nhs-numbers.ts';
import { answersOf, PRINTED, type PrintedMeans } from '../fixtures/instruments/printed-means.ts';
import { shippedInstruments } from '../fixtures/instruments/shipped.ts';
import { daysAgo, reportMeasured, untilMeasured } from '../fixtures/town/assessments.ts';
import { untilHeld } from '../fixtures/town/look.ts';
import { referralOf } from '../fixtures/town/referrals.ts';
import { runCommand } from '../fixtures/town/run-command.ts';
import { sideBySide } from '../fixtures/town/side-by-side.ts';
import { startTown, type Town } from '../fixtures/town/town.ts';
import { until } from '../fixtures/town/until.ts';

const BEFORE = daysAgo(60);
const AFTER = daysAgo(1);

/** Where people's outcomes are read: the engine's record, or what a GP system's record shows of the same people. */
type ReadPeople = (town: Town, nhsNumbers: readonly string[]) => Promise<PersonOutcomes[]> | PersonOutcomes[];
const READERS: readonly (readonly [string, ReadPeople])[] = [
  ['the record', async (town) => peopleOutcomes(await referralOutcomes(town.store), shippedInstruments())],
  [
    'the GP’s record',
    (town, numbers) => numbers.map((number) => shownOutcomes(town.practice.record.patient(number), BEFORE)),
  ],
];

async function refer(town: Town, number: number, nhsNumber: string): Promise<string> {
  const { task } = await town.gp.refer(referralOf({ number, nhsNumber }));
  const stored = await until('the referral is recorded', () => town.store.resource('Task', task));
  await until('it has reached casework', async () =>
    (await town.store.legs(stored.referral)).some(({ status }) => status === 'acknowledged'),
  );
  return stored.referral;
}

describe.each(PRINTED.map((one) => [one.scheme, one] as const))('%s', (_scheme, printed) => {
  let town: Town;
  beforeAll(async () => {
    town = await startTown();
    await play(town, printed);
  }, 300_000);
  afterAll(() => town.stop());

  it.each(READERS)('prints its means again, read from %s', async (_where, read) => {
    const numbers = nhsNumbers(printed.persons + 3);
    const summaries = await until('everybody has both scores there', async () => {
      const [one, ...more] = summarisePairs(await read(town, numbers), { window: USUAL_WINDOW });
      return one?.paired === printed.persons && [one, ...more];
    });
    expect(summaries.map(({ instrument }) => instrument)).toEqual([printed.instrument]);
    const [{ before, after } = {}] = summaries;
    expect(summaries).toMatchObject([{ paired: printed.persons, onlyAfter: 0 }]);
    expect({ before, after }).toEqual(printed.printed);
  });

  it('says who is missing and why, and the command prints the same', async () => {
    const { printed: lines, status } = await runCommand('outcomes', '--config', town.configFile, '--json');
    const [summary]: ScoreSummary[] = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(summary).toMatchObject({
      ...{ base: printed.persons + 3, paired: printed.persons, onlyBefore: 1, neither: 2, ...printed.printed },
      missing: { declined: 1, 'no-follow-up-yet': 1, 'report-held': 1 },
    });
    expect(lines).not.toMatch(/999\d{7}/);
    const { before, after } = printed.printed;
    const inWords = await runCommand('outcomes', '--config', town.configFile);
    expect(inWords.printed).toContain(`means of the pairs: ${before} before, ${after} after`);
    const suppressed = await runCommand('outcomes', '--config', town.configFile, '--json', '--suppress-under', '5');
    /* With the number of pairs, the three without one would be left over from all. */
    expect(JSON.parse(suppressed.printed)).toMatchObject({
      base: printed.persons + 3,
      paired: null,
      onlyBefore: null,
      neither: null,
      missing: { declined: null },
    });
  });
});

/** Everybody is measured twice; one person only before, one declines, and one's answers cannot be. */
async function play(town: Town, printed: PrintedMeans): Promise<void> {
  const { tool, items } = printed;
  const numbers = nhsNumbers(printed.persons + 3);
  const everybody = [...answersOf(printed).entries()];
  // Each person is waited for several times: one after the other the engine would mostly be idle.
  await sideBySide(8, everybody, async ([index, { before, after }]) => {
    const referral = await refer(town, index + 1, numbers[index] ?? '');
    await reportMeasured(town, referral, [{ tool, stage: 'baseline', date: BEFORE, items: before }]);
    await untilMeasured(town, referral, 1);
    await reportMeasured(town, referral, [{ tool, stage: 'follow-up', date: AFTER, items: after }], {
      status: 'closed-completed',
    });
    await untilMeasured(town, referral, 2);
  });
  const [once = '', declines = '', wrong = ''] = numbers.slice(printed.persons);
  const only = await refer(town, 901, once);
  // Left out of the pairs: with this one the mean before would be another.
  await reportMeasured(town, only, [
    { tool, stage: 'baseline', date: BEFORE, items: Array.from({ length: items }, () => 1) },
  ]);
  await untilMeasured(town, only, 1);
  const no = await refer(town, 902, declines);
  await reportMeasured(town, no, [], { status: 'declined-by-client', reason: { text: 'No interest' } });
  const held = await refer(town, 903, wrong);
  await reportMeasured(town, held, [
    { tool, stage: 'baseline', date: BEFORE, items: Array.from({ length: items }, () => 6) },
  ]);
  await untilHeld(town, 'failed-check');
  await until('the refusal is recorded', async () =>
    (await town.store.events(no)).some(({ kind }) => kind === 'declined'),
  );
}

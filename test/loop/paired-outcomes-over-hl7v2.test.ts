import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SystmOneStyle, startSystmOneStyle } from '../../docker/simulators/gp-systmone-style/practice.ts';
import { USUAL_WINDOW } from '../../src/core/outcomes/pairs.ts';
import { summarisePairs } from '../../src/core/outcomes/summarise-pairs.ts';
import { shownOutcomes } from '../fixtures/instruments/gp-measurements.ts';
import { nhsNumbers } from '../fixtures/instruments/nhs-numbers.ts';
import { answersOf, PRINTED, type PrintedMeans } from '../fixtures/instruments/printed-means.ts';
import { ref } from '../fixtures/mllp/messages.ts';
import { hl7Practice, type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { framed, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { daysAgo, reportMeasured, untilMeasured } from '../fixtures/town/assessments.ts';
import { sideBySide } from '../fixtures/town/side-by-side.ts';
import { until } from '../fixtures/town/until.ts';

const BEFORE = daysAgo(60);
const AFTER = daysAgo(1);

/** Referred over HL7 v2, measured by their answers alone, and read out of a record in the style of SystmOne. */
describe.each(PRINTED.map((one) => [one.scheme, one] as const))('%s', (_scheme, printed) => {
  let town: MllpTown;
  let record: SystmOneStyle;
  beforeAll(async () => {
    let mllp: string | undefined;
    record = await startSystmOneStyle({
      port: 0,
      match: 'off',
      tellsDecisions: 'always',
      autoFileMs: 0,
      ackTo: () => mllp,
    });
    const outlet = [
      'host: 127.0.0.1',
      `port: ${record.port}`,
      'mappings: { write-back: hl7v2/oru-r01 }',
      'acknowledges: business',
    ];
    town = await startMllpTown({ partners: hl7Practice('elm', { inlet: ['port: 0'], outlet }) });
    mllp = town.engine().mllp.get('elm');
    await play(town, printed);
  }, 300_000);
  afterAll(async () => {
    await town.stop();
    await record.stop();
  });

  it('prints its means again, read from a record that was told by ORU^R01', async () => {
    const numbers = nhsNumbers(printed.persons);
    const people = () => numbers.map((number) => shownOutcomes(record.record.patient(number), BEFORE));
    const summaries = await until('everybody has both scores there', () => {
      const all = summarisePairs(people(), { window: USUAL_WINDOW });
      return all[0]?.paired === printed.persons && all;
    });
    expect(summaries).toMatchObject([
      { instrument: printed.instrument, paired: printed.persons, onlyBefore: 0, onlyAfter: 0, ...printed.printed },
    ]);
  });
});

async function play(town: MllpTown, { tool, persons, ...printed }: PrintedMeans): Promise<void> {
  const numbers = nhsNumbers(persons);
  const gp = await rawSender(town.mllpPort('elm'));
  for (const [index, nhsNumber] of numbers.entries()) {
    gp.say(framed(ref({ id: `R-${index + 1}`, number: `SP-${index + 1}`, nhsNumber })));
    await gp.hears(index + 1);
  }
  gp.stop();
  const everybody = [...answersOf({ tool, persons, ...printed }).entries()];
  // Each person is waited for several times: one after the other the engine would mostly be idle.
  await sideBySide(8, everybody, async ([index, { before, after }]) => {
    const referral = await reached(town, `SP-${index + 1}`);
    await reportMeasured(town, referral, [{ tool, stage: 'baseline', date: BEFORE, items: before }]);
    await untilMeasured(town, referral, 1);
    await reportMeasured(town, referral, [{ tool, stage: 'follow-up', date: AFTER, items: after }], {
      status: 'closed-completed',
    });
    await untilMeasured(town, referral, 2);
  });
}

/** The referral that the practice gave this number, once casework has it. */
async function reached({ store }: MllpTown, number: string): Promise<string> {
  const [named] = await store.namesakes('elm', 'resource', `https://gp.example/referral-number|${number}`);
  const referral = named?.referral ?? '';
  await until('it has reached casework', async () =>
    (await store.legs(referral)).some(({ partner, status }) => partner === 'casework' && status === 'acknowledged'),
  );
  return referral;
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ofType } from '../../src/core/referral.ts';
import { NHS_NUMBER, transactionReferral } from '../fixtures/fhir/referral-bundle.ts';
import { OTHER_NHS_NUMBER } from '../fixtures/mllp/adt.ts';
import { type MllpTown, startMllpTown } from '../fixtures/mllp/mllp-town.ts';
import { oru, siu } from '../fixtures/mllp/platform-messages.ts';
import { ackOf, framed, type RawSender, rawSender } from '../fixtures/mllp/raw-sender.ts';
import { gpEntries, untilHeld, untilIs, untilLoop } from '../fixtures/town/look.ts';
import { type PlainPlatform, startPlainPlatform } from '../fixtures/town/plain-platform.ts';
import { until } from '../fixtures/town/until.ts';

/** A hub that is told by webhook and reports by HL7 v2. */
let hub: PlainPlatform;
let town: MllpTown;
let link: RawSender;
let task: string;
let ours: string;
beforeEach(async () => {
  hub = await startPlainPlatform();
  const mappings = {
    'SIU^S12': 'hl7v2/siu',
    'SIU^S15': 'hl7v2/siu',
    'SIU^S26': 'hl7v2/siu',
    'ORU^R01': 'hl7v2/oru-report',
  };
  const partner = hub
    .partner('hub')
    .map((line) =>
      line.replace(/inlets: .*/, `inlets: [{ type: mllp, port: 0, mappings: ${JSON.stringify(mappings)} }]`),
    )
    .map((line) => line.replace('hub/referral', 'casework/referral'));
  town = await startMllpTown({
    partners: partner,
    routes: ['- { name: hub, to: [hub], all: true }'],
    road: { patienceMs: [10, 50] },
  });
  link = await rawSender(town.mllpPort('hub'));
  ({ task } = await town.gp.refer(transactionReferral()));
  const [sent] = await until('the hub has it', () => hub.arrived().length > 0 && hub.arrived());
  ours = JSON.parse(sent?.body ?? '{}').clientReference;
});
afterEach(async () => {
  link.stop();
  await town.stop();
  await hub.stop();
});

async function say(message: string): Promise<string> {
  const before = link.heard().length;
  link.say(framed(message));
  return ackOf((await link.hears(before + 1))[before]);
}

const minutes = (number: number) => new Date(Date.now() + number * 60_000);

describe('a platform that reports appointments over HL7 v2', () => {
  it('booked, cancelled, booked again and not attended are what the referral is, one after the other', async () => {
    const about = { ours, theirs: 'CASE-1' };
    expect(
      await say(siu({ id: 'S-1', event: 'S12', appointment: 'AP-1', start: minutes(60), at: minutes(-4), ...about })),
    ).toBe('AA S-1');
    const booked = await untilIs(town, task, 'scheduled');
    expect(booked.state.status).toBe('in-progress');
    await say(
      siu({
        id: 'S-2',
        event: 'S15',
        appointment: 'AP-1',
        start: minutes(60),
        at: minutes(-3),
        reason: 'Worker is ill',
        ...about,
      }),
    );
    const cancelled = await untilIs(town, task, 'in-progress');
    expect([cancelled.state.terminal, cancelled.state.cancel]).toEqual([false, 'none']);
    // From here on it is named by the platform's own number alone.
    await say(
      siu({ id: 'S-3', event: 'S12', appointment: 'AP-2', start: minutes(-1), at: minutes(-2), theirs: 'CASE-1' }),
    );
    await untilIs(town, task, 'scheduled');
    await say(siu({ id: 'S-4', event: 'S26', appointment: 'AP-2', start: minutes(-1), theirs: 'CASE-1' }));
    const missed = await untilIs(town, task, 'did-not-attend');
    expect(missed.state.terminal).toBe(false);
    await until('the practice reads it', () => gpEntries(town).some(({ term }) => term.includes('Did not attend')));
    expect(gpEntries(town).some(({ term }) => term.includes('declined'))).toBe(false);
  });

  it('is found by the number of the appointment alone, once that came with our reference', async () => {
    await say(siu({ id: 'S-1', event: 'S12', appointment: 'AP-1', start: minutes(-2), at: minutes(-4), ours }));
    await untilIs(town, task, 'scheduled');
    await say(siu({ id: 'S-2', event: 'S26', appointment: 'AP-1', start: minutes(-2) }));
    await untilIs(town, task, 'did-not-attend');
  });
});

describe('a platform that reports results over HL7 v2', () => {
  it('answers and totals reach the record of the practice, with their codes and units', async () => {
    const obx = [
      'NM|718466001^Short Warwick-Edinburgh Mental Well-being Scale score^SCT||26||7-35||||F',
      'NM|WB7-1^Question 1^99SITE|1|4||||||F',
      'ST|WB7-2^Question 2^99SITE|2|Often, I think||||||F',
      'NM|WGT^Weight^99SITE||71.5|kg^kg^UCUM|||||F',
    ];
    expect(await say(oru({ id: 'O-1', ours, obx }))).toBe('AA O-1');
    await untilIs(town, task, 'outcome-recorded');
    const entries = await until('the practice has it', () => {
      const found = gpEntries(town);
      return found.some(({ code }) => code === '718466001') && found;
    });
    expect(entries.filter(({ code }) => code === '718466001').map(({ value }) => value)).toEqual(['26']);
    const snapshot = await town.store.snapshot((await town.store.resource('Task', task))?.referral ?? '');
    const results = ofType(snapshot?.dossier ?? { resourceType: 'Bundle', type: 'collection' }, 'Observation');
    expect(results.flatMap(({ valueQuantity }) => valueQuantity ?? [])).toEqual([
      { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    ]);
    const [answers] = ofType(
      snapshot?.dossier ?? { resourceType: 'Bundle', type: 'collection' },
      'QuestionnaireResponse',
    );
    expect(answers?.item?.map(({ linkId, answer }) => [linkId, answer?.[0]])).toEqual([
      ['1', { valueInteger: 4 }],
      ['2', { valueString: 'Often, I think' }],
    ]);
  });

  it('the same results under another MSH-10 are no second measurement', async () => {
    const at = minutes(-1);
    const obx = ['NM|WGT^Weight^99SITE||71.5|kg^kg^UCUM|||||F'];
    await say(oru({ id: 'O-1', ours, obx, at }));
    await untilIs(town, task, 'outcome-recorded');
    await say(oru({ id: 'O-2', ours, obx, at }));
    await until(
      'both are read',
      async () => (await town.store.journal({ kind: 'event.repeated', limit: 9 })).length === 1,
    );
  });

  it('as many results as would hold up every other message are refused at once, and read by nobody', async () => {
    const obx = Array.from({ length: 501 }, (_, index) => `ST|N${index}^Note^99SITE||x||||||F`);
    link.say(framed(oru({ id: 'O-1', ours, obx })));
    const [answer] = await link.hears(1);
    expect(ackOf(answer)).toBe('AE O-1');
    expect(String(answer)).toContain('ERR||OBX^501|104^');
    expect(gpEntries(town)).toEqual([]);
  });

  it('a result that takes one back waits for a person, and nothing of it reaches the practice', async () => {
    await say(oru({ id: 'O-1', ours, obx: ['NM|WGT^Weight^99SITE||71.5|kg^kg^UCUM|||||W'] }));
    const hold = await untilHeld(town, 'unmapped-code');
    expect(JSON.stringify(hold.findings)).toContain('hl7-result-status-to-observation-status');
    expect(gpEntries(town)).toEqual([]);
  });
});

describe('a platform that sends the answers of a measure over HL7 v2', () => {
  const answers = (ninth: number, status = 'F') =>
    [1, 1, 2, 1, 0, 1, 1, 1, ninth].map(
      (value, index) => `NM|PHQ${index + 1}^Question ${index + 1}^99SITE|${index + 1}|${value}||||||${status}`,
    );
  /** MSH-10 of the messages of which the GP was told at once. */
  const escalated = async () => {
    const entries = await town.store.journal({ kind: 'event.recorded', limit: 99 });
    const urgent = entries.filter(({ detail }) => detail['rule'] === 'outcome/urgent-answer');
    return Promise.all(urgent.map(async ({ message = '' }) => (await town.store.message(message))?.identity));
  };

  it('has them scored, by the name that the form has in OBR-4, and what is urgent told at once', async () => {
    await say(oru({ id: 'O-1', ours, form: 'PHQ-9', obx: answers(1) }));
    const entries = await until('the practice has the score', () => {
      const found = gpEntries(town);
      return found.some(({ code }) => code === '720433000') && found;
    });
    expect(entries.filter(({ code }) => code === '720433000').map(({ value }) => value)).toEqual(['9']);
    expect(await escalated()).toEqual(['O-1']);
  });

  it('tells nobody of what is urgent when the number is another patient’s, whatever else it is held for', async () => {
    const at = minutes(-10);
    await say(oru({ id: 'O-1', ours, nhsNumber: OTHER_NHS_NUMBER, form: 'PHQ-9', at, obx: answers(3, 'W') }));
    const hold = await untilHeld(town, 'unmapped-code');
    expect(hold.findings.map(({ rule }) => rule)).toContain('outcome/urgent-answer');
    await say(oru({ id: 'O-2', ours, nhsNumber: OTHER_NHS_NUMBER, form: 'PHQ-9', at, obx: answers(3) }));
    // Taken up after the two before it: when this one is told, they have been decided.
    await say(oru({ id: 'O-3', ours, form: 'PHQ-9', obx: answers(2) }));
    await until('the one that is theirs is told', async () => (await escalated()).includes('O-3'));
    expect(await escalated()).toEqual(['O-3']);
    const held = await town.store.holds({ open: true });
    expect(held.map(({ kind }) => kind)).toEqual(['unmapped-code']);
  });
});

describe('a platform that names another patient', () => {
  it('by the right reference and a wrong NHS number is held, and recorded nowhere', async () => {
    await say(oru({ id: 'O-1', ours, nhsNumber: OTHER_NHS_NUMBER, obx: ['ST|N^Note^L||Other person||||||F'] }));
    const hold = await untilHeld(town, 'failed-check');
    expect(hold.findings.map(({ rule }) => rule)).toEqual(['report/other-patient']);
    expect(JSON.stringify(hold)).not.toContain(OTHER_NHS_NUMBER);
    await untilLoop(town, task, 'it waits', ({ holds, state }) => holds.length === 1 && state.kind === 'requested');
    expect(gpEntries(town, NHS_NUMBER)).toEqual([]);
  });

  it('by a reference that nobody gave it is held as unknown', async () => {
    expect(await say(oru({ id: 'O-1', theirs: 'NOBODY', obx: ['ST|N^Note^L||x||||||F'] }))).toBe('AA O-1');
    await untilHeld(town, 'unknown-referral');
  });

  it('by none at all is refused at once', async () => {
    expect(await say(oru({ id: 'O-1', obx: ['ST|N^Note^L||x||||||F'] }))).toBe('AE O-1');
    expect(await say(siu({ id: 'S-1', event: 'S12', appointment: '', start: minutes(9) }))).toBe('AE S-1');
  });
});

import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { runExample } from '../../../../src/core/outcomes/run-examples.ts';
import { scoreCodeFindings } from '../../../../src/core/outcomes/score-code-findings.ts';
import { testInstruments } from '../../../../src/core/outcomes/test-instruments.ts';
import { instrumentOf, shippedInstrumentFiles, shippedInstruments } from '../../../fixtures/instruments/shipped.ts';
import { shippedTerminology } from '../../../fixtures/terminology/shipped.ts';

const { instruments, results, findings } = testInstruments(shippedInstrumentFiles());

describe('the worked examples beside the shipped instruments', () => {
  it('are sound files', () => expect(findings).toEqual([]));

  it.each(results.map((one) => [one.instrument, one.name, one.differences] as const))(
    '%s: %s',
    (_instrument, _name, differences) => expect(differences).toEqual([]),
  );

  it('can fail: each part of an expectation is compared', () => {
    const phq9 = instrumentOf('phq-9');
    const run = (expected: object) =>
      runExample({ name: 'x', answers: [2, 2, 1, 3, 0, 1, 1, 0, 1], expect: expected }, phq9, shippedInstruments()).map(
        ({ what }) => what,
      );
    expect(run({ scores: { total: 11 }, urgent: ['self-harm'] })).toEqual([]);
    expect(run({ scores: { total: 12 }, urgent: ['self-harm'] })).toEqual(['scores']);
    expect(run({ scores: { total: 11 } })).toEqual(['urgent']);
    expect(run({ scores: { total: 11 }, urgent: ['self-harm'], findings: ['item-range'] })).toEqual(['findings']);
    expect(run({ scores: { total: 11 }, urgent: ['self-harm'], held: true })).toEqual(['held']);
    const change = { score: 'total', from: 15, to: 9 };
    const changed = (expected: object) =>
      runExample(
        { name: 'x', change, expect: { change: { by: -6, way: 'better', ...expected } } },
        phq9,
        shippedInstruments(),
      );
    expect(changed({ meaningful: true })).toEqual([]);
    expect(changed({ meaningful: false })).toHaveLength(1);
  });

  it('are there for each rule of each instrument: a missing item, an answer out of range, and a change', () => {
    for (const { instrument, items, scores } of instruments.all) {
      const own = results.filter((one) => one.instrument === instrument);
      expect([instrument, own.length > 0]).toEqual([instrument, true]);
      const text = own.map(({ name }) => name).join('\n');
      if (scores.some(({ rule }) => rule === 'sum' || rule === 'mean')) {
        expect([instrument, /missing/i.test(text), /rejected/i.test(text)]).toEqual([instrument, true, true]);
      }
      if (items.length > 0 && scores.some(({ direction }) => direction !== 'none')) {
        expect([instrument, /better|worse/i.test(text)]).toEqual([instrument, true]);
      }
    }
  });
});

describe('the shipped instruments', () => {
  const names = [
    'WEMWBS',
    'SWEMWBS',
    'PHQ-9',
    'GAD-7',
    'ONS4',
    'PAM level',
    'EQ-5D-5L',
    'CORE-10',
    'ReQoL-10',
    'ReQoL-20',
    'MSK-HQ',
    'Wellbeing Star',
    'Wellbeing-Star-Merton',
    'SAIL I statements',
    'Time and Talents survey',
    'Top 3 Goals',
    'UCLA-3',
    'MYCaW',
    'Friends and Family Test',
    'Vital signs',
    'Peer-Support',
    'Quality of life impact',
    'Wellbeing gauge',
    'HADS',
    'Safeguarding concern',
  ];
  it.each(names)('have %s', (name) => expect(instruments.byQuestionnaire(name)).toBeDefined());

  it('use no code that no source describes', () => {
    expect(scoreCodeFindings(instruments, shippedTerminology().codes, 'terminology')).toEqual([]);
  });

  it('say which variant is whose, and never pool it', () => {
    const star = instruments.byQuestionnaire('Wellbeing-Star-Merton');
    expect(star).toMatchObject({ variantOf: 'wellbeing-star', variant: 'Merton, printed 0 to 5', kind: 'bespoke' });
    expect(star?.scores[0]?.code.code).not.toBe(instruments.byQuestionnaire('wellbeing-star')?.scores[0]?.code.code);
  });

  it('have wording only where the licence lets it be shipped', () => {
    const worded = instruments.all
      .filter(({ items }) => items.some(({ text }) => text !== undefined))
      .map(({ instrument }) => instrument);
    expect(worded.sort()).toEqual(['gad-7', 'phq-9']);
  });

  it.each(instruments.all.map((one) => [one.instrument, one] as const))(
    'make a Questionnaire that is FHIR R4: %s',
    (_id, one) => {
      const questionnaire = instruments.questionnaire(one);
      expect(checkStructure(questionnaire, loadR4Model())).toEqual([]);
      expect(questionnaire).toMatchObject({ url: one.url, version: one.version, status: 'active' });
    },
  );
});

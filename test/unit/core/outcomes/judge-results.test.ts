import { describe, expect, it } from '@jest/globals';
import type { Observation, QuestionnaireResponse } from 'fhir/r4.js';
import type { ReportedResult } from '../../../../src/core/loop/report/read-report.ts';
import { judgeResults } from '../../../../src/core/outcomes/judge-results.ts';
import { shippedInstruments } from '../../../fixtures/instruments/shipped.ts';

const instruments = shippedInstruments();
const PHQ9 = { system: 'http://snomed.info/sct', code: '720433000' };

const answers = (
  values: readonly (number | undefined)[],
  authored = '2026-11-20',
  questionnaire = 'https://hearback.example/fhir/Questionnaire/phq-9',
): ReportedResult => {
  const resource: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    questionnaire,
    status: 'completed',
    authored,
    item: values.map((value, index) => ({
      linkId: String(index + 1),
      ...(value !== undefined && { answer: [{ valueInteger: value }] }),
    })),
  };
  return { resource };
};

const total = (
  value: number | undefined,
  effectiveDateTime = '2026-11-20',
  more: Partial<Observation> = {},
): ReportedResult => ({
  resource: {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [PHQ9], text: 'PHQ-9' },
    effectiveDateTime,
    ...(value !== undefined && { valueInteger: value }),
    ...more,
  },
});

const TEN = [2, 2, 1, 3, 0, 1, 1, 0, 0];
const rules = (...results: ReportedResult[]) =>
  judgeResults(results, instruments).findings.map(({ severity, rule, place }) => [severity, rule, place.expression]);

describe('the results of a report', () => {
  it('get the score that nobody stated, derived from its answers', () => {
    const { results, findings } = judgeResults([answers(TEN)], instruments);
    expect(findings).toEqual([]);
    expect(results).toMatchObject([
      {
        fullUrl: 'urn:hearback:result:0',
        resource: { questionnaire: 'https://hearback.example/fhir/Questionnaire/phq-9|1.0.0' },
      },
      {
        resource: {
          code: { coding: [PHQ9] },
          valueInteger: 10,
          effectiveDateTime: '2026-11-20',
          derivedFrom: [{ reference: 'urn:hearback:result:0' }],
        },
      },
    ]);
  });

  it('keep what the person answered and nothing else among the answers', () => {
    const { results } = judgeResults([answers(TEN)], instruments);
    const [first] = results;
    expect(first?.resource.resourceType === 'QuestionnaireResponse' && first.resource.item?.length).toBe(9);
  });

  it('keep the one score that was stated and agrees, and link it', () => {
    const { results, findings } = judgeResults([total(10), answers(TEN)], instruments);
    expect(findings).toEqual([]);
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({
      resource: { valueInteger: 10, derivedFrom: [{ reference: 'urn:hearback:result:1' }] },
    });
  });

  it('are held where a stated score differs, at its place', () => {
    expect(rules(total(12), answers(TEN))).toEqual([
      ['error', 'outcome/total-differs', 'Bundle.entry.resource.ofType(Observation)[0].value'],
    ]);
  });

  it('compare each day with its own day', () => {
    const before = answers([3, 3, 3, 3, 3, 3, 3, 3, 0], '2026-10-01');
    expect(rules(total(24, '2026-10-01'), total(10), before, answers(TEN))).toEqual([]);
    expect(rules(total(10, '2026-10-01'), total(24), before, answers(TEN))).toHaveLength(2);
  });

  it('of one day find their own answers in whatever order they come', () => {
    const other = answers([3, 3, 3, 3, 3, 3, 3, 3, 0]);
    expect(rules(total(10), total(24), other, answers(TEN))).toEqual([]);
  });

  it('name the place of an answer that cannot be, in the response that it is in', () => {
    expect(rules(answers(TEN), answers([2, 2, 1, 4, 0, 1, 1, 0, 0], '2026-11-21'))).toEqual([
      ['error', 'outcome/item-range', 'Bundle.entry.resource.ofType(QuestionnaireResponse)[1].item[3].answer[0].value'],
    ]);
  });

  it('say how many items were filled, on the score itself', () => {
    const { results, findings } = judgeResults([answers([2, 2, 2, 2, 2, 2, 2, 2, undefined])], instruments);
    expect(findings).toMatchObject([{ severity: 'warning', rule: 'outcome/items-filled' }]);
    expect(results[1]).toMatchObject({
      resource: {
        valueInteger: 18,
        note: [{ authorString: 'Hearback', text: expect.stringContaining('1 of 9 items') }],
      },
    });
  });

  it('put the number into an Observation that named the score and left it to us, and keep what was said of it', () => {
    const { results } = judgeResults(
      [total(undefined, '2026-11-20', { note: [{ text: 'baseline' }] }), answers(TEN)],
      instruments,
    );
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({
      resource: {
        valueInteger: 10,
        note: [{ text: 'baseline' }],
        derivedFrom: [{ reference: 'urn:hearback:result:1' }],
      },
    });
  });

  it('that are of nothing that we describe stay as they are', () => {
    const other = answers(TEN, '2026-11-20', 'https://platform.example/our-own-form');
    const weight: ReportedResult = {
      resource: { resourceType: 'Observation', status: 'final', code: { text: 'Steps walked' }, valueInteger: 90_000 },
    };
    expect(judgeResults([other, weight], instruments)).toEqual({ results: [other, weight], findings: [] });
  });

  it('repeat no answer in what is said of them', () => {
    const { findings } = judgeResults([total(99), answers([77, 2, 1, 3, 0, 1, 1, 0, 0])], instruments);
    expect(findings.length).toBeGreaterThan(1);
    expect(JSON.stringify(findings)).not.toMatch(/77|99/);
  });

  it('read the weight of a coded answer', () => {
    const item = TEN.map((valueDecimal, index) => ({
      linkId: String(index + 1),
      answer: [
        {
          valueCoding: {
            display: 'words',
            extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal }],
          },
        },
      ],
    }));
    const coded: ReportedResult = {
      resource: { resourceType: 'QuestionnaireResponse', questionnaire: 'PHQ-9', status: 'completed', item },
    };
    expect(judgeResults([coded], instruments).results[1]).toMatchObject({ resource: { valueInteger: 10 } });
  });
});

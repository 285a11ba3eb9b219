import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QuestionnaireResponse } from 'fhir/r4.js';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';
import { checkStructure } from '../../../../src/core/fhir/structure.ts';
import { changeOf } from '../../../../src/core/outcomes/change.ts';
import type { Instrument, InstrumentItem } from '../../../../src/core/outcomes/instrument.ts';
import { judgeResponse } from '../../../../src/core/outcomes/judge-response.ts';
import { judgeStated } from '../../../../src/core/outcomes/judge-stated.ts';
import { shippedInstruments } from '../../../fixtures/instruments/shipped.ts';

const instruments = shippedInstruments();
const r4 = loadR4Model();
/** Of numbers with a range: what a sum or a mean is made of. */
const scored = instruments.all.filter(
  ({ scores, items }) =>
    scores.some(({ rule }) => rule === 'sum' || rule === 'mean') && items.every(({ min }) => min !== undefined),
);
const anyScored = fc.constantFrom(...scored);

function within({ min = 0, max = 10, missingValue }: InstrumentItem): fc.Arbitrary<number> {
  return fc.integer({ min, max }).filter((value) => value !== missingValue);
}

/** An instrument with answers that are all possible. */
const answered = anyScored.chain((instrument) =>
  fc.tuple(...instrument.items.map(within)).map((values) => ({ instrument, values })),
);

function responseOf(instrument: Instrument, values: readonly (number | undefined)[]): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: instrument.url,
    status: 'completed',
    authored: '2026-11-20',
    item: instrument.items.map(({ linkId }, index) => {
      const value = values[index];
      if (value === undefined) return { linkId };
      return { linkId, answer: [Number.isInteger(value) ? { valueInteger: value } : { valueDecimal: value }] };
    }),
  };
}

function judge(instrument: Instrument, values: readonly (number | undefined)[]) {
  const judged = judgeResponse(responseOf(instrument, values), instruments, {
    at: 'QuestionnaireResponse',
    source: 'QuestionnaireResponse/1',
  });
  if (judged === undefined) throw new Error('no instrument');
  const [score] = instrument.scores;
  return { judged, value: judged.scored.get(score?.id ?? '')?.value };
}

describe('answers within their range', () => {
  it('make a score within its range, and Observations and a response that are FHIR R4', () => {
    fc.assert(
      fc.property(answered, ({ instrument, values }) => {
        const { judged, value = Number.NaN } = judge(instrument, values);
        const [score] = instrument.scores;
        expect(judged.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(value).toBeGreaterThanOrEqual(score?.min ?? 0);
        expect(value).toBeLessThanOrEqual(score?.max ?? 0);
        expect(
          [judged.response, ...judged.observations.map(({ observation }) => observation)].flatMap((one) =>
            checkStructure(one, r4),
          ),
        ).toEqual([]);
      }),
    );
  });

  it('that go up by one never make the score go down, and a sum goes up by one', () => {
    const canRise = answered.filter(({ instrument, values }) =>
      values.some((value, index) => value < (instrument.items[index]?.max ?? 0)),
    );
    fc.assert(
      fc.property(
        canRise.chain((one) => raisedIn(one)),
        ({ instrument, values, index }) => {
          const before = judge(instrument, values).value ?? Number.NaN;
          const after =
            judge(
              instrument,
              values.map((value, at) => (at === index ? value + 1 : value)),
            ).value ?? Number.NaN;
          const steps = instrument.scores[0]?.rule === 'sum' ? 1 : 1 / instrument.items.length;
          expect(Math.abs(after - before - steps)).toBeLessThan(0.011);
        },
      ),
    );
  });

  it('of which too many are missing make none', () => {
    fc.assert(
      fc.property(
        answered.chain((one) =>
          fc.tuple(
            fc.constant(one),
            fc.shuffledSubarray(
              one.values.map((_, index) => index),
              { minLength: 1 },
            ),
          ),
        ),
        ([{ instrument, values }, gone]) => {
          const { judged, value } = judge(
            instrument,
            values.map((one, index) => (gone.includes(index) ? undefined : one)),
          );
          const most = instrument.scores[0]?.missing?.most ?? 0;
          const rules = judged.findings.map(({ rule }) => rule);
          if (gone.length <= most) expect([value !== undefined, rules]).toEqual([true, ['outcome/items-filled']]);
          else expect([value, rules.includes('outcome/items-missing')]).toEqual([undefined, true]);
        },
      ),
    );
  });
});

function raisedIn({ instrument, values }: { instrument: Instrument; values: readonly number[] }) {
  const open = values.flatMap((value, index) => (value < (instrument.items[index]?.max ?? 0) ? [index] : []));
  return fc.constantFrom(...open).map((index) => ({ instrument, values, index }));
}

describe('an answer outside its range', () => {
  const outside = ({ min = 0, max = 10, missingValue }: InstrumentItem) =>
    fc
      .oneof(fc.integer({ min: max + 1, max: max + 1000 }), fc.integer({ min: min - 1000, max: min - 1 }))
      .filter((value) => value !== missingValue);
  it('is rejected with its place, never clipped, and makes no score and no Observation', () => {
    const wrong = answered.chain(({ instrument, values }) =>
      fc.nat({ max: values.length - 1 }).chain((index) => {
        const item = instrument.items[index];
        if (item === undefined) throw new Error('an item');
        return outside(item).map((value) => ({
          instrument,
          index,
          values: values.map((one, at) => (at === index ? value : one)),
        }));
      }),
    );
    fc.assert(
      fc.property(wrong, ({ instrument, index, values }) => {
        const { judged, value } = judge(instrument, values);
        expect(value).toBeUndefined();
        expect(judged.observations).toEqual([]);
        expect(judged.findings).toContainEqual(
          expect.objectContaining({
            severity: 'error',
            rule: 'outcome/item-range',
            place: { expression: `QuestionnaireResponse.item[${index}].answer[0].value` },
          }),
        );
      }),
    );
  });
});

describe('a stated score', () => {
  const every = instruments.all.flatMap((instrument) => instrument.scores.map((score) => ({ instrument, score })));
  it('is judged by its range and its decimals alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), fc.integer({ min: -2000, max: 2000 }), ({ score }, value) => {
        const observation = {
          resourceType: 'Observation' as const,
          status: 'final' as const,
          code: { coding: [score.code] },
          valueInteger: value,
        };
        const { findings, stated } = judgeStated(observation, instruments, 'Observation');
        expect(stated?.score).toBe(score);
        expect(findings.map(({ rule }) => rule)).toEqual(
          value >= score.min && value <= score.max ? [] : ['outcome/score-range'],
        );
      }),
    );
  });
});

describe('a change', () => {
  const every = instruments.all.flatMap(({ scores }) => scores);
  it('is the opposite of the way back, and means as much', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...every),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -50, max: 50 }),
        (score, from, to) => {
          const [there, back] = [changeOf(score, from, to), changeOf(score, to, from)];
          const opposite = { better: 'worse', worse: 'better', same: 'same', changed: 'changed' };
          expect(back.way).toBe(opposite[there.way]);
          expect(back.by).toBe(from === to ? 0 : -there.by);
          expect(back.meaningful?.is).toBe(there.meaningful?.is);
          const isUp = to > from;
          if (score.direction !== 'none' && from !== to)
            expect(there.way === 'better').toBe(isUp === (score.direction === 'higher-better'));
        },
      ),
    );
  });
});

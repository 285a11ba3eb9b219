import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HeldCode } from '../../../../src/console/engine-desk.ts';
import { choicesFor } from '../../../../src/console/pages/holds/hold-words.ts';
import { readDecision } from '../../../../src/console/pages/holds/read-decision.ts';

const SNOMED = 'http://snomed.info/sct';
const CODE: HeldCode = {
  ...{ about: 'report', partner: 'casework', map: 'outcomes', system: 'urn:casework', code: 'X1' },
  targets: [SNOMED],
};
const values = (...given: Parameters<typeof choicesFor>) => choicesFor(...given).map(({ value }) => value);
const read = (fields: Readonly<Record<string, string>>, question: HeldCode | undefined = CODE) =>
  readDecision(new URLSearchParams(fields), choicesFor({ kind: 'unmapped-code' }, question), [SNOMED]);

describe('the choices of a hold', () => {
  it('are those of the command: a code can be mapped where it is shown, and a referral is not ended for one', () => {
    expect(values({ kind: 'unmapped-code' }, CODE)).toEqual(['map', 'no-match', 'retry', 'abandon']);
    const { code: _, ...hidden } = CODE;
    expect(values({ kind: 'unmapped-code' }, hidden)).toEqual(['retry', 'abandon']);
    expect(values({ kind: 'unmapped-code' }, { ...CODE, about: 'sender' })).toEqual(['map', 'no-match', 'retry']);
    expect(values({ kind: 'ambiguous-delivery' }, undefined)).toEqual(['retry', 'abandon']);
  });
});

describe('a decision', () => {
  it('is read with its reason', () => {
    expect(read({ choice: 'retry', reason: ' mended ' })).toEqual({ decision: { choice: 'retry', reason: 'mended' } });
    const map = { choice: 'map', system: SNOMED, code: '160932005', equivalence: 'equivalent', reason: 'asked them' };
    expect(read(map)).toEqual({
      decision: { choice: 'map', mapTo: `${SNOMED}|160932005`, equivalence: 'equivalent', reason: 'asked them' },
    });
  });

  it('says all that is missing at once', () => {
    expect(read({}).problems?.map(({ href }) => href)).toEqual(['#choice-1', '#reason']);
    const wrong = read({ choice: 'map', system: 'urn:other', code: 'a|b', equivalence: 'same' });
    expect(wrong.problems?.map(({ href }) => href)).toEqual(['#system', '#code', '#equivalence', '#reason']);
  });

  it('is nothing that was not offered, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (choice, reason) => {
        const { code: _, ...hidden } = CODE;
        const { decision } = read({ choice, reason }, hidden);
        return decision === undefined || ['retry', 'abandon'].includes(decision.choice);
      }),
    );
    expect(read({ choice: 'map', reason: 'x' }, { ...CODE, about: 'leg' }).decision).toBeUndefined();
    expect(read({ choice: 'toString', reason: 'x' }).decision).toBeUndefined();
  });
});

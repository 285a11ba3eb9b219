import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readSnomedIdentifier, withCheckDigit } from '../../../../src/core/terminology/snomed-identifier.ts';
import { mayBeDamaged, readDamage, zeroed } from '../../../../src/core/terminology/spreadsheet-damage.ts';
import { shippedTerminology } from '../../../fixtures/terminology/shipped.ts';

const { concepts } = shippedTerminology().codes;
const CONCEPT = { component: 'concept' } as const;
const long = concepts.filter((code) => code.length > 10);

/** A valid long identifier of UK namespaces, with so many digits of its own. */
const identifier = (partition: string) =>
  fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.nat(), fc.constantFrom('1000000', '1000006', '1000124'))
    .map(([digits, item, namespace]) => {
      const own = String((item % (9 * 10 ** (digits - 1))) + 10 ** (digits - 1));
      return withCheckDigit(`${own}${namespace}${partition}`);
    });

describe('an identifier that a spreadsheet had', () => {
  it.each(long)('%s is recognised when damaged, and proposed', (code) => {
    const harmed = zeroed(code);
    if (harmed === code) expect(readDamage(harmed, CONCEPT)).toBeUndefined();
    else expect(readDamage(harmed, CONCEPT)).toMatchObject({ kind: 'digits-zeroed', candidates: [code] });
    expect(readDamage(`${code}.0`, CONCEPT)?.candidates).toEqual([code]);
    expect(readDamage(grouped(code), CONCEPT)).toMatchObject({
      kind: 'thousands-separators',
      candidates: [code],
    });
    const shown = scientific(code, 6);
    expect(readDamage(shown, { ...CONCEPT, known: concepts })?.candidates).toContain(code);
    expect(readDamage(scientific(code, 15), CONCEPT)?.candidates).toEqual([code]);
  });

  it('is proposed as the only concept that it can have been, whatever its length', () => {
    fc.assert(
      fc.property(identifier('10'), (code) => {
        const harmed = zeroed(code);
        if (harmed === code) return;
        const found = readDamage(harmed, CONCEPT);
        // One in ten of 18 digits passes the check by chance: then it is only suspected.
        if (found === undefined)
          expect([readSnomedIdentifier(harmed).kind, mayBeDamaged(harmed)]).toEqual(['valid', true]);
        else expect(found.candidates).toEqual([code]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('with too few digits left is proposed only where it is known', () => {
    expect(readDamage('8.71731E+14', { ...CONCEPT, known: concepts })?.candidates).toEqual(['871731000000106']);
    expect(readDamage('8.71731E+14', CONCEPT)).toMatchObject({ kind: 'scientific-notation', candidates: [] });
    expect(readDamage('1.65911E+15', CONCEPT)?.candidates).toEqual([]);
  });

  it('of 16 digits is proposed whatever the field holds; of 17 or 18 only where the kind is known', () => {
    expect(readDamage('1054321000000110')?.candidates).toEqual(['1054321000000111']);
    expect(readDamage('12345671000000100')?.candidates).toEqual(
      expect.arrayContaining(['12345671000000101', '12345671000000117']),
    );
    expect(readDamage('123456781000000000')?.candidates.length).toBeGreaterThan(1);
    expect(readDamage('123456781000000000', { component: 'description' })?.candidates).toEqual(['123456781000000110']);
  });

  it('that went through a number of a program is proposed by what would print so', () => {
    expect(String(JSON.parse('123456781000000106'))).toBe('123456781000000110');
    expect(readDamage('123456781000000110', CONCEPT)).toMatchObject({
      kind: 'number-rounded',
      candidates: ['123456781000000106'],
    });
  });
});

describe('nothing is said of', () => {
  it('a hundred thousand valid concept identifiers, and the whole starter set', () => {
    let asked = 0;
    fc.assert(
      fc.property(fc.oneof(identifier('10'), short()), (code) => {
        asked += 1;
        return readDamage(code, CONCEPT) === undefined && (code.length === 18 || !mayBeDamaged(code));
      }),
      { numRuns: 100_000 },
    );
    expect(asked).toBe(100_000);
    expect(concepts.filter((code) => readDamage(code, CONCEPT) !== undefined || mayBeDamaged(code))).toEqual([]);
  });

  it.each(['294631000000100', '871691000000100', '1024011000000100'])(
    '%s, which is valid and ends in zeros',
    (code) => {
      expect(readDamage(code, CONCEPT)).toBeUndefined();
    },
  );

  it.each(['lonely', '', '12345', '104586100000100', '8.7E+2', '1659111000000105', '01632 960101'])(
    '%j, which is wrong in another way',
    (text) => expect(readDamage(text, CONCEPT)).toBeUndefined(),
  );
});

const VECTORS = join(import.meta.dirname, '../../../../../shared/vectors/snomed-spreadsheet-damage.json');
const there = existsSync(VECTORS);

(there ? describe : describe.skip)(
  `published damage (../shared/vectors ${there ? 'is here' : 'is not here: skipped'})`,
  () => {
    const vectors = there ? JSON.parse(readFileSync(VECTORS, 'utf8')) : {};

    it('is recognised, with the repair that was found', () => {
      for (const { published, repairCandidates, verdict } of vectors.realDamaged) {
        const found = readDamage(published, CONCEPT);
        if (String(verdict).startsWith('ambiguous')) expect(found).toBeUndefined();
        else expect([published, found?.candidates]).toEqual([published, repairCandidates]);
      }
      for (const code of vectors.realValidEndingInZero.codes) expect(readDamage(code, CONCEPT)).toBeUndefined();
      for (const code of vectors.otherValid) expect(readDamage(code, CONCEPT)).toBeUndefined();
    });

    it('is done as spreadsheets do it', () => {
      for (const one of vectors.syntheticRoundTrip) {
        expect(zeroed(one.true)).toBe(one.afterSpreadsheet);
        if (!one.changed) continue;
        expect(readDamage(one.afterSpreadsheet, { component: one.kind })?.candidates).toContain(one.true);
      }
    });
  },
);

/** A valid identifier of the international edition. */
function short() {
  return fc
    .tuple(fc.integer({ min: 3, max: 8 }), fc.nat())
    .map(([digits, item]) => withCheckDigit(`${(item % (9 * 10 ** (digits - 1))) + 10 ** (digits - 1)}00`));
}

function grouped(code: string): string {
  return code.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** As a spreadsheet shows a number. */
function scientific(code: string, digits: number): string {
  const [mantissa = '', exponent = ''] = Number(zeroed(code))
    .toExponential(digits - 1)
    .split('e');
  return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}E${exponent}`;
}

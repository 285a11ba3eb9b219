import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskedValue, mayUnmask, type PatientField } from '../../../src/console/mask/mask.ts';
import { isUnmasked, UNMASK_REASONS, unmasking, unmaskModel } from '../../../src/console/mask/unmasked.ts';
import { pathTo } from '../../../src/console/paths.ts';
import { CONSOLE_ROLES } from '../../../src/ports-console.ts';

const FIELDS: readonly PatientField[] = ['name', 'nhsNumber', 'birthDate', 'contact', 'notes', 'message'];

describe('what is shown of a patient', () => {
  it.each([
    ['name', 'Amira Khan', 'A. K.'],
    ['name', "O'Neil, Siân", 'O. S.'],
    ['name', '李 小龙', '李. 小.'],
    ['name', '', 'hidden'],
    ['nhsNumber', '9990000018', 'ends in 018'],
    ['nhsNumber', '123', 'hidden'],
    ['birthDate', '1950-02-03', 'born in 1950'],
    ['birthDate', '1950', 'born in 1950'],
    ['birthDate', 'unknown', 'hidden'],
    ['contact', '1 High Street', 'hidden'],
    ['notes', 'sleeps badly 😀', 'hidden, 14 characters'],
  ] as const)('%s %j is shown as %j', (field, value, text) => {
    expect(maskedValue(field, value, { unmasked: false, roles: CONSOLE_ROLES })).toEqual({ text, masked: true });
  });

  it('is the value itself only when it was asked for, and only to a role that may see it', () => {
    for (const field of FIELDS) {
      for (const role of CONSOLE_ROLES) {
        const shown = maskedValue(field, 'the value itself', { unmasked: true, roles: [role] });
        expect([field, role, shown.masked]).toEqual([field, role, !mayUnmask(field, [role])]);
        if (!shown.masked) expect(shown.text).toBe('the value itself');
      }
    }
    expect(FIELDS.filter((field) => !mayUnmask(field, ['operator']))).toEqual(['contact', 'notes', 'message']);
    expect(FIELDS.filter((field) => mayUnmask(field, []))).toEqual([]);
  });

  it('never holds four letters or digits of the value in a row, but for the year', () => {
    const value = fc.string({ minLength: 8, maxLength: 40, unit: fc.constantFrom(...'abcdeABCDE0123456789 ') });
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), value, (field, text) => {
        const shown = maskedValue(field, text, { unmasked: false, roles: CONSOLE_ROLES }).text;
        const told = field === 'birthDate' ? shown.replace(text.slice(0, 4), '') : shown;
        const pieces = Array.from({ length: text.length - 3 }, (_, at) => text.slice(at, at + 4));
        for (const piece of pieces.filter((one) => /^[0-9]{4}$/.test(one))) expect(told).not.toContain(piece);
      }),
    );
  });
});

describe('unmasking', () => {
  const now = new Date('2026-11-26T08:00:00.000Z');
  const asked = {
    of: { referral: 'r1' },
    reason: 'chasing',
    note: '',
    session: 's1',
    now,
    forMs: 900_000,
    user: { name: 'anna', roles: ['operator'] },
  } as const;

  it('keeps that it was asked for as long as it holds, and writes down who, when and why', () => {
    expect(unmasking({ ...asked, note: 'rang the practice' })).toEqual({
      kept: [{ session: 's1', key: 'unmasked:r1', value: true, until: '2026-11-26T08:15:00.000Z' }],
      journal: [
        {
          at: now.toISOString(),
          kind: 'patient.unmasked',
          actor: 'user:anna',
          referral: 'r1',
          detail: { purpose: 'chasing', until: '2026-11-26T08:15:00.000Z', reason: 'rang the practice' },
        },
      ],
    });
    expect(unmasking(asked).journal[0]?.detail).not.toHaveProperty('reason');
  });

  it('holds for the loop that was asked for and no other', async () => {
    const held = new Map<string, unknown>([['unmasked:r1', true]]);
    const shelf = { get: async (key: string) => held.get(key) };
    expect([await isUnmasked('r1', shelf), await isUnmasked('r2', shelf)]).toEqual([true, false]);
  });

  it('offers every reason', () => {
    const { reasons, action } = unmaskModel('r1', pathTo('overview'));
    expect(reasons.map(({ value }) => value)).toEqual(Object.keys(UNMASK_REASONS));
    expect(action).toBe('/console/loops/r1/unmask');
  });
});

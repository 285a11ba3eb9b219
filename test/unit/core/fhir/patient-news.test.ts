import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Patient } from 'fhir/r4.js';
import { applyPatientNews, evidenceFor } from '../../../../src/core/fhir/apply-patient-news.ts';
import { nhsNumberCheckDigit } from '../../../../src/core/fhir/nhs-number.ts';
import { currentKeys, readPatientNews } from '../../../../src/core/fhir/patient-news.ts';
import { identifierKeys } from '../../../../src/core/fhir/references.ts';
import { NHS_NUMBER_SYSTEM } from '../../../../src/core/referral.ts';

const GIVEN = { now: '2026-11-18T09:30:00.000Z', checkDigit: 'error' } as const;
const OWN = 'urn:hearback:patient:elm:PRACTICE';

function patient(id: string, numbers: { nhs?: string; own?: string }, more: Partial<Patient> = {}): Patient {
  const { nhs, own } = numbers;
  return {
    resourceType: 'Patient',
    id,
    identifier: [
      ...(nhs === undefined ? [] : [{ system: NHS_NUMBER_SYSTEM, value: nhs }]),
      ...(own === undefined ? [] : [{ system: OWN, value: own }]),
    ],
    ...more,
  };
}

/** The news of a message that the mapping made these Patients of. */
function read(...patients: Patient[]) {
  return readPatientNews(
    { resourceType: 'Bundle', type: 'collection', entry: patients.map((resource) => ({ resource })) },
    GIVEN,
  );
}

function merge(
  into: { nhs?: string; own?: string },
  from: { nhs?: string; own?: string },
  more: Partial<Patient> = {},
) {
  return read(
    patient('stays', into, { ...more, link: [{ type: 'replaces', other: { reference: 'Patient/gone' } }] }),
    patient('gone', from, { link: [{ type: 'replaced-by', other: { reference: 'Patient/stays' } }] }),
  );
}

function apply(stored: Patient, { news }: ReturnType<typeof read>, known: readonly Patient[] = [stored]) {
  const [one] = news;
  if (one === undefined) throw new Error('no news');
  return applyPatientNews(stored, one, evidenceFor(one, known, known));
}

/** All loops after a message, or as they were when one of them contradicts it. */
function merged(loops: Patient[], { news, findings }: ReturnType<typeof read>): Patient[] {
  const [one] = news;
  if (one === undefined || findings.length > 0) return loops;
  const evidence = evidenceFor(one, loops, loops);
  const applied = loops.map((loop) => applyPatientNews(loop, one, evidence));
  if (applied.some(({ kind }) => kind === 'contradiction')) return loops;
  return applied
    .map((next, index) => (next.kind === 'changed' ? next.patient : (loops[index] ?? next)))
    .filter(isPatient);
}

function isPatient(one: Patient | { readonly kind: string }): one is Patient {
  return 'resourceType' in one;
}

describe('news of a patient', () => {
  it.each<[what: string, reading: ReturnType<typeof read>, rule: string]>([
    ['nobody', read(), 'patient/nobody'],
    ['somebody without a number', read(patient('a', {})), 'patient/unnamed'],
    [
      'a merge of nobody',
      read(patient('a', { own: '1' }, { link: [{ type: 'replaces', other: { reference: 'Patient/x' } }] })),
      'patient/merge-of-nobody',
    ],
    ['a merge into itself', merge({ own: '1', nhs: '9990000018' }, { own: '1' }), 'patient/merge-into-itself'],
    [
      'two NHS numbers',
      read({
        ...patient('a', {}),
        identifier: ['9990000018', '9990000026'].map((value) => ({ system: NHS_NUMBER_SYSTEM, value })),
      }),
      'referral/nhs-number-conflict',
    ],
  ])('%s is refused', (_what, { findings }, rule) => {
    expect(findings.map((one) => one.rule)).toContain(rule);
  });

  const stored = patient(
    'p',
    { nhs: '9990000018', own: '1' },
    { name: [{ family: 'Testwell' }], gender: 'female', telecom: [{ value: '1' }], birthDate: '1941-05-09' },
  );

  it('say of another patient nothing', () => {
    expect(apply(stored, read(patient('a', { nhs: '9990000026' }, { gender: 'male' })))).toEqual({ kind: 'nothing' });
  });

  it('change what the referral told, add nothing that it did not, and leave what they do not mention', () => {
    const told = patient('a', { nhs: '9990000018' }, { gender: 'male', address: [{ city: 'Testford' }] });
    const applied = apply(stored, read(told));
    expect(applied).toMatchObject({ kind: 'changed', elements: ['gender'], merged: false });
    expect(applied.kind === 'changed' && applied.patient).toEqual({ ...stored, gender: 'male' });
  });

  it('delete what is said to be absent, and only that', () => {
    const absent = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' };
    const told = patient('a', { own: '1' }, { telecom: [{ extension: [absent] }], address: [{ extension: [absent] }] });
    const applied = apply(stored, read(told));
    const { telecom: _, ...left } = stored;
    expect(applied).toMatchObject({ kind: 'changed', elements: ['telecom'] });
    expect(applied.kind === 'changed' && applied.patient).toEqual(left);
  });

  it('give an NHS number that was traced since, first; and never one in the place of another', () => {
    const untraced = patient('p', { own: '1' });
    const applied = apply(untraced, read(patient('a', { nhs: '9990000018', own: '1' })));
    expect(applied).toMatchObject({ elements: ['nhsNumber'] });
    expect(applied.kind === 'changed' && currentKeys(applied.patient)).toEqual([
      `${NHS_NUMBER_SYSTEM}|9990000018`,
      `${OWN}|1`,
    ]);
    expect(apply(stored, read(patient('a', { nhs: '9990000026', own: '1' })))).toMatchObject({
      kind: 'contradiction',
      findings: [{ rule: 'patient/other-patient' }],
    });
  });

  it('tell dates of birth apart only where both are precise enough', () => {
    const of = (birthDate: string) => apply(stored, merge({ nhs: '9990000026' }, { nhs: '9990000018' }, { birthDate }));
    expect([of('1941'), of('1941-05'), of('1941-05-08'), of('1942')].map(({ kind }) => kind)).toEqual([
      'changed',
      'changed',
      'contradiction',
      'contradiction',
    ]);
  });

  it('whatever is merged in whatever order: no number is lost, and at most one NHS number stands', () => {
    const number = fc
      .integer({ min: 999_000_000, max: 999_999_999 })
      .filter((nine) => nhsNumberCheckDigit(String(nine)) !== undefined)
      .map((nine) => `${nine}${nhsNumberCheckDigit(String(nine))}`);
    const record = fc.record({ nhs: number, own: fc.stringMatching(/^[0-9]{1,4}$/) });
    const records = fc.uniqueArray(record, { minLength: 2, maxLength: 6, selector: ({ nhs }) => nhs });
    const moves = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(records, moves, (all, steps) => {
        let loops = all.map((one, index) => patient(`p${index}`, one));
        const first = loops.map(identifierKeys);
        for (const [from, into, byOwn] of steps) {
          const [former, staying] = [all[from % all.length], all[into % all.length]];
          if (former !== undefined && staying !== undefined) {
            loops = merged(loops, merge(staying, byOwn ? { own: former.own } : former));
          }
        }
        for (const [index, loop] of loops.entries()) {
          expect(identifierKeys(loop)).toEqual(expect.arrayContaining(first[index] ?? []));
          expect(currentKeys(loop).filter((key) => key.startsWith(NHS_NUMBER_SYSTEM))).toHaveLength(1);
          expect(new Set(identifierKeys(loop)).size).toBe(identifierKeys(loop).length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

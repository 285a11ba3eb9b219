import { describe, expect, it } from '@jest/globals';
import type { Patient } from 'fhir/r4.js';
import { comparePerson } from '../../../../../src/core/loop/read-back/same-person.ts';
import { NHS_NUMBER_SYSTEM, ODS_SYSTEM } from '../../../../../src/core/referral.ts';

const OURS: Patient = {
  resourceType: 'Patient',
  identifier: [{ system: NHS_NUMBER_SYSTEM, value: '9990000018' }],
  name: [{ family: 'Thistlewood', given: ['Marigold'] }],
  birthDate: '1951-03-07',
  gender: 'female',
};
const registeredAt = (ods: string): Pick<Patient, 'generalPractitioner'> => ({
  generalPractitioner: [{ identifier: { system: ODS_SYSTEM, value: ods } }],
});
const compared = (change: Partial<Patient>) => comparePerson(OURS, [{ ...OURS, ...change }], 'Z99004');

describe('whether the patient at the practice is the patient of the referral', () => {
  it.each<[string, Partial<Patient>]>([
    ['the same', {}],
    ['the surname in capitals', { name: [{ family: ' THISTLEWOOD' }] }],
    ['another given name, which nobody files by', { name: [{ family: 'Thistlewood', given: ['Mary'] }] }],
    ['a maiden name beside it', { name: [{ family: 'Thistlewood' }, { use: 'maiden', family: 'Reed' }] }],
    ['no word on gender', { gender: undefined } as never],
    ['registered here', registeredAt('z99004')],
    [
      'the old address of the number',
      { identifier: [{ system: 'https://fhir.nhs.uk/id/nhs-number', value: '999 000 0018' }] },
    ],
  ])('%s: it may be filed', (_what, change) => {
    expect(compared(change)).toEqual({ is: 'same', differing: [] });
  });

  it.each<[string, Partial<Patient>, readonly string[]]>([
    ['another birth date', { birthDate: '1951-03-08' }, ['birthDate']],
    ['the year of birth alone', { birthDate: '1951' }, ['birthDate']],
    ['no birth date', { birthDate: undefined } as never, ['birthDate']],
    ['another surname', { name: [{ family: 'Thistle' }] }, ['name.family']],
    [
      'a surname that was given up',
      { name: [{ use: 'old', family: 'Thistlewood' }, { family: 'Reed' }] },
      ['name.family'],
    ],
    ['another number', { identifier: [{ system: NHS_NUMBER_SYSTEM, value: '9990000026' }] }, ['identifier']],
    ['another gender', { gender: 'male' }, ['gender']],
    ['several', { birthDate: '1950-01-01', name: [] }, ['birthDate', 'name.family']],
  ])('%s: never filed, and the element is named', (_what, change, differing) => {
    expect(compared(change)).toEqual({ is: 'differs', differing });
  });

  it.each<[string, Partial<Patient>, string]>([
    ['registered elsewhere', registeredAt('Z99001'), 'moved'],
    ['managed elsewhere', { managingOrganization: { identifier: { system: ODS_SYSTEM, value: 'Z99001' } } }, 'moved'],
    ['no longer active', { active: false }, 'left'],
  ])('%s: never filed', (_what, change, why) => {
    expect(compared(change)).toEqual({ is: 'differs', differing: [], why });
  });

  it('nobody there, or two of them: never filed', () => {
    expect(comparePerson(OURS, [])).toMatchObject({ is: 'differs', why: 'not-registered' });
    expect(comparePerson(OURS, [OURS, OURS])).toMatchObject({ is: 'differs', why: 'several' });
    expect(comparePerson(undefined, [OURS])).toMatchObject({ is: 'differs' });
  });

  it('says nothing of what differs', () => {
    expect(JSON.stringify(compared({ birthDate: '1950-01-01', name: [{ family: 'Reed' }] }))).not.toMatch(
      /19\d\d|Reed|Thistle/,
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { loadR4Model } from '../../../../src/adapters/fhir-rest/r4-definitions.ts';

describe('loadR4Model', () => {
  it('reads the definitions once and gives the same model again', () => {
    expect(loadR4Model()).toBe(loadR4Model());
  });

  it('has every resource and data type that a referral needs', () => {
    const needed = [
      'ServiceRequest',
      'Task',
      'Patient',
      'Consent',
      'Provenance',
      'MessageHeader',
      'HumanName',
      'dateTime',
      'Bundle.entry',
    ];
    expect(needed.filter((name) => loadR4Model().typeNamed(name) === undefined)).toEqual([]);
  });
});

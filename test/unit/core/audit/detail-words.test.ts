import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unfitWords } from '../../../../src/core/audit/detail-words.ts';
import '../../../fixtures/property-seed.ts';

describe('the words of an entry', () => {
  it('are ids, codes, counts, instants and digests', () => {
    const detail = {
      leg: '01985f5c-6b2a-7000-8000-000000000001',
      resource: 'Task/01985f5c-6b2a-7000-8000-000000000001',
      kind: 'unmapped-code',
      rules: 'fhir/cardinality referral/nhs-number',
      routes: 'community:taken debt:age-unknown',
      bytes: 12,
      digest: 'a'.repeat(64),
      dueAt: '2026-11-26T04:00:00.000Z',
      place: "Bundle.entry[0].resource.where(system = 'x')".replaceAll(' ', ''),
      system: 'http://snomed.info/sct',
      closed: true,
    };
    expect(unfitWords('hearback', detail)).toEqual([]);
  });

  it('are no sentence, under whatever name', () => {
    const names = ['leg', 'kind', 'bytes', 'digest', 'dueAt', 'place', 'system', 'channel', 'partner'];
    const sentence = fc
      .array(fc.constantFrom('Mrs', 'Smith', 'was', 'seen', 'to-day,'), { minLength: 3, maxLength: 9 })
      .map((words) => `${words.join(' ')}.`);
    fc.assert(
      fc.property(fc.constantFrom(...names), sentence, (name, text) => {
        expect(unfitWords('hearback', { [name]: text })).toEqual([name]);
      }),
    );
  });

  it('are known ones: one that nobody has described may hold anything', () => {
    expect(unfitWords('hearback', { note: 'x', ['__proto__x']: 1, constructor: 'x' })).toEqual([
      'note',
      '__proto__x',
      'constructor',
    ]);
  });

  it('hold a reason only where a person gave it', () => {
    expect(unfitWords('user:ana', { reason: 'Rang the service: they have it.' })).toEqual([]);
    expect(unfitWords('casework', { reason: 'Rang the service: they have it.' })).toEqual(['reason']);
  });
});

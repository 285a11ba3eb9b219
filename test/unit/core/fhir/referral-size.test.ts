import { describe, expect, it } from '@jest/globals';
import { fhirSizeFindings } from '../../../../src/core/fhir/referral-size.ts';

const LIMITS = { maxItems: 3, maxEntries: 5, maxNodes: 100 };
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ value: String(index) }));
const found = (content: unknown, putBack?: boolean) =>
  fhirSizeFindings(content, LIMITS, putBack).map(({ rule, place }) => `${rule} ${place.expression}`);

describe('the size of a FHIR message', () => {
  it('is right with as many entries and items as are allowed', () => {
    const patient = { resourceType: 'Patient', telecom: many(3) };
    expect(found({ resourceType: 'Bundle', entry: Array(5).fill({ resource: patient }) })).toEqual([]);
  });

  it('names every list that is too long by its FHIRPath', () => {
    const patient = { resourceType: 'Patient', name: [{ given: ['A', 'B', 'C', 'D'] }], telecom: many(4) };
    expect(found({ resourceType: 'Bundle', entry: [{ resource: patient }] })).toEqual([
      'fhir/too-many-items Bundle.entry[0].resource.telecom',
      'fhir/too-many-items Bundle.entry[0].resource.name[0].given',
    ]);
  });

  it('counts the entries of a Bundle apart, and only those', () => {
    expect(found({ resourceType: 'Bundle', entry: many(6) })).toEqual(['fhir/too-many-items Bundle.entry']);
    expect(found({ resourceType: 'List', entry: many(4) })).toEqual(['fhir/too-many-items List.entry']);
  });

  it('lets a Task come back with the notes that gathered here', () => {
    const task = { resourceType: 'Task', note: many(5) };
    expect(found(task)).toEqual(['fhir/too-many-items Task.note']);
    expect(found(task, true)).toEqual([]);
    expect(found({ ...task, note: many(6) }, true)).toEqual(['fhir/too-many-items Task.note']);
  });

  it('is too large with more values than are allowed altogether', () => {
    const entry = Array.from({ length: 5 }, () => ({
      resource: { resourceType: 'X', a: { b: many(3), c: many(3), d: many(3) } },
    }));
    expect(found({ resourceType: 'Bundle', entry })).toEqual(['fhir/too-many-values Bundle']);
  });

  it('says nothing of what is no object', () => {
    expect([undefined, null, 'text', 7].flatMap((content) => fhirSizeFindings(content, LIMITS))).toEqual([]);
  });
});

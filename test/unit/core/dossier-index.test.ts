import { describe, expect, it } from '@jest/globals';
import type { BundleEntry, FhirResource } from 'fhir/r4.js';
import { byName } from '../../../src/core/dossier-index.ts';
import { resultsOf } from '../../../src/core/loop/report/attach-results.ts';
import { logicalReference } from '../../../src/core/loop/write-back/logical-reference.ts';
import type { Dossier } from '../../../src/core/referral.ts';
import { toStored } from '../../../src/flow/dossier-change.ts';
import { happened } from './loop/a-loop.ts';

/** A dossier that counts how often somebody goes through its entries. */
function counted(size: number): { dossier: Dossier; walks: () => number } {
  let walks = 0;
  const entry: BundleEntry<FhirResource>[] = Array.from({ length: size }, (_, number) => ({
    resource: {
      resourceType: 'Organization',
      id: `o-${number}`,
      identifier: [{ system: 'urn:numbers', value: String(number) }],
    },
  }));
  const dossier: Dossier = {
    resourceType: 'Bundle',
    type: 'collection',
    get entry() {
      walks += 1;
      return entry;
    },
  };
  return { dossier, walks: () => walks };
}

describe('a dossier by names', () => {
  it('gives the first resource of a name, and nothing for others', () => {
    const { dossier } = counted(3);
    const again: FhirResource = { resourceType: 'Organization', id: 'o-1', name: 'Another' };
    const doubled: Dossier = { ...dossier, entry: [...(dossier.entry ?? []), { resource: again }, {}] };
    expect(byName(doubled).get('Organization/o-1')).not.toHaveProperty('name');
    expect(byName(doubled).get('Organization/o-9')).toBeUndefined();
  });

  it('is gone through once, however many references are looked up in it', () => {
    const { dossier, walks } = counted(300);
    for (let number = 0; number < 300; number += 1) {
      expect(logicalReference({ reference: `Organization/o-${number}` }, dossier)).toEqual({
        type: 'Organization',
        identifier: { system: 'urn:numbers', value: String(number) },
      });
    }
    expect(walks()).toBe(1);
  });

  it('is gone through once, however many of its resources are stored and indexed', () => {
    const { dossier, walks } = counted(300);
    const referral = {
      id: 'r',
      version: 1,
      referrer: 'p',
      platforms: [],
      parentTask: 't',
      status: 'open',
      openedAt: '',
    } as const;
    const before = { referral, dossier, events: [], promises: [], legs: [], references: [], holds: [] };
    for (let number = 0; number < 300; number += 1) {
      const task: FhirResource = {
        resourceType: 'Task',
        id: `t-${number}`,
        status: 'requested',
        intent: 'order',
        requester: { reference: `Organization/o-${number}` },
      };
      const stored = toStored(task, before, { dossier, now: '2026-11-21T09:00:00.000Z' });
      expect(stored.index).toContainEqual({ param: 'requester', value: `urn:numbers|${number}` });
    }
    expect(walks()).toBe(1);
  });

  it('is gone through a fixed number of times, however many events ask for their results', () => {
    const { dossier, walks } = counted(300);
    for (let number = 0; number < 300; number += 1) resultsOf(happened('outcome-recorded', number % 50), dossier);
    expect(walks()).toBeLessThanOrEqual(2);
  });
});

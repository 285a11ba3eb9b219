import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Identifier } from 'fhir/r4.js';
import { PROJECT } from '../../fixtures/town/town-config.ts';

/** What a referral is known by, and must not be known by already. */
function numbersIn(file: string): string[] {
  const { identifier, entry = [] }: Bundle<FhirResource> = JSON.parse(readFileSync(join(PROJECT, file), 'utf8'));
  const held = entry.flatMap(({ resource }): Identifier[] =>
    resource?.resourceType === 'ServiceRequest' || resource?.resourceType === 'Task' ? (resource.identifier ?? []) : [],
  );
  return [...held, ...(identifier === undefined ? [] : [identifier])].map(({ system, value }) => `${system}|${value}`);
}

it('whoever tries all example referrals on one engine sees no duplicate', () => {
  const files = [
    'examples/referral-transaction.json',
    'examples/referral-message.json',
    'docker/example-referral.json',
  ];
  const all = files.flatMap(numbersIn);
  expect(all.length).toBeGreaterThan(files.length);
  expect(all.toSorted()).toEqual([...new Set(all)].sort());
});

import type { FhirResource } from 'fhir/r4.js';
import type { LoopEvent } from '../../../src/core/loop/event.ts';
import { ENTRY_ID_SYSTEM, REFERRAL_ID_SYSTEM } from '../../../src/core/referral.ts';
import { identifiersOf } from '../gp-emis-style/shelf.ts';
import type { Evidence } from './evidence.ts';

/** Everything that had its effect more than once, each as a sentence without patient data. */
export function findDoubled({ loops, platforms, filed }: Evidence): string[] {
  return [
    ...repeated(loops.map((loop) => loop.number)).map((number) => `${number} has more than one loop`),
    ...platforms.flatMap(({ partner, cases }) =>
      repeated(cases.map((one) => one.reference)).map((id) => `${partner} has more than one case for ${id}`),
    ),
    ...repeated(loops.flatMap((loop) => loop.events.map(sayingOf))).map(
      (saying) => `the record has "${saying}" more than once`,
    ),
    ...repeated(filed.resources.flatMap(identitiesOf)).map((id) => `the GP record has ${id} more than once`),
    ...repeated(filed.resources.flatMap(contentOf)).map(() => 'the GP record has an entry twice under two names'),
  ];
}

/** One message says one thing of one Task once; a result that came with it may be an event beside it. */
function sayingOf({ kind, task, message, id }: LoopEvent): string {
  return `${kind} of Task ${task} by message ${message ?? id}`;
}

/** What must be there once: a referral's Task, an entry, what was written because of one message. */
function identitiesOf(resource: FhirResource): string[] {
  if (resource.resourceType === 'Provenance') {
    const source = resource.entity?.[0]?.what.identifier?.value;
    return source === undefined ? [] : [`Provenance of ${source}`];
  }
  const wanted = resource.resourceType === 'Task' ? REFERRAL_ID_SYSTEM : ENTRY_ID_SYSTEM;
  return identifiersOf(resource)
    .filter(({ system }) => system === wanted)
    .map(({ value }) => `${resource.resourceType} ${value}`);
}

/** An observation without its names: the same about the same person at the same time is the same. */
function contentOf(resource: FhirResource): string[] {
  if (resource.resourceType !== 'Observation') return [];
  const { id: _, meta: __, identifier: ___, basedOn: ____, ...content } = resource;
  return [JSON.stringify(content)];
}

function repeated(values: readonly (string | undefined)[]): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const value of values) {
    if (value === undefined) continue;
    if (seen.has(value)) again.add(value);
    seen.add(value);
  }
  return [...again];
}

import type { FhirResource, Identifier } from 'fhir/r4.js';
import { isDossier } from '../../fhir/as-transaction.ts';
import { ENTRY_ID_SYSTEM, REFERRAL_ID_SYSTEM } from '../../referral.ts';
import type { SentEntry } from './compare-entry.ts';

/** One thing that a write-back put into a record, and the identifier by which it is found again. */
export interface Sent {
  readonly resource: SentEntry;
  readonly system: string;
  readonly value: string;
}

/**
 * What to look for in the record after a write-back: its results and entries by their entry identifiers; of one that brought
 * neither (in codes-only mode there may be none), the referral's Task. Empty for what is no transaction of ours.
 */
export function sentEntries(content: unknown): Sent[] {
  if (!isDossier(content)) return [];
  const all = (content.entry ?? []).flatMap(({ resource }) => (resource === undefined ? [] : found(resource)));
  const entries = all.filter(({ system }) => system === ENTRY_ID_SYSTEM);
  return entries.length > 0 ? entries : all;
}

function found(resource: FhirResource): Sent[] {
  switch (resource.resourceType) {
    case 'Observation':
    case 'DocumentReference':
      return named(resource, resource.identifier, ENTRY_ID_SYSTEM);
    case 'QuestionnaireResponse':
      return named(resource, resource.identifier && [resource.identifier], ENTRY_ID_SYSTEM);
    case 'Task':
      return named(resource, resource.identifier, REFERRAL_ID_SYSTEM);
    default:
      return [];
  }
}

function named(resource: SentEntry, identifiers: readonly Identifier[] | undefined, system: string): Sent[] {
  const value = identifiers?.find((one) => one.system === system)?.value;
  return value === undefined ? [] : [{ resource, system, value }];
}

/** Whether a resource of the record bears this identifier. */
export function bears(resource: FhirResource, { system, value }: Pick<Sent, 'system' | 'value'>): boolean {
  const held: Identifier | readonly Identifier[] | undefined =
    'identifier' in resource ? resource.identifier : undefined;
  const list = held === undefined ? [] : Array.isArray(held) ? held : [held];
  return list.some((one) => one.system === system && one.value === value);
}

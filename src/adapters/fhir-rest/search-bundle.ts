import type { Bundle, BundleEntry, BundleLink, FhirResource } from 'fhir/r4.js';
import { type OutcomeDialect, toOperationOutcome } from '../../core/fhir/operation-outcome.ts';
import type { Finding } from '../../core/finding.ts';
import type { StoredResource } from '../../core/referral.ts';

/** What a search found. */
interface Found {
  readonly baseUrl: string;
  readonly dialect: OutcomeDialect;
  readonly at: string;
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
  readonly ignored: readonly Finding[];
  readonly total?: number;
  readonly self: string;
  readonly next?: string;
}

/** The searchset Bundle (R4 search §3.1.1.2): matches, then what they include, then what was ignored. */
export function searchBundle(found: Found): Bundle<FhirResource> {
  const entry = [
    ...found.matches.map((stored) => entryOf(stored, 'match', found.baseUrl)),
    ...found.included.map((stored) => entryOf(stored, 'include', found.baseUrl)),
    ...outcomeEntry(found),
  ];
  const link: BundleLink[] = [{ relation: 'self', url: found.self }];
  if (found.next !== undefined) link.push({ relation: 'next', url: found.next });
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    timestamp: found.at,
    ...(found.total !== undefined && { total: found.total }),
    link,
    ...(entry.length > 0 && { entry }),
  };
}

function entryOf(
  { type, id, resource }: StoredResource,
  mode: 'match' | 'include',
  baseUrl: string,
): BundleEntry<FhirResource> {
  return { fullUrl: `${baseUrl}/${type}/${id}`, resource, search: { mode } };
}

function outcomeEntry({ ignored, dialect }: Found): BundleEntry<FhirResource>[] {
  if (ignored.length === 0) return [];
  return [{ resource: toOperationOutcome(ignored, dialect), search: { mode: 'outcome' } }];
}

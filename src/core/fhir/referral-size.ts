import type { Finding } from '../finding.ts';
import { type JsonObject, type SizeWording, sizeFindings } from '../json/size-limits.ts';
import { stepTo } from './structure-findings.ts';

export interface FhirSizeLimits {
  /** Items of one list inside a resource. */
  readonly maxItems: number;
  /** Entries of a Bundle. A Task that is put back may have as many items in a list: it grows with what partners report. */
  readonly maxEntries: number;
  /** Values in one message. */
  readonly maxNodes: number;
}

const RESOURCE_NAME = /^[A-Z][A-Za-z]{1,40}$/;

/** What makes a message of a GP system too large, each place a FHIRPath. `putBack`: an update of what was read here before. */
export function fhirSizeFindings(content: unknown, limits: FhirSizeLimits, putBack = false): Finding[] {
  const { maxItems, maxEntries, maxNodes } = limits;
  const most = putBack ? Math.max(maxItems, maxEntries) : maxItems;
  const itemsOf = (owner: JsonObject | undefined, name: string): number =>
    owner?.['resourceType'] === 'Bundle' && name === 'entry' ? maxEntries : most;
  return sizeFindings(content, { itemsOf, maxNodes }, wordingOf(content));
}

function wordingOf(content: unknown): SizeWording {
  const type =
    typeof content === 'object' && content !== null && 'resourceType' in content ? content.resourceType : undefined;
  return {
    family: 'fhir',
    root: typeof type === 'string' && RESOURCE_NAME.test(type) ? type : 'Resource',
    member: stepTo,
    item: (at, index) => `${at}[${index}]`,
  };
}

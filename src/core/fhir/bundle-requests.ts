/** What a transaction Bundle asks the server to do with each entry. A referral only creates: ids are assigned by the server. */
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4.js';
import type { Finding } from '../finding.ts';
import { say } from './referral-rules-table.ts';

/** Findings on Bundle.entry.request (R4 §3.1.0.11.2) and on entries that share a fullUrl. */
export function checkEntryRequests(bundle: Bundle<FhirResource>): Finding[] {
  return (bundle.entry ?? []).flatMap((entry, index) => checkRequest(entry, `Bundle.entry[${index}]`));
}

/** R4 bdl-7: references to a fullUrl that two entries have would have two meanings. */
export function checkFullUrls(bundle: Bundle<FhirResource>): Finding[] {
  const seen = new Set<string>();
  return (bundle.entry ?? []).flatMap(({ fullUrl }, index) => {
    if (fullUrl === undefined) return [];
    const again = seen.has(fullUrl);
    seen.add(fullUrl);
    return again ? [say('referral/full-url', `Bundle.entry[${index}].fullUrl`)] : [];
  });
}

function checkRequest({ request, resource }: BundleEntry<FhirResource>, at: string): Finding[] {
  if (request?.method !== 'POST' || resource === undefined)
    return [say('referral/entry-method', `${at}.request.method`)];
  const found: Finding[] = [];
  if (typeOfUrl(request.url) !== resource.resourceType) found.push(say('referral/entry-url', `${at}.request.url`));
  if (request.ifNoneExist !== undefined) {
    const itself = resource.resourceType === 'ServiceRequest' || resource.resourceType === 'Task';
    found.push(say(itself ? 'referral/if-none-exist' : 'referral/if-none-exist-ignored', `${at}.request.ifNoneExist`));
  }
  return found;
}

/** `Patient`, `/Patient` and `https://our.base/Patient` all ask for the same create. */
function typeOfUrl(url: string): string | undefined {
  return url.replace(/\/+$/, '').split('/').at(-1);
}

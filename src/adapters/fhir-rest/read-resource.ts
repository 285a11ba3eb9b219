import type { Finding } from '../../core/finding.ts';
import type { StoredResource } from '../../core/referral.ts';
import { bareAnswer, outcomeAnswer, resourceAnswer } from './answer.ts';
import { type FhirRouterParts, type Handler, segment } from './call.ts';
import { alreadyHas, versionHeaders } from './version-tag.ts';

/** GET {type}/{id} (R4 http §3.1.0.2). What belongs to another partner is as unknown as what never was. */
export function readHandler(type: string): Handler {
  return async ({ partner, request, tongue }, parts) => {
    const stored = await visibleResource(`${type}/${segment(request, 'id')}`, partner.partner, parts.store);
    if (stored === undefined) return outcomeAnswer(404, [unknownResource()], tongue);
    const headers = versionHeaders(stored);
    const held = alreadyHas(request.headers['if-none-match'], stored);
    // Naming the version that stands proves that the partner holds it, so a 304 counts as a look as well. A HEAD shows nothing.
    const shown = held || request.method === 'GET' ? [stored] : [];
    if (shown.length > 0) await parts.onLook(partner.partner, shown);
    const answer = held ? bareAnswer(304, headers) : resourceAnswer(200, stored.resource, tongue.format, headers);
    return { ...answer, shown };
  };
}

/** A resource by its relative reference, if it belongs to a referral that this partner made. */
export async function visibleResource(
  reference: string,
  partner: string,
  store: FhirRouterParts['store'],
): Promise<StoredResource | undefined> {
  const [type = '', id = ''] = reference.split('/');
  const stored = await store.resource(type, id);
  if (stored === undefined) return undefined;
  const referral = await store.referral(stored.referral);
  return referral?.referrer === partner ? stored : undefined;
}

function unknownResource(): Finding {
  return {
    severity: 'error',
    rule: 'fhir/unknown-resource',
    place: {},
    message: 'There is no such resource among your referrals.',
    remedy: 'Use the ids that were assigned when the referral was accepted, or search for it.',
    issue: 'not-found',
  };
}

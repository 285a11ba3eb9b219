import { readHead } from '../../core/hl7v2/head.ts';
import type { Leg, Message } from '../../core/message.ts';
import type { Reference } from '../../ports-changes.ts';
import type { RoadParts } from '../road-parts.ts';

/**
 * The MSH-10 of new deliveries whose answer may come much later, by itself: then the leg is found by it. Only of partners that
 * are agreed to answer so.
 */
export function controlIdsOf(
  { legs = [], messages = [] }: { readonly legs?: readonly Leg[]; readonly messages?: readonly Message[] },
  { partners }: Pick<RoadParts, 'partners'>,
): Reference[] {
  return legs.flatMap(({ partner, channel, message, referral, task }): Reference[] => {
    if (channel !== 'mllp' || partners.get(partner)?.outward?.level !== 'business') return [];
    const body = messages.find(({ id, direction }) => id === message && direction === 'out')?.body;
    const value = body === undefined ? '' : readHead(body).controlId;
    return value === '' ? [] : [{ partner, kind: 'control-id', value, referral, task }];
  });
}

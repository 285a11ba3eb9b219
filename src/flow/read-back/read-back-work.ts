import { isWriteBack } from '../../core/loop/told-by.ts';
import type { Leg, NewWork } from '../../core/message.ts';
import type { RoadParts } from '../road-parts.ts';

/** All looks at one practice's record, one after the other. */
export function readLane({ partner }: Pick<Leg, 'partner'>): string {
  return `read/${partner}`;
}

/** Where one look waits for its time or for a person. */
export function waitingLane({ partner, id }: Pick<Leg, 'partner' | 'id'>): string {
  return `read/${partner}/${id}`;
}

/** The work that reads a leg back, as soon as the practice's pace allows. */
export function readWork(leg: Pick<Leg, 'partner' | 'id'>): NewWork {
  return { kind: 'read-back', lane: readLane(leg), subject: leg.id };
}

/** What follows from a write-back that was taken: where the record can be read, it is. */
export function readAfter(leg: Leg, { partners }: Pick<RoadParts, 'partners'>): NewWork[] {
  return isWriteBack(leg) && leg.ack !== 'read-back' && partners.get(leg.partner)?.outward?.readBack !== undefined
    ? [readWork(leg)]
    : [];
}

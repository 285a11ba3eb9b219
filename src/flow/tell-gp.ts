import type { LoopEvent } from '../core/loop/event.ts';
import { eventsForGp } from '../core/loop/referrer-needs.ts';
import type { LoopState } from '../core/loop/task-state.ts';
import { buildWriteBack } from '../core/loop/write-back.ts';
import type { Leg, Message } from '../core/message.ts';
import type { RoadParts } from './road-parts.ts';
import type { Snapshot } from './snapshot.ts';
import { makeLeg } from './translate-leg.ts';

export interface Told {
  readonly legs: readonly Leg[];
  readonly messages: readonly Message[];
}

interface What {
  readonly state: LoopState;
  /** The events of this step. */
  readonly news: readonly LoopEvent[];
}

/**
 * The write-backs that new events call for. A GP system without an outlet gets none: it reads the same from the dossier,
 * and the ledger waits for that read. An event that did not count (a repeat, a late lesser word) is not told.
 */
export function tellGp(
  after: Snapshot,
  { state, news }: What,
  given: Pick<RoadParts, 'partners' | 'ids'> & { readonly now: string },
): Told {
  const partner = given.partners.get(after.referral.referrer);
  if (partner?.outward === undefined) return { legs: [], messages: [] };
  const ignored = new Set(state.ignored.map((one) => one.event));
  const telling = eventsForGp({ events: news, referral: after.referral }).filter((event) => !ignored.has(event.id));
  const made = telling.flatMap((event) => {
    const { bundle } = buildWriteBack({ dossier: after.dossier, referral: after.referral, event });
    // Without an identifier of the patient nothing can be filed; the promise to tell the GP stays open and says so.
    if (bundle === undefined) return [];
    const order = {
      referral: after.referral.id,
      task: after.referral.parentTask,
      partner,
      purpose: 'write-back' as const,
      now: given.now,
      ...(event.message !== undefined && { cause: event.message }),
    };
    const body = new TextEncoder().encode(JSON.stringify(bundle));
    const leg = makeLeg(order, () => ({ body, contentType: 'application/fhir+json' }), given);
    return leg.kind === 'leg' ? [leg] : [];
  });
  return { legs: made.map((one) => one.leg), messages: made.map((one) => one.message) };
}

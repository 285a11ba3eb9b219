import { tellsEvent } from '../../core/loop/promises/referrer-needs.ts';
import { agreedToCodesOnly } from '../../core/loop/write-back/codes-only.ts';
import type { Leg } from '../../core/message.ts';
import { type News, settleWork } from '../advance.ts';
import { HEARBACK, type RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { makeLegs } from '../translation/translate-leg.ts';
import { documentBundle } from './document-bundle.ts';

type Given = Pick<RoadParts, 'partners' | 'ids' | 'makePdf'> & { readonly now: string };

/**
 * The document that is sent in place of a write-back which the practice refused for good, where it wants that; undefined where
 * it does not, or where it is the document that was refused: then a person is asked. It tells the same events.
 */
export function documentInPlace(
  leg: Leg,
  snapshot: Snapshot,
  given: Given,
): Pick<News, 'legs' | 'messages' | 'work' | 'journal'> | undefined {
  const partner = given.partners.get(leg.partner);
  const rules = partner?.outward?.writeBack;
  if (partner === undefined || rules?.fallback !== 'document' || leg.purpose !== 'write-back') return undefined;
  const { dossier, referral, events } = snapshot;
  const digest = events.filter((event) => tellsEvent(leg, event, referral.referrer));
  const event = digest.at(-1);
  if (event === undefined) return undefined;
  const codesOnly = rules.content === 'codes-only' || agreedToCodesOnly(dossier);
  const { bundle } = documentBundle({ dossier, referral, event, digest, codesOnly }, partner, given);
  if (bundle === undefined) return undefined;
  const order = {
    ...{ referral: referral.id, task: referral.parentTask, partner, purpose: 'document' as const, now: given.now },
    ...(leg.cause !== undefined && { cause: leg.cause }),
    ...(leg.urgent && { urgent: true as const }),
    tells: digest.map(({ id }) => id),
  };
  const made = makeLegs(
    order,
    { written: [{ contentType: 'application/fhir+json', text: JSON.stringify(bundle) }] },
    given,
  );
  if (made.kind !== 'legs') return undefined;
  return {
    legs: made.legs.map((one) => one.leg),
    messages: made.legs.map((one) => one.message),
    work: made.legs.map((one) => settleWork(one.leg)),
    journal: made.legs.map((one) => ({
      at: given.now,
      kind: 'leg.replaced',
      actor: HEARBACK,
      referral: referral.id,
      detail: { leg: leg.id, partner: leg.partner, by: one.leg.id, as: 'document' },
    })),
  };
}

import type { LoopEvent } from '../../../core/loop/event.ts';
import type { LoopDescription } from '../../../core/loop/shown/describe-loop.ts';
import type { Hold, Leg, Message } from '../../../core/message.ts';
import type { Referral } from '../../../core/referral.ts';
import type { ConsoleUser } from '../../session/console-user.ts';
import { maySeePatient } from './may-see.ts';

/** What a loop's page is made of. */
export interface WholeLoop {
  readonly described: LoopDescription;
  readonly events: readonly LoopEvent[];
  readonly legs: readonly Leg[];
  readonly messages: readonly Message[];
  readonly openHolds: readonly Hold[];
  readonly resolvedHolds: readonly Hold[];
}

/**
 * The platforms of a loop that are no business of an account that is limited to others: that somebody is helped with debt by one
 * is not for the people of another. None for whoever may see the practice's loops.
 */
export function otherPlatforms(
  { partners }: Pick<ConsoleUser, 'partners'>,
  referral: Pick<Referral, 'referrer' | 'platforms'>,
): ReadonlySet<string> {
  if (partners === undefined || maySeePatient({ partners }, referral)) return new Set();
  return new Set(referral.platforms.filter((one) => !partners.includes(one)));
}

/** A loop without what other platforms did, were sent, owe or are owed, and without the news of it. */
export function theirPart(whole: WholeLoop, others: ReadonlySet<string>): WholeLoop {
  if (others.size === 0) return whole;
  const { described, events, legs, messages, openHolds, resolvedHolds } = whole;
  const isTheirs = ({ partner }: { readonly partner?: string }) => partner === undefined || !others.has(partner);
  const concerns = ({ owedBy, owedTo }: { readonly owedBy: string; readonly owedTo: string }) =>
    !others.has(owedBy) && !others.has(owedTo);
  const seen = events.filter(({ by }) => !others.has(by));
  const isNews = ({ tells = [] }: Leg) =>
    tells.length === 0 || tells.some((told) => seen.some((event) => event.id === told));
  return {
    described: {
      ...described,
      children: described.children.filter(isTheirs),
      promised: described.promised.filter(concerns),
      owes: described.owes.filter(concerns),
    },
    events: seen,
    legs: legs.filter((leg) => isTheirs(leg) && isNews(leg)),
    messages: messages.filter(isTheirs),
    openHolds: openHolds.filter(isTheirs),
    resolvedHolds: resolvedHolds.filter(isTheirs),
  };
}

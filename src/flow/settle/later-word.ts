import { reaches } from '../../core/loop/promises/need.ts';
import type { Leg } from '../../core/message.ts';
import type { WorkOutcome } from '../../ports-changes.ts';
import type { News } from '../advance.ts';
import type { RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { documentInPlace } from '../write-back/document-fallback.ts';

/** What an attempt came to, before it is committed. */
export interface Concluded {
  readonly news: News;
  readonly outcome: WorkOutcome;
}

/** Refused for good, and sent as a document where the practice wants that: then nobody need be asked. */
export function replaced(
  concluded: Concluded,
  leg: Leg,
  snapshot: Snapshot,
  given: RoadParts & { readonly now: string },
): Concluded {
  const instead = documentInPlace(leg, snapshot, given);
  if (instead === undefined) return concluded;
  const { holds: _, ...news } = concluded.news;
  return {
    outcome: { kind: 'done' },
    news: {
      ...news,
      legs: [...(news.legs ?? []), ...(instead.legs ?? [])],
      messages: [...(news.messages ?? []), ...(instead.messages ?? [])],
      work: [...(news.work ?? []), ...(instead.work ?? [])],
      journal: [...news.journal, ...instead.journal],
    },
  };
}

/** Its business acknowledgement, or refusal, was here before this attempt's own end: that is the later word. */
export function isAnswered({ status, ack, reply }: Leg, before: Leg): boolean {
  if (reply === before.reply) return false;
  return status === 'refused' || (status === 'acknowledged' && reaches(ack, 'business'));
}

/** The attempt is recorded; what it came to is known better already. */
export function overtaken(news: News, current: Leg): Concluded {
  const legs = (news.legs ?? []).map(
    ({ attempts, firstSentAt }): Leg => ({ ...current, attempts, ...(firstSentAt !== undefined && { firstSentAt }) }),
  );
  const { holds: _, ...rest } = news;
  return { news: { ...rest, legs }, outcome: { kind: 'done' } };
}

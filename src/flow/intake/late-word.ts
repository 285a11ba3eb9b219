import type { Finding } from '../../core/finding.ts';
import { reaches } from '../../core/loop/promises/need.ts';
import type { AckLevel } from '../../core/loop/promises/promise.ts';
import type { Leg } from '../../core/message.ts';
import type { Arrival } from '../../ports.ts';
import { advance, type News, settleWork } from '../advance.ts';
import { HEARBACK, type RoadParts } from '../road-parts.ts';
import type { Snapshot } from '../snapshot.ts';
import { documentInPlace } from '../write-back/document-fallback.ts';
import type { Decision, Moment } from './decision.ts';

/** What a partner says by itself, later, of something that it was sent; whatever language it says it in. */
export type LateWord =
  | { readonly kind: 'taken'; readonly level: AckLevel }
  | {
      readonly kind: 'refused';
      /** For the message log. */
      readonly code: string;
      /** The same, with the codes of its errors. */
      readonly reason: string;
      readonly findings: readonly Finding[];
    };

/** The delivery that is spoken of, with its referral. */
export interface Answered {
  readonly snapshot: Snapshot;
  readonly leg: Leg;
}

interface Heard {
  readonly arrival: Arrival;
  readonly moment: Moment;
}

/** What follows from such a word for its delivery: acknowledged at that level, or refused and held for a person. */
export function acceptWord(found: Answered, word: LateWord, { arrival, moment }: Heard, parts: RoadParts): Decision {
  const news = word.kind === 'taken' ? taken(found, word.level, moment) : refused(found, word, moment, parts);
  const changes = advance(found.snapshot, news, { ...parts, now: moment.now });
  return {
    kind: 'accepted',
    referral: found.snapshot.referral.id,
    resources: [],
    findings: arrival.findings,
    changes,
  };
}

function taken({ leg }: Answered, level: AckLevel, moment: Moment): News {
  if (leg.status === 'abandoned' || reaches(leg.ack, level)) return { journal: [entryOf(leg, moment, 'known')] };
  const { lastFailure: _, ...clean } = leg;
  const { now, message } = moment;
  // What is still under way is settled by the answer that it waits for; this one counts all the same.
  const settled: Leg = { ...clean, status: 'acknowledged', settledAt: now, ack: level, reply: message };
  return { legs: [settled], journal: [entryOf(settled, moment, level)] };
}

type Refusal = Extract<LateWord, { kind: 'refused' }>;

/** A person at the other end said no, after the system had said yes. What was counted on does not hold any more. */
function refused({ leg, snapshot }: Answered, word: Refusal, moment: Moment, parts: RoadParts): News {
  if (leg.status === 'abandoned') return { journal: [entryOf(leg, moment, 'known')] };
  const { ack: _, ...before } = leg;
  const rejected: Leg = {
    ...before,
    status: 'refused',
    settledAt: moment.now,
    reply: moment.message,
    lastFailure: `${word.reason}: the partner refused it after it had taken it`,
  };
  const failed = entryOf(rejected, moment, 'refused', word.code);
  const instead = documentInPlace(leg, snapshot, { ...parts, now: moment.now });
  if (instead !== undefined) {
    return { ...instead, legs: [rejected, ...(instead.legs ?? [])], journal: [failed, ...instead.journal] };
  }
  return {
    legs: [rejected],
    // This work waits on the hold, so that a person's retry sends it again.
    work: [settleWork(leg)],
    holds: [
      {
        id: parts.ids.next(),
        kind: 'refused-delivery',
        key: `leg|${leg.id}`,
        partner: leg.partner,
        referral: leg.referral,
        findings: [refusedLate(leg), ...word.findings],
        openedAt: moment.now,
      },
    ],
    journal: [failed],
  };
}

function entryOf(leg: Leg, moment: Moment, as: AckLevel | 'known' | 'refused', code?: string) {
  return {
    at: moment.now,
    kind: as === 'refused' ? 'leg.failed' : 'leg.acknowledged',
    actor: HEARBACK,
    referral: leg.referral,
    message: moment.message,
    detail: {
      ...{ leg: leg.id, partner: leg.partner, purpose: leg.purpose, attempt: leg.attempts, as },
      ...(code !== undefined && { kind: 'permanent', code }),
    },
  };
}

function refusedLate({ purpose, partner }: Leg): Finding {
  return {
    severity: 'error',
    rule: 'delivery/refused',
    place: {},
    message: `"${partner}" refused the ${purpose} after it had taken it: somebody there did not file it.`,
    remedy: 'Ask them why, mend it, and retry the hold: it is sent again. Or abandon it with a reason.',
  };
}

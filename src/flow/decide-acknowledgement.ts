import type { Finding } from '../core/finding.ts';
import { readHead } from '../core/hl7v2/head.ts';
import {
  type Acknowledgement,
  acknowledgementFindings,
  readAcknowledgement,
} from '../core/hl7v2/read-acknowledgement.ts';
import { reaches } from '../core/loop/need.ts';
import type { AckLevel } from '../core/loop/promise.ts';
import type { Leg } from '../core/message.ts';
import type { Arrival } from '../ports.ts';
import { advance, type News, settleWork } from './advance.ts';
import type { Decision, Moment } from './decision.ts';
import { documentInPlace } from './document-fallback.ts';
import { HEARBACK, type RoadParts } from './road-parts.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * An application acknowledgement that comes by itself, long after what it answers was sent: a person has filed it, or refused
 * it (HL7 v2.5.1, 2.9.3.2: the deferred response). It is the partner's business acknowledgement of the message that MSA-2 names.
 *
 *   AA            filed: the delivery is acknowledged at the level `business`
 *   AE, AR        refused: the delivery is refused, with the codes of its ERR segments, and held for a person
 *   CA            kept safe, which was known before: recorded, and nothing follows
 *   unknown MSA-2 refused (AE, 204), and recorded like everything that is refused
 */
export async function decideAcknowledgement(arrival: Arrival, moment: Moment, parts: RoadParts): Promise<Decision> {
  const ack = readAcknowledgement(arrival.body);
  if (ack === undefined) return { kind: 'refused', status: 422, findings: [...arrival.findings, noAnswer()] };
  const found = await legAnswered(arrival.partner, ack, parts);
  if (found === undefined) return { kind: 'refused', status: 404, findings: [...arrival.findings, unknownMessage()] };
  const news = newsOf(found, { ack, moment }, parts);
  const changes = advance(found.snapshot, news, { ...parts, now: moment.now });
  return {
    kind: 'accepted',
    referral: found.snapshot.referral.id,
    resources: [],
    findings: arrival.findings,
    changes,
  };
}

/** The delivery to this partner whose message bears that MSH-10. Another partner's is as unknown as none. */
async function legAnswered(
  partner: string,
  { answers }: Acknowledgement,
  parts: RoadParts,
): Promise<Answered | undefined> {
  const [named, other] = await parts.store.namesakes(partner, 'control-id', answers);
  if (named === undefined || other !== undefined) return undefined;
  const snapshot = await parts.store.snapshot(named.referral);
  if (snapshot === undefined) throw new Error('a reference without its referral: the record is damaged');
  for (const leg of snapshot.legs.filter((one) => one.partner === partner && one.channel === 'mllp')) {
    const message = await parts.store.message(leg.message);
    if (message !== undefined && readHead(message.body).controlId === answers) return { snapshot, leg };
  }
  return undefined;
}

interface Answered {
  readonly snapshot: Snapshot;
  readonly leg: Leg;
}

interface Heard {
  readonly ack: Acknowledgement;
  readonly moment: Moment;
}

function newsOf({ leg, snapshot }: Answered, heard: Heard, parts: RoadParts): News {
  const { code } = heard.ack;
  if (code === 'AE' || code === 'AR' || code === 'CE' || code === 'CR') return refused({ leg, snapshot }, heard, parts);
  const level: AckLevel = code === 'AA' ? 'business' : 'transport';
  if (leg.status === 'abandoned' || reaches(leg.ack, level)) return { journal: [entryOf(leg, heard, 'known')] };
  const { lastFailure: _, ...clean } = leg;
  const { now, message } = heard.moment;
  // What is still under way is settled by the answer that it waits for; this one counts all the same.
  const settled: Leg = { ...clean, status: 'acknowledged', settledAt: now, ack: level, reply: message };
  return { legs: [settled], journal: [entryOf(settled, heard, level)] };
}

/** A person at the other end said no, after the system had said yes. What was counted on does not hold any more. */
function refused({ leg, snapshot }: Answered, heard: Heard, parts: RoadParts): News {
  if (leg.status === 'abandoned') return { journal: [entryOf(leg, heard, 'known')] };
  const { ack, moment } = heard;
  const { ack: _, ...before } = leg;
  const codes = ack.errors.map(({ code }) => code).filter((code) => /^\w{1,10}$/.test(code));
  const reason = `hl7-${ack.code}${codes.map((code) => `-${code}`).join('')}`;
  const rejected: Leg = {
    ...before,
    status: 'refused',
    settledAt: moment.now,
    reply: moment.message,
    lastFailure: `${reason}: the partner refused it after it had taken it`,
  };
  const instead = documentInPlace(leg, snapshot, { ...parts, now: moment.now });
  if (instead !== undefined) {
    const journal = [entryOf(rejected, heard, 'refused'), ...instead.journal];
    return { ...instead, legs: [rejected, ...(instead.legs ?? [])], journal };
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
        findings: [refusedLate(leg), ...acknowledgementFindings(ack)],
        openedAt: moment.now,
      },
    ],
    journal: [entryOf(rejected, heard, 'refused')],
  };
}

function entryOf(leg: Leg, { ack, moment }: Heard, as: AckLevel | 'known' | 'refused') {
  return {
    at: moment.now,
    kind: as === 'refused' ? 'leg.failed' : 'leg.acknowledged',
    actor: HEARBACK,
    referral: leg.referral,
    message: moment.message,
    detail: {
      ...{ leg: leg.id, partner: leg.partner, purpose: leg.purpose, attempt: leg.attempts, as },
      ...(as === 'refused' && { kind: 'permanent', code: `hl7-${ack.code}` }),
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

function noAnswer(): Finding {
  return {
    severity: 'error',
    rule: 'mllp/no-answer',
    place: { expression: 'MSA' },
    message: 'The acknowledgement has no code that is known, or does not say what it answers.',
    remedy: 'Send MSA-1 (AA, AE or AR) and, in MSA-2, the MSH-10 of the message that is answered.',
    issue: 'required',
  };
}

function unknownMessage(): Finding {
  return {
    severity: 'error',
    rule: 'mllp/unknown-answer',
    place: { expression: 'MSA-2' },
    message: 'No message that was sent to you bears this control id.',
    remedy: 'Send in MSA-2 the MSH-10 of the message that is answered, as it stood there.',
    issue: 'not-found',
  };
}

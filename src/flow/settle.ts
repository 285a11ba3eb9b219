import { createHash } from 'node:crypto';
import { delayMs } from '../core/backoff.ts';
import type { Finding } from '../core/finding.ts';
import type { Leg, Message, Work } from '../core/message.ts';
import type { Delivery, Outlet, SendResult } from '../ports.ts';
import type { JournalEntry, Reference } from '../ports-changes.ts';
import { advance, type News } from './advance.ts';
import { referenceInUse } from './onward/report-holds.ts';
import { readAfter } from './read-back/read-back-work.ts';
import type { RoadParts } from './road-parts.ts';
import { beforeFiling } from './settle/before-filing.ts';
import { deliveryHold, NO_OUTLET } from './settle/delivery-hold.ts';
import { keepsFailing } from './settle/keeps-failing.ts';
import { type Concluded, isAnswered, overtaken, replaced } from './settle/later-word.ts';
import { translateWriteBack, untranslated } from './settle/translate-write-back.ts';
import { correlationOf } from './snapshot.ts';
import { stampDetail } from './translation/mapping-stamp.ts';

/**
 * Settle: send one leg, say what became of it, and let the ledger draw its conclusions.
 *
 * The claim was committed before this began. If the engine dies between sending and committing, the work comes back
 * `interrupted`: then it may have arrived, and it is sent again only where the receiver promises that the same id has one effect.
 */
export async function settle(work: Work, parts: RoadParts, signal: AbortSignal): Promise<void> {
  const leg = await parts.store.leg(work.subject);
  const message = leg && (await parts.store.message(leg.message));
  if (!leg || !message) throw new Error('a leg without its message: the record is damaged');
  if (leg.status === 'acknowledged' || leg.status === 'abandoned') {
    await parts.store.commit(work, { kind: 'done' }, { journal: [] });
    return;
  }
  if (leg.status === 'refused' && (await waitsForPerson(work, leg, parts))) return;
  if (await beforeFiling(work, { leg, message }, parts)) return;
  const mappings = untranslated({ leg, message }, parts);
  if (mappings !== undefined) return translateWriteBack(work, { leg, message }, mappings, parts);
  const result = await attempt(work, { leg, message }, parts, signal);
  if (result.kind === 'transient' && result.unsent) await putOff(work, result, parts);
  else await commitResult(work, leg, result, parts);
}

/** The partner refused it after it had taken it: nothing is sent again before a person has answered. */
async function waitsForPerson(work: Work, leg: Leg, parts: RoadParts): Promise<boolean> {
  const holds = await parts.store.holds({ open: true, referral: leg.referral });
  const open = holds.find(({ key }) => key === `leg|${leg.id}`);
  if (open === undefined) return false;
  await parts.store.commit(work, { kind: 'held', hold: open.id }, { journal: [] });
  return true;
}

/** Nothing was sent, so there is nothing to record but when to look again. */
async function putOff(work: Work, result: Extract<SendResult, { kind: 'transient' }>, parts: RoadParts): Promise<void> {
  const notBefore = new Date(parts.clock.now().getTime() + (result.retryAfterMs ?? 0)).toISOString();
  await parts.store.commit(work, { kind: 'again', notBefore, why: result.reason }, { journal: [] });
}

async function attempt(
  work: Work,
  sent: { leg: Leg; message: Message },
  parts: RoadParts,
  signal: AbortSignal,
): Promise<SendResult> {
  const outlet = parts.outlets.get(sent.leg.partner);
  if (outlet === undefined) return noOutlet(sent.leg);
  if (work.interrupted && !outlet.idempotent) {
    return { kind: 'ambiguous', reason: 'interrupted: the engine stopped during the delivery' };
  }
  const references = await parts.store.referencesOf(sent.leg.referral);
  const correlation = correlationOf(sent.leg.referral, references);
  const { referral, message, purpose: why, channel: by } = sent.leg;
  parts.trace.about({ referral, message, purpose: why, channel: by, correlation });
  const delivery: Delivery = {
    leg: sent.leg.id,
    purpose: sent.leg.purpose,
    idempotencyKey: sent.leg.id,
    correlation,
    contentType: sent.message.contentType,
    body: sent.message.body,
    ...(sent.leg.part !== undefined && { key: sent.leg.part.key }),
    attempt: sent.leg.attempts + 1,
  };
  const seconds = parts.meter.stopwatch();
  const result = await outlet.send(delivery, signal);
  if (result.kind !== 'transient' || result.unsent !== true) {
    const { partner, channel, purpose } = sent.leg;
    parts.meter.note({ kind: 'attempt', partner, channel, purpose, outcome: result.kind, seconds: seconds() });
  }
  parts.trace.about({ outcome: result.kind });
  return softened(result, outlet);
}

/** Where the receiver is idempotent by contract, "it may have arrived" is a reason to send again, not to ask a person. */
function softened(result: SendResult, outlet: Outlet): SendResult {
  if (result.kind !== 'ambiguous' || !outlet.idempotent) return result;
  return { ...result, kind: 'transient' };
}

function noOutlet(leg: Leg): SendResult {
  const finding: Finding = {
    severity: 'error',
    rule: NO_OUTLET,
    place: {},
    message: `The ${leg.purpose} to "${leg.partner}" was not sent: the configuration of the engine that had it names no such partner, or no outlet of it.`,
    remedy:
      'Give every engine of this record the same configuration, with that partner and its outlet, restart them and retry the hold; or abandon the delivery with a reason.',
  };
  return { kind: 'permanent', reason: 'no-outlet: not in the configuration', findings: [finding] };
}

/** Commits what the attempt came to. A stale commit is decided again from a fresh reading; nothing is ever sent twice for it. */
async function commitResult(work: Work, leg: Leg, result: SendResult, parts: RoadParts): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const isTaken = await namesAnother(leg, result, parts);
    const isFailing = await keepsFailing(leg, result, parts.store);
    const current = snapshot.legs.find(({ id }) => id === leg.id) ?? leg;
    const concluded = conclude({ leg, result, now, isTaken, isFailing }, parts);
    const settled = result.kind === 'permanent' ? replaced(concluded, leg, snapshot, { ...parts, now }) : concluded;
    const { news, outcome } = isAnswered(current, leg) ? overtaken(concluded.news, current) : settled;
    const changes = advance(snapshot, news, { ...parts, now });
    if ((await parts.store.commit(work, outcome, changes)) !== 'committed') continue;
    countLeg(
      changes.legs?.find(({ id }) => id === leg.id),
      parts,
    );
    return;
  }
}

function countLeg(leg: Leg | undefined, { meter }: RoadParts): void {
  if (leg === undefined) return;
  const { status: outcome, partner, channel, purpose } = leg;
  if (outcome !== 'acknowledged' && outcome !== 'refused' && outcome !== 'ambiguous') return;
  meter.note({ kind: 'leg', partner, channel, purpose, outcome });
}

interface Attempted {
  readonly leg: Leg;
  readonly result: SendResult;
  readonly now: string;
  /** The reference in the answer is that of another referral. */
  readonly isTaken: boolean;
  /** It failed at this message too often to be tried again unasked. */
  readonly isFailing: boolean;
}

/** Two referrals under one reference: a report under it would be filed under the wrong patient. */
async function namesAnother(leg: Leg, result: SendResult, parts: RoadParts): Promise<boolean> {
  if (result.kind !== 'acknowledged' || result.reference === undefined) return false;
  const bearers = await parts.store.namesakes(leg.partner, 'platform-reference', result.reference);
  return bearers.some(({ referral }) => referral !== leg.referral);
}

function conclude(attempted: Attempted, parts: RoadParts): Concluded {
  const { leg, result, now } = attempted;
  const reply = replyMessage(attempted, parts);
  const tried: Leg = {
    ...leg,
    attempts: leg.attempts + 1,
    firstSentAt: leg.firstSentAt ?? now,
    ...(reply && { reply: reply.id }),
  };
  const messages = reply ? [reply] : [];
  if (result.kind === 'acknowledged') {
    const { lastFailure: _, ...clean } = tried;
    const settled: Leg = { ...clean, status: 'acknowledged', settledAt: now, ack: result.level };
    return {
      outcome: { kind: 'done' },
      news: {
        legs: [settled],
        messages,
        work: readAfter(settled, parts),
        ...named(attempted, result.reference, parts),
        journal: [entry(settled, result, now)],
      },
    };
  }
  const failed: Leg = { ...tried, lastFailure: result.reason };
  if (result.kind === 'transient' && !attempted.isFailing) {
    const wait = Math.max(result.retryAfterMs ?? 0, delayMs(failed.attempts, parts.retry(leg.partner), parts.random));
    const notBefore = new Date(Date.parse(now) + wait).toISOString();
    return {
      outcome: { kind: 'again', notBefore, why: result.reason },
      news: { legs: [{ ...failed, status: 'queued' }], messages, journal: [entry(failed, result, now)] },
    };
  }
  const hold = deliveryHold(failed, result, now, parts);
  const status = result.kind === 'ambiguous' ? 'ambiguous' : 'refused';
  return {
    outcome: { kind: 'held', hold: hold.id },
    news: {
      legs: [{ ...failed, status }],
      messages,
      holds: [hold],
      journal: [entry({ ...failed, status }, result, now)],
    },
  };
}

/** The receiver's answer is a message too: it may be the only proof that something arrived. */
function replyMessage({ leg, result, now }: Attempted, parts: RoadParts): Message | undefined {
  const reply = 'reply' in result ? result.reply : undefined;
  if (reply === undefined) return undefined;
  return {
    id: parts.ids.next(),
    direction: 'in',
    partner: leg.partner,
    channel: leg.channel,
    identity: `reply:${leg.id}:${leg.attempts + 1}`,
    digest: createHash('sha256').update(reply.body).digest('hex'),
    at: now,
    contentType: reply.contentType,
    headers: { status: String(reply.status) },
    body: reply.body,
    verdict: 'accepted',
    findings: [],
    referral: leg.referral,
  };
}

/** Takes the platform's reference for this referral, or asks a person about one that is another's. */
function named(
  { leg, now, isTaken }: Attempted,
  value: string | undefined,
  parts: RoadParts,
): Pick<News, 'references' | 'unique' | 'holds'> {
  if (value === undefined) return {};
  const { partner, referral, task } = leg;
  if (isTaken) return { holds: [referenceInUse({ partner, about: leg.id, referral, now }, parts)] };
  const references: Reference[] = [{ partner, kind: 'platform-reference', value, referral, task }];
  return { references, unique: references };
}

function entry(leg: Leg, result: SendResult, at: string): JournalEntry {
  const failed = result.kind !== 'acknowledged';
  return {
    at,
    kind: failed ? 'leg.failed' : 'leg.acknowledged',
    actor: 'hearback',
    referral: leg.referral,
    message: leg.message,
    detail: {
      leg: leg.id,
      partner: leg.partner,
      purpose: leg.purpose,
      attempt: leg.attempts,
      ...(leg.part !== undefined && { part: leg.part.number, of: leg.part.of }),
      ...stampDetail(leg.mapping),
      ...(leg.ack !== undefined && { level: leg.ack }),
      ...(leg.reply !== undefined && 'reply' in result && result.reply !== undefined && { reply: leg.reply }),
      ...(failed && { kind: result.kind, code: codeOf(result.reason) }),
      ...('ofMessage' in result && result.ofMessage === true && { ofMessage: true }),
    },
  };
}

/** The code that a reason begins with. */
function codeOf(reason: string): string {
  return reason.split(':', 1)[0] ?? '';
}

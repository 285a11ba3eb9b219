import { createHash } from 'node:crypto';
import { readJson } from '../core/json/strict-json.ts';
import { compareEntry } from '../core/loop/read-back/compare-entry.ts';
import { remember } from '../core/loop/read-back/lost-code.ts';
import {
  type EntryReading,
  mayClose,
  type ReadBackPolicy,
  type Reading,
  worst,
} from '../core/loop/read-back/reading.ts';
import type { PersonReading } from '../core/loop/read-back/same-person.ts';
import { bears, type Sent, sentEntries } from '../core/loop/read-back/sent-entries.ts';
import type { Leg, LegReadBack, Message, Work } from '../core/message.ts';
import type { RecordRead, Reply, WantedEntries } from '../ports.ts';
import type { JournalEntry, WorkOutcome } from '../ports-changes.ts';
import { advance, type News } from './advance.ts';
import { personEntry, personFound, personHold, wantedPerson } from './read-back/check-person.ts';
import { noReader, notKeptHold, readBackHoldKey, unreadableHold } from './read-back/read-back-holds.ts';
import { readLane, readWork, waitingLane } from './read-back/read-back-work.ts';
import { HEARBACK, type RoadParts } from './road-parts.ts';
import { correlationOf } from './snapshot.ts';

/**
 * Read-back: what does the record really hold of what it said it had taken?
 *
 * A practice's looks wait in one lane, so that the pace it asks for can be kept. What waits for a time or for a person
 * waits in a lane of its own, and comes back into the practice's lane when it may: nobody else's look waits for it.
 */
export async function readBack(work: Work, parts: RoadParts, signal: AbortSignal): Promise<void> {
  const leg = await parts.store.leg(work.subject);
  const message = leg && (await parts.store.message(leg.message));
  if (!leg || !message) throw new Error('a leg without its message: the record is damaged');
  const isPerson = leg.status === 'queued' && leg.person === 'asked';
  if (isSettled(leg) && !isPerson) return done(work, parts);
  if (work.lane !== readLane(leg)) return comeBack(work, leg, parts);
  const policy = parts.partners.get(leg.partner)?.outward?.readBack;
  const reader = parts.readers.get(leg.partner);
  if (policy === undefined || reader === undefined) return conclude(work, leg, { kind: 'no-reader' }, parts);
  const notBefore = await untilAllowed(leg, policy, parts);
  if (notBefore !== undefined) {
    await parts.store.commit(
      work,
      { kind: 'again', notBefore, why: 'pace: the record was looked at just now' },
      { journal: [] },
    );
    return;
  }
  const snapshot = await parts.store.snapshot(leg.referral);
  if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
  const sent = isPerson ? [] : sentEntries(readJson(message.body, { maxDepth: MAX_DEPTH }).value);
  const wanted = isPerson ? wantedPerson(snapshot) : wantedOf(sent);
  const correlation = correlationOf(snapshot.referral.id, snapshot.references);
  parts.trace.about({ referral: leg.referral, message: leg.message, correlation });
  const seconds = parts.meter.stopwatch();
  const came = await reader.read(wanted, correlation, signal);
  parts.trace.about({ outcome: came.kind });
  if (came.kind !== 'transient' || came.unsent !== true) {
    parts.meter.note({ kind: 'look', partner: leg.partner, outcome: came.kind, seconds: seconds() });
  }
  if (came.kind === 'transient') return putOff(work, leg, { came, policy }, parts);
  if (came.kind === 'permanent') return conclude(work, leg, { kind: 'unreadable', came }, parts);
  if (isPerson) {
    const practice = parts.partners.get(leg.partner)?.organisation.ods;
    const person = personFound(snapshot, came, practice);
    return conclude(work, leg, { kind: 'person', person, replies: came.replies }, parts);
  }
  const entries = sent.map((one) => {
    const found = came.resources.filter((resource) => bears(resource, one));
    return compareEntry(one.resource, found, one.value);
  });
  return conclude(work, leg, { kind: 'read', entries, replies: came.replies, policy }, parts);
}

const MAX_DEPTH = 100;

/** Given up, read already, or taken by a person as it is. */
function isSettled(leg: Leg): boolean {
  return leg.status !== 'acknowledged' || leg.ack === 'read-back' || leg.readBack?.accepted !== undefined;
}

async function done(work: Work, parts: RoadParts): Promise<void> {
  await parts.store.commit(work, { kind: 'done' }, { journal: [] });
}

/** Its time has come, or a person has answered: back into the practice's lane; unless the question is still open. */
async function comeBack(work: Work, leg: Leg, parts: RoadParts): Promise<void> {
  const holds = await parts.store.holds({ open: true, referral: leg.referral });
  const open = holds.find(({ key }) => key === readBackHoldKey(leg));
  const outcome: WorkOutcome = open === undefined ? { kind: 'done' } : { kind: 'held', hold: open.id };
  await parts.store.commit(work, outcome, { journal: [], ...(open === undefined && { work: [readWork(leg)] }) });
}

/** When the practice's pace lets its record be looked at again; undefined for now. */
async function untilAllowed(leg: Leg, { everyMs }: ReadBackPolicy, parts: RoadParts): Promise<string | undefined> {
  const last = await parts.store.lastReadingAt(leg.partner);
  if (last === undefined || everyMs === 0) return undefined;
  const next = Date.parse(last) + everyMs;
  // A clock that was set back must not keep the record closed for long.
  const isAhead = next > parts.clock.now().getTime() && Date.parse(last) <= parts.clock.now().getTime();
  return isAhead ? new Date(next).toISOString() : undefined;
}

function wantedOf(sent: readonly Sent[]): WantedEntries[] {
  const wanted = new Map<string, { type: WantedEntries['type']; system: string; values: string[] }>();
  for (const { resource, system, value } of sent) {
    const key = `${resource.resourceType} ${system}`;
    const one = wanted.get(key) ?? { type: resource.resourceType, system, values: [] };
    one.values.push(value);
    wanted.set(key, one);
  }
  return [...wanted.values()];
}

/** The longer it takes, the longer until the next look: a quarter of its age, and never quicker than the pace. */
function pauseMs(leg: Leg, policy: ReadBackPolicy, parts: RoadParts): number {
  const { baseMs, capMs } = parts.retry(leg.partner);
  const age = parts.clock.now().getTime() - Date.parse(leg.settledAt ?? leg.queuedAt);
  return Math.max(policy.everyMs, Math.min(capMs, Math.max(baseMs, age / 4)));
}

async function putOff(
  work: Work,
  leg: Leg,
  { came, policy }: { readonly came: Extract<RecordRead, { kind: 'transient' }>; readonly policy: ReadBackPolicy },
  parts: RoadParts,
): Promise<void> {
  const now = parts.clock.now();
  const notBefore = new Date(
    now.getTime() + Math.max(came.retryAfterMs ?? 0, pauseMs(leg, policy, parts)),
  ).toISOString();
  const failed: JournalEntry = {
    at: now.toISOString(),
    kind: 'read-back.failed',
    actor: HEARBACK,
    referral: leg.referral,
    detail: { leg: leg.id, partner: leg.partner, code: came.reason.split(':', 1)[0] ?? '' },
  };
  await parts.store.commit(
    work,
    { kind: 'done' },
    { work: [{ ...readWork(leg), lane: waitingLane(leg), notBefore }], journal: came.unsent ? [] : [failed] },
  );
}

type Look =
  | { readonly kind: 'person'; readonly person: PersonReading; readonly replies: readonly Reply[] }
  | { readonly kind: 'no-reader' }
  | { readonly kind: 'unreadable'; readonly came: Extract<RecordRead, { kind: 'permanent' }> }
  | {
      readonly kind: 'read';
      readonly entries: readonly EntryReading[];
      readonly replies: readonly Reply[];
      readonly policy: ReadBackPolicy;
    };

/** Commits what a look came to. A stale commit is decided again from a fresh reading of our own record; theirs is not asked again. */
async function conclude(work: Work, leg: Leg, look: Look, parts: RoadParts): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(leg.referral);
    const current = snapshot?.legs.find(({ id }) => id === leg.id);
    if (snapshot === undefined || current === undefined)
      throw new Error('a leg without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const isOver = current.person === 'asked' ? current.status !== 'queued' : isSettled(current);
    const news = isOver ? { journal: [] } : await newsOf(current, look, now, parts);
    const changes = advance(snapshot, news, { ...parts, now });
    if ((await parts.store.commit(work, { kind: 'done' }, changes)) === 'committed') return;
  }
}

async function newsOf(leg: Leg, look: Look, now: string, parts: RoadParts): Promise<News> {
  const waiting = { ...readWork(leg), lane: waitingLane(leg) };
  if (look.kind === 'no-reader') return { holds: [noReader(leg, now, parts)], work: [waiting], journal: [] };
  if (look.kind === 'unreadable') {
    const messages = look.came.replies.map((reply, place) => kept(reply, { leg, now, place }, parts));
    return { holds: [unreadableHold(leg, look.came, now, parts)], work: [waiting], messages, journal: [] };
  }
  if (look.kind === 'person') return personNews(leg, look, now, parts);
  const { entries, policy } = look;
  const messages = look.replies.map((reply, place) => kept(reply, { leg, now, place }, parts));
  const reading = readingOf(leg, { messages, entries, now }, parts);
  const known = await parts.store.lostCodes(leg.partner);
  const lostCodes = remember(known, { partner: leg.partner, leg: leg.id, at: now, entries });
  const base = { messages, readings: [reading], lostCodes, journal: [entryOf(leg, reading)] };
  const closes = mayClose(entries, policy.onLostCode);
  const isMissing = reading.is === 'not-found';
  if (isMissing && Date.parse(now) < Date.parse(leg.settledAt ?? leg.queuedAt) + policy.patienceMs) {
    const notBefore = new Date(Date.parse(now) + pauseMs(leg, policy, parts)).toISOString();
    return { ...base, work: [{ ...waiting, notBefore }] };
  }
  const found: LegReadBack = { reading: reading.id, at: now, is: reading.is };
  if (!closes) {
    return {
      ...base,
      legs: [{ ...leg, readBack: found }],
      holds: [notKeptHold(leg, entries, now, parts)],
      work: [waiting],
    };
  }
  const readBack: LegReadBack = reading.is === 'lost' ? { ...found, accepted: 'rule' } : found;
  return { ...base, legs: [{ ...leg, ack: 'read-back', readBack }] };
}

/** The patient is the same, or a person is asked and nothing is filed. */
function personNews(
  leg: Leg,
  { person, replies }: Extract<Look, { kind: 'person' }>,
  now: string,
  parts: RoadParts,
): News {
  const messages = replies.map((reply, place) => kept(reply, { leg, now, place }, parts));
  const entries = [personEntry(person)];
  const reading = readingOf(leg, { messages, entries, now }, parts);
  const isSame = person.is === 'same';
  return {
    messages,
    readings: [reading],
    legs: [{ ...leg, person: isSame ? 'same' : 'differs' }],
    holds: isSame ? [] : [personHold(leg, person, now, parts)],
    journal: [entryOf(leg, reading)],
  };
}

function readingOf(
  { id: leg, referral, partner }: Leg,
  { messages, entries, now }: { messages: readonly Message[]; entries: readonly EntryReading[]; now: string },
  { ids }: RoadParts,
): Reading {
  const is = worst(entries.map((one) => one.is));
  return { id: ids.next(), leg, referral, partner, at: now, messages: messages.map(({ id }) => id), entries, is };
}

/** What the record answered is a message too: the proof of what stood there. */
function kept(reply: Reply, { leg, now, place }: { leg: Leg; now: string; place: number }, parts: RoadParts): Message {
  const id = parts.ids.next();
  return {
    id,
    direction: 'in',
    partner: leg.partner,
    channel: leg.channel,
    identity: `reply:read:${leg.id}:${now}:${place + 1}`,
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

function entryOf(leg: Leg, { at, id, is, entries }: Reading): JournalEntry {
  const count = (word: EntryReading['is']) => entries.filter((one) => one.is === word).length;
  return {
    at,
    kind: 'leg.read-back',
    actor: HEARBACK,
    referral: leg.referral,
    message: leg.message,
    detail: {
      ...{ leg: leg.id, partner: leg.partner, reading: id, is, entries: entries.length },
      ...{ kept: count('kept'), degraded: count('degraded'), lost: count('lost'), notFound: count('not-found') },
    },
  };
}

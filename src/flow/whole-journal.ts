import type { LoopEvent } from '../core/loop/event.ts';
import type { Reading } from '../core/loop/read-back/reading.ts';
import type { Hold, Leg, Message } from '../core/message.ts';
import type { Clock } from '../ports.ts';
import type { Changes, JournalEntry } from '../ports-changes.ts';
import type { Store } from '../ports-record.ts';
import { bodyDetail } from './intake/body-detail.ts';
import { HEARBACK } from './road-parts.ts';
import { stampDetail } from './translation/mapping-stamp.ts';

type Writes = Pick<Store, 'receive' | 'commit' | 'apply' | 'resolveHold' | 'recover'>;

/**
 * The record, with an entry of the message log for everything that is written to it. A step says what it did in its own words;
 * what it says nothing of (a message made, an answer, a delivery that changed) is said here, in the same transaction. So
 * no step, and none that is written later, can change the record without a trace.
 */
export function wholeJournal<S extends Writes>(store: S, clock: Clock): S {
  const whole = (changes: Changes) => completed(changes, clock.now().toISOString());
  return {
    ...store,
    receive: (message: Message, changes: Changes) => store.receive(message, whole(changes)),
    commit: (...[work, outcome, changes]: Parameters<Store['commit']>) => store.commit(work, outcome, whole(changes)),
    apply: (changes: Changes) => store.apply(whole(changes)),
    resolveHold: (...[hold, by, resolution, then, changes, ...seen]: Parameters<Store['resolveHold']>) =>
      store.resolveHold(hold, by, resolution, then, whole(changes), ...seen),
    async recover(...asked: Parameters<Store['recover']>) {
      const claims = await store.recover(...asked);
      const at = clock.now().toISOString();
      if (claims > 0) {
        await store.apply({ journal: [{ at, kind: 'work.taken-back', actor: HEARBACK, detail: { claims } }] });
      }
      return claims;
    },
  };
}

/** The same changes; the journal with an entry for each message, event, hold, delivery and look that it left out. */
function completed(changes: Changes, now: string): Changes {
  const further = changes.further?.map((one) => ({ ...one, journal: [...one.journal, ...missing(one, now)] }));
  return { ...changes, journal: [...changes.journal, ...missing(changes, now)], ...(further && { further }) };
}

function missing(changes: Omit<Changes, 'further'>, now: string): JournalEntry[] {
  const { messages = [], events = [], holds = [], legs = [], readings = [], journal } = changes;
  const named = (key: string) => new Set(journal.map(({ detail }) => detail[key]));
  const proven = new Set(journal.flatMap(({ message, detail }) => (detail['digest'] === undefined ? [] : [message])));
  const made = messages.filter(({ id }) => !proven.has(id)).map((message) => entryOfMessage(message, changes));
  const [saidEvents, saidHolds, saidReadings] = [named('event'), named('hold'), named('reading')];
  const saidLegs = new Set([...named('leg'), ...made.map(({ detail }) => detail['leg'])]);
  return [
    ...made,
    ...events.filter(({ id }) => !saidEvents.has(id)).map(entryOfEvent),
    ...holds.filter(({ id }) => !saidHolds.has(id)).map(entryOfHold),
    ...legs.filter(({ id }) => !saidLegs.has(id)).map((leg) => entryOfLeg(leg, now)),
    ...readings.filter(({ id }) => !saidReadings.has(id)).map(entryOfReading),
  ];
}

/** What we made to be sent, or what a partner answered to what we sent. */
function entryOfMessage(message: Message, { legs = [] }: Pick<Changes, 'legs'>): JournalEntry {
  const { id, at, direction, partner, channel, referral, headers } = message;
  const isOurs = direction === 'out';
  const leg = legs.find((one) => (isOurs ? one.message : one.reply) === id);
  return {
    at,
    kind: isOurs ? 'message.made' : 'message.answered',
    actor: isOurs ? HEARBACK : partner,
    message: id,
    ...(referral !== undefined && { referral }),
    detail: {
      ...(isOurs && { partner }),
      channel,
      ...bodyDetail(message),
      ...(!isOurs && headers['status'] !== undefined && { status: Number(headers['status']) }),
      ...(leg !== undefined && { leg: leg.id, purpose: leg.purpose }),
      ...(leg !== undefined && isOurs && { ...(leg.cause && { cause: leg.cause }), ...stampDetail(leg.mapping) }),
    },
  };
}

function entryOfEvent({ id, recordedAt, by, referral, message, kind, task }: LoopEvent): JournalEntry {
  return {
    at: recordedAt,
    kind: 'event.recorded',
    actor: by,
    referral,
    ...(message !== undefined && { message }),
    detail: { event: id, kind, task },
  };
}

function entryOfHold({ id, openedAt, kind, partner, referral }: Hold): JournalEntry {
  return {
    at: openedAt,
    kind: 'hold.opened',
    actor: HEARBACK,
    ...(referral !== undefined && { referral }),
    detail: { hold: id, kind, ...(partner !== undefined && { partner }) },
  };
}

function entryOfLeg({ id, referral, message, partner, purpose, status, ack }: Leg, at: string): JournalEntry {
  return {
    at,
    kind: 'leg.changed',
    actor: HEARBACK,
    referral,
    message,
    detail: { leg: id, partner, purpose, status, ...(ack !== undefined && { level: ack }) },
  };
}

function entryOfReading({ id, at, leg, referral, partner, is }: Reading): JournalEntry {
  return { at, kind: 'leg.read-back', actor: HEARBACK, referral, detail: { reading: id, leg, partner, is } };
}

import type { LoopEvent } from '../../core/loop/event.ts';
import { restOfSet } from '../../core/loop/promises/leg-sets.ts';
import { isWordHeld } from '../../core/loop/promises/word-hold.ts';
import type { Hold, Leg, Work } from '../../core/message.ts';
import type { Clock, Ids } from '../../ports.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';
import { type AdvanceGiven, advance } from '../advance.ts';
import { readBackHoldKey } from '../read-back/read-back-holds.ts';
import type { Snapshot } from '../snapshot.ts';
import { readCodeHoldKey } from '../translation/code-hold.ts';
import { faultCode } from '../watch/fault-code.ts';
import { giveUpWaiting, recorded, unmetByGivingUp } from './give-up.ts';

/** What a person's decision needs of the road; a command can make it without an engine. */
export interface DeciderParts extends Omit<AdvanceGiven, 'now'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface HoldDecision {
  readonly hold: Hold;
  /** `user:<name>`. */
  readonly by: string;
  readonly reason: string;
  /** `retry`: what waited goes on, in order. `abandon`: it is dropped, and the ledger says so. */
  readonly then: 'retry' | 'abandon';
}

/** A decision that would harm: nothing was changed, and the message says what to do instead. */
export class NotDecided extends Error {}

/**
 * Resolves a hold. The ledger is settled with it: an abandoned delivery releases what was promised, with the reason.
 * Rejects with `NotDecided` when reports about several referrals would be dropped at once.
 */
export async function resolveHold(decision: HoldDecision, parts: DeciderParts): Promise<number> {
  const { hold, by, reason, then } = decision;
  for (;;) {
    const behind = await parts.store.behindHold(hold.id);
    const seen = behind.waiting.map(({ seq }) => seq);
    if (then === 'abandon' && readCodeHoldKey(hold.key)?.about === 'sender') throw new NotDecided(GOES_ON_WITHOUT);
    if (then === 'abandon') await refuseToDropMany(hold, behind.waiting, parts.store);
    const changes = await changesOf(decision, parts);
    try {
      const waiting = await parts.store.resolveHold(
        hold.id,
        by,
        reason,
        then,
        changes,
        ...(then === 'abandon' ? [seen] : []),
      );
      if (then === 'abandon') await giveUpWaiting(hold, waiting, parts);
      for (const referral of behind.referrals) if (referral !== hold.referral) await settleLedger(referral, parts);
      return waiting.length;
    } catch (fault) {
      if (faultCode(fault) !== 'stale') throw fault;
    }
  }
}

const GOES_ON_WITHOUT =
  'Abandoning this hold would end referrals for a code: resolve it with --no-match, and they go on without the code.';

/** Each of these reports may be the end of somebody's referral, and nobody would ever hear of it. */
async function refuseToDropMany(hold: Hold, waiting: readonly Work[], store: Store): Promise<void> {
  if (!isWordHeld(hold)) return;
  const messages = await Promise.all(waiting.map(({ subject }) => store.message(subject)));
  const about = new Set(messages.map((message, place) => message?.referral ?? waiting[place]?.lane));
  if (about.size < 2) return;
  throw new NotDecided(
    `Abandoning this hold would drop reports about ${about.size} referrals: add the code to the concept map, or write it down as unmatched there, and retry the hold.`,
  );
}

/** What a shared hold kept open in the ledgers of the others. */
async function settleLedger(referral: string, parts: DeciderParts): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(referral);
    if (snapshot === undefined) return;
    const changes = advance(snapshot, { journal: [] }, { ...parts, now: parts.clock.now().toISOString() });
    if (changes.promises?.length === 0 || (await parts.store.apply(changes)) === 'committed') return;
  }
}

async function changesOf(decision: HoldDecision, parts: DeciderParts): Promise<Changes> {
  const now = parts.clock.now().toISOString();
  const { hold, by, reason, then } = decision;
  const entry: JournalEntry = {
    at: now,
    kind: 'hold.resolved',
    actor: by,
    ...(hold.referral !== undefined && { referral: hold.referral }),
    detail: { hold: hold.id, kind: hold.kind, then, reason },
  };
  const snapshot = hold.referral === undefined ? undefined : await parts.store.snapshot(hold.referral);
  if (snapshot === undefined) return { journal: [entry] };
  if (then === 'retry') return advance(withResolved(snapshot, hold, now), { journal: [entry] }, { ...parts, now });
  const read = snapshot.legs.filter((leg) => hold.key === readBackHoldKey(leg) && leg.status === 'acknowledged');
  if (read.length > 0) {
    const legs = read.map((leg) => asItStands(leg, now));
    return advance(withResolved(snapshot, hold, now), { legs, journal: [entry] }, { ...parts, now });
  }
  const legs = snapshot.legs.filter(({ id }) => ABOUT_LEG.some((about) => hold.key === `${about}|${id}`));
  const given = legs.flatMap((leg) => [leg, ...unsentAfter(leg, snapshot.legs)]);
  const abandoned = given.map((leg): Leg => ({ ...leg, status: 'abandoned', settledAt: now }));
  const events = unmetBy(legs, withLegs(snapshot, abandoned), { ids: parts.ids, now });
  const news = { legs: abandoned, events, journal: [entry, ...events.map(recorded)] };
  return advance(withResolved(snapshot, hold, now), news, { ...parts, now });
}

/**
 * Of several messages the partner refused one: those that build on it are not sent either. After one that may have arrived
 * they go on: giving that one up only means not to send it again.
 */
export function unsentAfter(leg: Leg, legs: readonly Leg[]): Leg[] {
  if (leg.part === undefined || leg.status !== 'refused') return [];
  return restOfSet(leg, legs).filter(({ status }) => status === 'queued');
}

/** What keys of holds about one delivery begin with: that it was not taken, about whom it is, who may see it. */
const ABOUT_LEG = ['leg', 'person', 'view', 'read'];

/** What the record holds is taken as it is: the loop may close, and says what was lost. */
function asItStands(leg: Leg, now: string): Leg {
  const found = leg.readBack ?? { reading: '', at: now, is: 'not-found' as const };
  return { ...leg, readBack: { ...found, accepted: 'person' } };
}

/** A delivery that may have arrived may be answered yet: giving it up only means not to send it again. */
function unmetBy(legs: readonly Leg[], after: Snapshot, given: Pick<AdvanceGiven, 'ids' | 'now'>): LoopEvent[] {
  const refused = legs.filter(({ purpose, status }) => purpose === 'referral' && status === 'refused');
  return refused.flatMap(({ partner }) => unmetByGivingUp(after, partner, given));
}

function withLegs(snapshot: Snapshot, changed: readonly Leg[]): Snapshot {
  const byId = new Map(changed.map((leg) => [leg.id, leg]));
  return { ...snapshot, legs: snapshot.legs.map((leg) => byId.get(leg.id) ?? leg) };
}

export function withResolved(snapshot: Snapshot, hold: Hold, resolvedAt: string): Snapshot {
  return { ...snapshot, holds: snapshot.holds.map((one) => (one.id === hold.id ? { ...one, resolvedAt } : one)) };
}

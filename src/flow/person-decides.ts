import type { LoopEvent } from '../core/loop/event.ts';
import { isWordHeld } from '../core/loop/word-hold.ts';
import type { Hold, Leg, Work } from '../core/message.ts';
import type { Changes, Clock, Ids, JournalEntry, Store } from '../ports.ts';
import { type AdvanceGiven, advance, settleWork } from './advance.ts';
import { readCodeHoldKey } from './code-hold.ts';
import { faultCode } from './fault-code.ts';
import { giveUpWaiting, recorded, unmetByGivingUp } from './give-up.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

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

/**
 * Resolves a hold. The ledger is settled with it: an abandoned delivery releases what was promised, with the reason.
 * Rejects, and changes nothing, when reports about several referrals would be dropped at once.
 */
export async function resolveHold(decision: HoldDecision, parts: DeciderParts): Promise<number> {
  const { hold, by, reason, then } = decision;
  for (;;) {
    const behind = await parts.store.behindHold(hold.id);
    const seen = behind.waiting.map(({ seq }) => seq);
    if (then === 'abandon' && readCodeHoldKey(hold.key)?.about === 'sender') throw new Error(GOES_ON_WITHOUT);
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
  throw new Error(
    `Abandoning this hold would drop reports about ${about.size} referrals: add the code to the concept map, or write it down as unmatched there, and retry the hold.`,
  );
}

/** What a shared hold kept open in the ledgers of the others. */
async function settleLedger(referral: string, parts: DeciderParts): Promise<void> {
  for (;;) {
    const snapshot = await readSnapshot(parts.store, referral);
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
  const snapshot = hold.referral === undefined ? undefined : await readSnapshot(parts.store, hold.referral);
  if (snapshot === undefined) return { journal: [entry] };
  if (then === 'retry') return advance(withResolved(snapshot, hold, now), { journal: [entry] }, { ...parts, now });
  const legs = snapshot.legs.filter((leg) => hold.key === `leg|${leg.id}`);
  const abandoned = legs.map((leg): Leg => ({ ...leg, status: 'abandoned', settledAt: now }));
  const events = unmetBy(legs, withLegs(snapshot, abandoned), { ids: parts.ids, now });
  const news = { legs: abandoned, events, journal: [entry, ...events.map(recorded)] };
  return advance(withResolved(snapshot, hold, now), news, { ...parts, now });
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

function withResolved(snapshot: Snapshot, hold: Hold, resolvedAt: string): Snapshot {
  return { ...snapshot, holds: snapshot.holds.map((one) => (one.id === hold.id ? { ...one, resolvedAt } : one)) };
}

export interface Replay {
  /** Id of a message: an inbound one is taken onward again, an outgoing one is delivered again under the same id. */
  readonly message: string;
  readonly by: string;
  readonly reason: string;
}

export type ReplayPlan =
  | { readonly kind: 'onward'; readonly lane: string }
  | { readonly kind: 'deliver'; readonly leg: Leg }
  | { readonly kind: 'impossible'; readonly why: string };

/** What replaying a message would do. Doing it twice comes to the same as once; that is what makes replay safe. */
export async function planReplay(message: string, store: Store): Promise<ReplayPlan> {
  const found = await store.message(message);
  if (found === undefined) return { kind: 'impossible', why: 'There is no such message.' };
  if (found.verdict === 'refused') {
    return { kind: 'impossible', why: 'It was refused: the sender must send it again, mended, under a new id.' };
  }
  if (found.referral === undefined)
    return { kind: 'impossible', why: 'It belongs to no referral yet: resolve its hold.' };
  if (found.direction === 'in' && found.identity.startsWith('reply:')) {
    return { kind: 'impossible', why: 'It is the answer to a delivery, and nothing follows from it twice.' };
  }
  if (found.direction === 'in') return { kind: 'onward', lane: `in/${found.referral}/${found.id}` };
  const leg = (await store.legs(found.referral)).find((one) => one.message === message);
  return leg === undefined ? { kind: 'impossible', why: 'It was never a delivery.' } : { kind: 'deliver', leg };
}

export async function replay(wanted: Replay, plan: ReplayPlan, parts: DeciderParts): Promise<void> {
  if (plan.kind === 'impossible') throw new Error(plan.why);
  const at = parts.clock.now().toISOString();
  const entry: JournalEntry = {
    at,
    kind: 'message.replayed',
    actor: wanted.by,
    message: wanted.message,
    detail: { as: plan.kind, reason: wanted.reason },
  };
  const work =
    plan.kind === 'onward'
      ? { kind: 'onward' as const, lane: plan.lane, subject: wanted.message }
      : settleWork(plan.leg);
  const { settledAt: _, ack: __, ...again } = plan.kind === 'deliver' ? plan.leg : { settledAt: '', ack: '' };
  const legs = plan.kind === 'deliver' ? [{ ...(again as Leg), status: 'queued' as const }] : [];
  await parts.store.apply({ legs, work: [work], journal: [entry] });
}

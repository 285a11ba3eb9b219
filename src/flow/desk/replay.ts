import type { Leg, Message } from '../../core/message.ts';
import { isPruned, prunedText } from '../../core/pruned-body.ts';
import type { Changes, JournalEntry } from '../../ports-changes.ts';
import type { Store } from '../../ports-record.ts';
import { advance, settleWork } from '../advance.ts';
import type { Snapshot } from '../snapshot.ts';
import { stampDetail } from '../translation/mapping-stamp.ts';
import type { ReadyLeg } from '../translation/translate-leg.ts';
import { type DeciderParts, unsentAfter, withResolved } from './person-decides.ts';

export interface Replay {
  /** Id of a message: an inbound one is taken onward again, an outgoing one is delivered again under the same id. */
  readonly message: string;
  readonly by: string;
  readonly reason: string;
  /** Digest of the kept version that is to read an inbound message; the one in use when left out. */
  readonly mapping?: string;
}

export type ReplayPlan =
  | { readonly kind: 'onward'; readonly lane: string; readonly found: Message }
  | { readonly kind: 'deliver'; readonly leg: Leg; readonly found: Message }
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
  if (isPruned(found)) return { kind: 'impossible', why: prunedText(message) };
  if (found.direction === 'in') return { kind: 'onward', lane: `in/${found.referral}/${found.id}`, found };
  const leg = (await store.legs(found.referral)).find((one) => one.message === message);
  return leg === undefined ? { kind: 'impossible', why: 'It was never a delivery.' } : { kind: 'deliver', leg, found };
}

/** Why a delivery cannot be made anew with another mapping; undefined when it can. */
export function whyNotMadeAnew({ status }: Leg): string | undefined {
  if (status === 'refused' || status === 'abandoned') return undefined;
  const why = {
    acknowledged: 'The partner has taken it, and would take what is made anew for a second one.',
    ambiguous: 'The partner may have taken it: ask, and resolve the hold first.',
    queued: 'It is on its way still.',
    sending: 'It is on its way still.',
  }[status];
  return `${why} Only what was refused or given up can be made anew with another mapping.`;
}

export async function replay(wanted: Replay, plan: ReplayPlan, parts: DeciderParts): Promise<void> {
  if (plan.kind === 'impossible') throw new Error(plan.why);
  const chosen = wanted.mapping === undefined ? {} : { mappingDigest: wanted.mapping };
  const ofLeg = plan.kind === 'deliver' ? { leg: plan.leg.id, partner: plan.leg.partner } : {};
  const about = plan.found.referral === undefined ? {} : { referral: plan.found.referral };
  const journal = [entryOf({ ...wanted, ...about }, { as: plan.kind, ...ofLeg, ...chosen }, parts)];
  if (plan.kind === 'onward') {
    const chosenBy = wanted.mapping === undefined ? {} : { mapping: wanted.mapping };
    const work = [{ kind: 'onward' as const, lane: plan.lane, subject: wanted.message, ...chosenBy }];
    await parts.store.apply({ work, journal });
    return;
  }
  const { settledAt: _, ack: __, readBack: ___, ...again } = plan.leg;
  const legs: Leg[] = [{ ...again, status: 'queued' }];
  await parts.store.apply({ legs, work: [settleWork(plan.leg)], journal });
}

/**
 * Delivers what another version made of the same referral in place of a message that was not taken: under ids of its own,
 * because under the same one the partner may have kept the refusal. A hold that asks about the old one is answered by it.
 */
export async function replayAnew(
  wanted: Replay,
  { leg, made }: { readonly leg: Leg; readonly made: readonly ReadyLeg[] },
  parts: DeciderParts,
): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(leg.referral);
    if (snapshot === undefined) throw new Error('a leg without its referral: the record is damaged');
    if ((await putInPlace(snapshot, { wanted, leg, made }, parts)) === 'committed') return;
  }
}

interface Anew {
  readonly wanted: Replay;
  readonly leg: Leg;
  readonly made: readonly ReadyLeg[];
}

async function putInPlace(
  snapshot: Snapshot,
  { wanted, leg, made }: Anew,
  parts: DeciderParts,
): Promise<'committed' | 'stale'> {
  const now = parts.clock.now().toISOString();
  const hold = snapshot.holds.find(({ key, resolvedAt }) => key === `leg|${leg.id}` && resolvedAt === undefined);
  const old = [leg, ...unsentAfter(leg, snapshot.legs)].map(
    (one): Leg => ({ ...one, status: 'abandoned', settledAt: now }),
  );
  const news = {
    legs: [...old, ...made.map((one) => one.leg)],
    messages: made.map((one) => one.message),
    work: made.map((one) => settleWork(one.leg)),
    journal: [
      entryOf(
        { ...wanted, referral: leg.referral },
        { as: 'made-anew', legs: made.length, ...stampDetail(made[0]?.leg.mapping) },
        parts,
      ),
    ],
  };
  const before = hold === undefined ? snapshot : withResolved(snapshot, hold, now);
  const changes: Changes = advance(before, news, { ...parts, now });
  if (hold === undefined) return parts.store.apply(changes);
  await parts.store.resolveHold(hold.id, wanted.by, wanted.reason, 'abandon', changes);
  return 'committed';
}

function entryOf(
  { message, by, reason, referral }: Replay & { readonly referral?: string },
  detail: JournalEntry['detail'],
  { clock }: DeciderParts,
): JournalEntry {
  const at = clock.now().toISOString();
  const about = referral === undefined ? {} : { referral };
  return { at, kind: 'message.replayed', actor: by, ...about, message, detail: { ...detail, reason } };
}

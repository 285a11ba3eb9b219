import type { LoopEvent } from '../../core/loop/event.ts';
import { setsOf } from '../../core/loop/promises/leg-sets.ts';
import { isWordHeld } from '../../core/loop/promises/word-hold.ts';
import { foldLoop } from '../../core/loop/tasks/fold.ts';
import type { Hold, Work } from '../../core/message.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../ports-record.ts';
import { type AdvanceGiven, advance } from '../advance.ts';
import { HEARBACK } from '../road-parts.ts';
import { childTasks, type Snapshot } from '../snapshot.ts';

/**
 * A person gave up sending a referral to this platform. When the platform never had it, that part of the need is not met
 * and the GP must hear so: a part that nobody was sent would stay open with nobody able to end it.
 */
export function unmetByGivingUp(
  snapshot: Snapshot,
  partner: string,
  given: Pick<AdvanceGiven, 'ids' | 'now'>,
): LoopEvent[] {
  const tasks = { parent: snapshot.referral.parentTask, children: childTasks(snapshot.references) };
  const hasSpoken = snapshot.events.some((event) => event.by === partner);
  const referring = setsOf(snapshot.legs.filter((leg) => leg.purpose === 'referral'));
  const isSent = (task: string) =>
    referring.some((set) => set.every((leg) => leg.task === task && leg.status !== 'abandoned'));
  return foldLoop(tasks, snapshot.events)
    .children.filter((child) => child.partner === partner && !child.terminal && !hasSpoken && !isSent(child.task))
    .map((child) => ({
      id: given.ids.next(),
      referral: snapshot.referral.id,
      kind: 'unmet-need',
      task: child.task,
      at: given.now,
      recordedAt: given.now,
      by: HEARBACK,
      reason: { text: 'The referral could not be delivered to the service.' },
    }));
}

interface GivingUpParts extends Omit<AdvanceGiven, 'now'> {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * What follows when referrals that waited to be translated for a platform were given up: each is told as unmet there, and
 * goes onward again for the other platforms, which may wait on a hold of their own.
 */
export async function giveUpWaiting(hold: Hold, dropped: readonly Work[], parts: GivingUpParts): Promise<void> {
  const { partner } = hold;
  // Of what a platform said, that it is dropped is all there is to it.
  if (partner === undefined || hold.referral === undefined || isWordHeld(hold)) return;
  for (const work of dropped.filter(({ kind }) => kind === 'onward')) await giveUp(work, partner, parts);
}

async function giveUp(work: Work, partner: string, parts: GivingUpParts): Promise<void> {
  const { referral } = (await parts.store.message(work.subject)) ?? {};
  for (;;) {
    const snapshot = referral === undefined ? undefined : await parts.store.snapshot(referral);
    if (snapshot === undefined) return;
    const now = parts.clock.now().toISOString();
    const events = unmetByGivingUp(snapshot, partner, { ids: parts.ids, now });
    if (events.length === 0) return;
    const again = { kind: work.kind, lane: work.lane, subject: work.subject };
    const changes = advance(snapshot, { events, work: [again], journal: events.map(recorded) }, { ...parts, now });
    if ((await parts.store.apply(changes)) === 'committed') return;
  }
}

/** The log's line about an event that the engine itself concluded. */
export function recorded(event: LoopEvent) {
  return {
    at: event.recordedAt,
    kind: 'event.recorded',
    actor: HEARBACK,
    referral: event.referral,
    detail: { event: event.id, kind: event.kind, task: event.task },
  };
}

import { markLate } from '../core/loop/promises/late.ts';
import { isOpen, type LoopPromise } from '../core/loop/promises/promise.ts';
import { wordHeldSince } from '../core/loop/promises/word-hold.ts';
import type { Work } from '../core/message.ts';
import type { WorkOutcome } from '../ports-changes.ts';
import { advance, clockLane } from './advance.ts';
import { HEARBACK, type RoadParts } from './road-parts.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A promise's time is up. If it is still open it is late, from now on and for everybody to see; where a platform owes
 * an answer, the GP hears that nobody answered. Silence decides nothing.
 */
export async function deadline(work: Work, parts: RoadParts): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(work.subject);
    if (snapshot === undefined) throw new Error('a deadline without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const late = markLate(snapshot.promises.filter(isWaitedFor(snapshot)), now);
    const outcome = outcomeOf(work, [...snapshot.promises, ...late.changed], now);
    if (late.changed.length === 0) {
      await parts.store.commit(work, outcome, { journal: [] });
      return;
    }
    const journal = late.changed.map((promise) => ({
      at: now,
      kind: 'promise.late',
      actor: HEARBACK,
      referral: snapshot.referral.id,
      detail: { promise: promise.id, kind: promise.kind, owedBy: promise.owedBy, dueAt: promise.dueAt },
    }));
    const changes = advance(snapshot, { promises: late.changed, events: late.events, journal }, { ...parts, now });
    if ((await parts.store.commit(work, outcome, changes)) === 'committed') return;
  }
}

/** A platform whose word is held has answered: that it is not read yet is nothing to tell the GP, and no fault of its. */
function isWaitedFor({ holds }: Snapshot): (promise: LoopPromise) => boolean {
  return ({ owedBy }) => wordHeldSince(holds, owedBy) === undefined;
}

/** How long until a promise is looked at again whose platform has said something that is held. */
const HELD_MS = 15 * 60_000;

/**
 * A promise is late after its time. The clock may still stand at it, or have been set back, or what was said may be held:
 * then this was too early a look, and the only one that there is.
 */
function outcomeOf(work: Work, promises: readonly LoopPromise[], now: string): WorkOutcome {
  const promise = promises.findLast((one) => clockLane(one.id) === work.lane);
  if (promise === undefined || !isOpen(promise) || promise.lateSince !== undefined) return { kind: 'done' };
  const isOver = promise.dueAt < now;
  const notBefore = new Date(isOver ? Date.parse(now) + HELD_MS : Date.parse(promise.dueAt) + 1).toISOString();
  return { kind: 'again', notBefore, why: isOver ? 'held: what was said waits' : 'early: its time is not over yet' };
}

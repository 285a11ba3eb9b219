import { markLate } from '../core/loop/late.ts';
import type { Work } from '../core/message.ts';
import { advance } from './advance.ts';
import { HEARBACK, type RoadParts } from './road-parts.ts';
import { readSnapshot } from './snapshot.ts';

/**
 * A promise's time is up. If it is still open it is late, from now on and for everybody to see; where a platform owes
 * an answer, the GP hears that nobody answered. Silence decides nothing.
 */
export async function deadline(work: Work, parts: RoadParts): Promise<void> {
  for (;;) {
    const snapshot = await readSnapshot(parts.store, work.subject);
    if (snapshot === undefined) throw new Error('a deadline without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const late = markLate(snapshot.promises, now);
    if (late.changed.length === 0) {
      await parts.store.commit(work, { kind: 'done' }, { journal: [] });
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
    if ((await parts.store.commit(work, { kind: 'done' }, changes)) === 'committed') return;
  }
}

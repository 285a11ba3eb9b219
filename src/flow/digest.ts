import type { Work } from '../core/message.ts';
import type { WorkOutcome } from '../ports-changes.ts';
import { advance } from './advance.ts';
import type { RoadParts } from './road-parts.ts';
import { nextDigestAt } from './write-back/tell-gp.ts';

/**
 * A summary's time has come: what the GP was not told yet is told. Everything follows from the referral as it stands, so a
 * step that is done again finds nothing left to tell.
 */
export async function digest(work: Work, parts: RoadParts): Promise<void> {
  for (;;) {
    const snapshot = await parts.store.snapshot(work.subject);
    if (snapshot === undefined) throw new Error('a summary without its referral: the record is damaged');
    const now = parts.clock.now().toISOString();
    const changes = advance(snapshot, { journal: [] }, { ...parts, now });
    const isNews = (changes.legs ?? []).length > 0;
    // A clock that was set back: it is too early still, and this is the only look.
    const nextAt = isNews ? undefined : nextDigestAt(snapshot, { ...parts, now });
    const outcome: WorkOutcome =
      nextAt === undefined
        ? { kind: 'done' }
        : { kind: 'again', notBefore: nextAt, why: 'early: its time has not come' };
    if ((await parts.store.commit(work, outcome, isNews ? changes : { journal: [] })) === 'committed') return;
  }
}

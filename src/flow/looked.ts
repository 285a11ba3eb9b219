import { keepByRead } from '../core/loop/promises/ledger.ts';
import { isOpen } from '../core/loop/promises/promise.ts';
import type { StoredResource } from '../core/referral.ts';
import type { JournalEntry } from '../ports-changes.ts';
import { advance } from './advance.ts';
import type { RoadParts } from './road-parts.ts';

/** A GP system is about to be shown something. Every look at a patient's data is journalled, and before it can take place. */
export async function looked(
  partner: string,
  seen: readonly StoredResource[],
  parts: Pick<RoadParts, 'store' | 'clock'>,
): Promise<void> {
  const at = parts.clock.now().toISOString();
  const journal = seen.map(
    (one): JournalEntry => ({
      at,
      kind: 'resource.read',
      actor: partner,
      referral: one.referral,
      detail: { resource: `${one.type}/${one.id}`, version: one.version },
    }),
  );
  await parts.store.apply({ journal });
}

/**
 * A GP system was shown something, to the last byte. For a system that fetches instead of being written to, reading the
 * Task is how it hears: the promises about that version are kept by it.
 */
export async function shown(partner: string, seen: readonly StoredResource[], parts: RoadParts): Promise<void> {
  const tasks = new Map<string, StoredResource[]>();
  for (const one of seen) {
    if (one.type === 'Task') tasks.set(one.referral, [...(tasks.get(one.referral) ?? []), one]);
  }
  for (const [referral, versions] of tasks) await keep({ partner, referral, versions }, parts);
}

interface Read {
  readonly partner: string;
  readonly referral: string;
  /** Of its Tasks, as they were handed out. */
  readonly versions: readonly StoredResource[];
}

async function keep({ partner, referral, versions }: Read, parts: RoadParts): Promise<void> {
  for (;;) {
    // Most reads come where nothing is owed: they cost one query and write nothing.
    const promises = await parts.store.promises(referral);
    if (!promises.some((promise) => isOpen(promise) && promise.kind === 'tell-gp' && promise.owedTo === partner))
      return;
    const snapshot = await parts.store.snapshot(referral);
    const now = parts.clock.now().toISOString();
    const kept = versions.flatMap(({ id: task, version, lastUpdated }) =>
      keepByRead(snapshot?.promises ?? [], { partner, task, version, lastUpdated, at: now }),
    );
    if (snapshot === undefined || kept.length === 0) return;
    const journal = kept.map(
      (promise): JournalEntry => ({
        at: now,
        kind: 'promise.kept',
        actor: partner,
        referral,
        detail: {
          promise: promise.id,
          kind: promise.kind,
          ...(promise.keptBy !== undefined && { by: promise.keptBy }),
        },
      }),
    );
    const changes = advance(snapshot, { promises: kept, journal }, { ...parts, now });
    if ((await parts.store.apply(changes)) === 'committed') return;
  }
}

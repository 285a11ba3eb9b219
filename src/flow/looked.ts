import { keepByRead } from '../core/loop/ledger.ts';
import type { StoredResource } from '../core/referral.ts';
import type { JournalEntry } from '../ports.ts';
import { advance } from './advance.ts';
import type { RoadParts } from './road-parts.ts';
import { readSnapshot } from './snapshot.ts';

/**
 * A GP system read something. Every look at a patient's data is journalled; and for a system that fetches instead of
 * being written to, reading the Task is how it hears: the promises about that version are kept by it.
 */
export async function looked(partner: string, shown: readonly StoredResource[], parts: RoadParts): Promise<void> {
  const byReferral = new Map<string, StoredResource[]>();
  for (const one of shown) byReferral.set(one.referral, [...(byReferral.get(one.referral) ?? []), one]);
  for (const [referral, resources] of byReferral) await lookedAt(partner, referral, resources, parts);
}

async function lookedAt(
  partner: string,
  referral: string,
  resources: readonly StoredResource[],
  parts: RoadParts,
): Promise<void> {
  for (;;) {
    const now = parts.clock.now().toISOString();
    const journal = resources.map(
      (one): JournalEntry => ({
        at: now,
        kind: 'resource.read',
        actor: partner,
        referral,
        detail: { resource: `${one.type}/${one.id}`, version: one.version },
      }),
    );
    const snapshot = await readSnapshot(parts.store, referral);
    const kept = resources
      .filter((one) => one.type === 'Task')
      .flatMap(({ id: task, version, lastUpdated }) =>
        keepByRead(snapshot?.promises ?? [], { partner, task, version, lastUpdated, at: now }),
      );
    const changes =
      snapshot === undefined || kept.length === 0
        ? { journal }
        : advance(snapshot, { promises: kept, journal }, { ...parts, now });
    if ((await parts.store.apply(changes)) === 'committed') return;
  }
}

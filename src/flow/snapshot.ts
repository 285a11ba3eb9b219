import type { LoopEvent } from '../core/loop/event.ts';
import type { LoopPromise } from '../core/loop/promise.ts';
import type { Hold, Leg } from '../core/message.ts';
import type { Dossier, Referral } from '../core/referral.ts';
import type { Reference, Store } from '../ports.ts';

/** One referral as it stands: what a step reads before it decides. */
export interface Snapshot {
  readonly referral: Referral;
  readonly dossier: Dossier;
  readonly events: readonly LoopEvent[];
  readonly promises: readonly LoopPromise[];
  readonly legs: readonly Leg[];
  readonly references: readonly Reference[];
  /** Open and resolved. */
  readonly holds: readonly Hold[];
}

export type SnapshotReads = Pick<
  Store,
  'referral' | 'dossier' | 'events' | 'promises' | 'legs' | 'referencesOf' | 'holds'
>;

/**
 * Reads a referral with everything that belongs to it; undefined when there is none.
 * The version is read first: what was read after it can only be newer, and then the commit is answered `stale`.
 */
export async function readSnapshot(store: SnapshotReads, id: string): Promise<Snapshot | undefined> {
  const referral = await store.referral(id);
  if (referral === undefined) return undefined;
  const [dossier, events, promises, legs, references, open, resolved] = await Promise.all([
    store.dossier(id),
    store.events(id),
    store.promises(id),
    store.legs(id),
    store.referencesOf(id),
    store.holds({ open: true, referral: id }),
    store.holds({ open: false, referral: id }),
  ]);
  return { referral, dossier, events, promises, legs, references, holds: [...open, ...resolved] };
}

/** The platforms' parts of a referral: which child Task is whose. */
export function childTasks(references: readonly Reference[]): { task: string; partner: string }[] {
  return references.flatMap(({ kind, partner, task }) =>
    kind === 'referral' && task !== undefined ? [{ task, partner }] : [],
  );
}

/** The case's correlation id: the sender's when it gave one, else the referral's own id. */
export function correlationOf(snapshot: Pick<Snapshot, 'referral' | 'references'>): string {
  return snapshot.references.find((one) => one.kind === 'correlation')?.value ?? snapshot.referral.id;
}

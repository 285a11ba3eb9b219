/**
 * What a step and the record hand each other, on one page: a referral as it stands, what was decided from it, and what became of
 * that. The door itself is ports-record.ts.
 */
import type { LoopEvent } from './core/loop/event.ts';
import type { LoopPromise } from './core/loop/promises/promise.ts';
import type { LostCode } from './core/loop/read-back/lost-code.ts';
import type { Reading } from './core/loop/read-back/reading.ts';
import type { Answer, Hold, KeptMapping, Leg, MappingStamp, Message, NewWork } from './core/message.ts';
import type { Dossier, Referral, StoredResource } from './core/referral.ts';

/** One referral as it stands. */
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

/**
 * Everything one step decided. The store applies it whole, in one transaction flushed to disk, or not at all.
 * Steps are decided by pure code from what they read; if `referral.ifVersion` is no longer current the store
 * answers `stale`, changes nothing, and the step reads and decides again (never re-sends).
 */
export interface Changes {
  readonly referral?: { readonly ifVersion: number | 'new'; readonly next: Referral };
  readonly messages?: readonly Message[];
  readonly resources?: readonly StoredResource[];
  /** How partners name a referral (`{partner, kind: 'reference'|'task'|…, value}`); found again by `findReferral`. */
  readonly references?: readonly Reference[];
  /** References that must name no other referral. When one does, nothing is changed: decided too late (`taken`, or `stale`). */
  readonly unique?: readonly Reference[];
  readonly events?: readonly LoopEvent[];
  /** Inserted or replaced by id. */
  readonly promises?: readonly LoopPromise[];
  /** Inserted or replaced by id. */
  readonly legs?: readonly Leg[];
  readonly work?: readonly NewWork[];
  /** Opened holds. One whose key is already open is not opened again: the work joins the one that is. */
  readonly holds?: readonly Hold[];
  /** Links an inbound message to the referral it turned out to speak of. */
  readonly link?: { readonly message: string; readonly referral: string };
  /** Says which mapping read an inbound message. */
  readonly readBy?: { readonly message: string; readonly mapping: MappingStamp };
  /** Looks at a partner's record, each with what it found. Only ever added. */
  readonly readings?: readonly Reading[];
  /** Inserted or replaced by partner, system and code. */
  readonly lostCodes?: readonly LostCode[];
  /**
   * What the same step changes in other referrals (a patient has several). Applied with these or not at all, and stale when any of
   * them is. They hold no further ones, and no referral stands among them twice.
   */
  readonly further?: readonly Omit<Changes, 'further'>[];
  /** Versions of mappings to keep. One whose digest is kept already stays as it is. */
  readonly mappings?: readonly KeptMapping[];
  readonly journal: readonly JournalEntry[];
}

export interface Reference {
  readonly partner: string;
  readonly kind: 'referral' | 'platform-reference' | 'resource' | 'correlation' | 'control-id';
  readonly value: string;
  readonly referral: string;
  /** The child Task it names, when it names one. */
  readonly task?: string;
}

export interface JournalEntry {
  readonly at: string;
  /** `message.received`, `message.refused`, `event.recorded`, `leg.sent`, `hold.opened`, `resource.read`, `loop.closed`, … */
  readonly kind: string;
  /** Partner id, `hearback`, or `user:<name>`. */
  readonly actor: string;
  readonly referral?: string;
  readonly message?: string;
  /** Ids, codes and counts only. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** What becomes of the work that a step was doing. */
export type WorkOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly notBefore: string; readonly why: string }
  /** Stays first in its lane until the hold is resolved: order per referral is kept. */
  | { readonly kind: 'held'; readonly hold: string };

export type Reception =
  | { readonly kind: 'first' }
  | { readonly kind: 'repeat'; readonly message: string; readonly answer: Answer }
  | { readonly kind: 'conflict'; readonly message: string }
  /** The referral that the changes were decided from moved on: decide again. */
  | { readonly kind: 'stale' }
  /** A reference that must be this referral's alone names another one since: decide again. */
  | { readonly kind: 'taken'; readonly referral: string };

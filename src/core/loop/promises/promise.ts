/**
 * A promise: one line of a loop's ledger. Somebody owes somebody something by a time, and it counts as kept only
 * when an acknowledgement of the promised level arrived (design law 5: four axes, never one status field).
 */

/** How far an answer proves that something arrived. A level never implies a later one. */
export type AckLevel =
  /** The transport took it (HTTP 2xx with no body we understand, a broker's confirm). */
  | 'transport'
  /** The receiving system says it has processed it (BaRS 2xx with both ids echoed, a FHIR transaction-response, ITK 20013). */
  | 'technical'
  /** A person or the receiver's own rules accepted it (an `accepted` event, ITK 30001). */
  | 'business'
  /** We read the record back, or the receiver polled exactly this version. */
  | 'read-back';

export type PromiseKind =
  /** The referral must reach this platform. Owed by Hearback. */
  | 'deliver'
  /** The platform must say yes or no. */
  | 'decide'
  /** The platform must say how it goes on (waiting, in progress, scheduled). */
  | 'progress'
  /** The platform must say how it ended. */
  | 'outcome'
  /** The platform must confirm or refuse a cancel request. */
  | 'answer-cancel'
  /** The GP must be told. Owed by Hearback; kept when the GP system acknowledges. */
  | 'tell-gp'
  /** A person must resolve a hold before anything goes on. */
  | 'resolve-hold';

export interface LoopPromise {
  readonly id: string;
  readonly referral: string;
  readonly kind: PromiseKind;
  /** The Task it concerns (a child for a platform's, the parent for the GP's). */
  readonly task: string;
  /** The partner id that owes it; `hearback` when we do. */
  readonly owedBy: string;
  readonly owedTo: string;
  readonly madeAt: string;
  /** UTC instant after which it is late. */
  readonly dueAt: string;
  /** The level of acknowledgement that keeps it. */
  readonly level: AckLevel;
  readonly keptAt?: string;
  readonly keptAs?: AckLevel;
  /** The message or leg that kept it: the proof. */
  readonly keptBy?: string;
  /** Set when it no longer needs keeping (the referral was cancelled, a later answer overtook it), with why. */
  readonly releasedAt?: string;
  readonly releasedWhy?: string;
  /** Set once, when it was first seen late. */
  readonly lateSince?: string;
}

/** Still owed: neither kept nor released. */
export function isOpen(promise: LoopPromise): boolean {
  return promise.keptAt === undefined && promise.releasedAt === undefined;
}

export type PromiseStanding = 'open' | 'kept' | 'released';

export function standingOf(promise: LoopPromise): PromiseStanding {
  if (isOpen(promise)) return 'open';
  return promise.keptAt === undefined ? 'released' : 'kept';
}

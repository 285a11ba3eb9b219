import type { CodeableConcept } from 'fhir/r4.js';

/**
 * An event: one thing that happened to a referral. Events are facts and are only ever added; what a referral
 * *is* (its loop state) is computed from the set of its events, so their order of arrival does not matter.
 */

/** The canonical words. The table of what each means stands in states.ts. */
export type EventKind =
  | 'requested'
  | 'received'
  | 'accepted'
  | 'rejected'
  | 'declined'
  | 'waiting'
  | 'scheduled'
  | 'did-not-attend'
  | 'could-not-contact'
  | 'in-progress'
  | 'onward-referred'
  | 'escalated'
  | 'outcome-recorded'
  | 'signposted'
  | 'completed'
  | 'unmet-need'
  | 'cancel-requested'
  | 'cancel-refused'
  | 'cancelled'
  | 'entered-in-error'
  /** Nobody answered by the deadline. Never to be read as a decline. */
  | 'no-answer';

export interface LoopEvent {
  readonly id: string;
  readonly referral: string;
  readonly kind: EventKind;
  /** Id of the child Task (one platform's part) it speaks of; the parent Task's id when it speaks of the whole referral. */
  readonly task: string;
  /** When it happened, as an instant in UTC (`2026-11-21T09:00:00.000Z`). */
  readonly at: string;
  /** The offset the sender wrote (`+01:00`), kept because local time matters to people. Absent when it was UTC or not said. */
  readonly offset?: string;
  /** When we learnt of it, in UTC. */
  readonly recordedAt: string;
  /** The partner who said so; `hearback` for what the engine itself concluded. */
  readonly by: string;
  /** The person at the partner who did it, as the partner wrote it. */
  readonly actor?: string;
  /** The message that said so; absent for what the engine concluded from a clock. */
  readonly message?: string;
  readonly reason?: CodeableConcept;
  readonly note?: string;
  /** The partner said that the patient should not see it by themselves: it speaks of somebody else, or of safeguarding. */
  readonly restricted?: true;
}

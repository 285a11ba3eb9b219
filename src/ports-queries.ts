/**
 * What can be asked of the record beside the one referral that a step decides from, on one page: loops, resources, the message
 * log, and what an operator watches. What comes back is here too. The door itself is ports-record.ts.
 */
import type { Hold, WorkKind } from './core/message.ts';
import type { StoredResource } from './core/referral.ts';
import type { JournalEntry } from './ports-changes.ts';

export interface LoopQuery {
  readonly status?: 'open' | 'closed';
  /** Only loops with an open promise due before this instant. */
  readonly lateAt?: string;
  /** Takes part: the referrer, or a platform. */
  readonly partner?: string;
  /** Takes part as well. */
  readonly alsoPartner?: string;
  /** One of these takes part: all that somebody may see. */
  readonly among?: readonly string[];
  /** From this instant on, and before that one. */
  readonly openedFrom?: string;
  readonly openedBefore?: string;
  /** `system|value`: an identifier that the patient has, or had. */
  readonly patient?: string;
  /** What the referral as a whole has come to: a word of core/loop/event.ts. */
  readonly state?: string;
  /** A code of a reason for the referral, whatever its system. */
  readonly need?: string;
  /** Our id, or the whole of a name that one of these partners gave it. */
  readonly named?: { readonly value: string; readonly partners: readonly string[] };
  /** In the order of their making when left out. */
  readonly newestFirst?: true;
  readonly limit: number;
  /** Referral id after which, in the order asked for, to go on. */
  readonly after?: string;
}

export interface ResourceQuery {
  readonly type: string;
  /** Every condition must hold; within one, any value. `values` are compared as SearchEntry.value is written. */
  readonly where: readonly SearchCondition[];
  /** Only resources of referrals that this partner referred. */
  readonly referrer: string;
  readonly limit: number;
  /** Opaque: `lastUpdated|id` of the last row of the page before; ordered by last update, then id. */
  readonly after?: string;
}

export interface SearchCondition {
  readonly param: string;
  readonly values: readonly string[];
  /** `equal` on the whole value; `code` on the part after the last `|`; the others on instants. */
  readonly compare: 'equal' | 'code' | 'ge' | 'gt' | 'le' | 'lt' | 'missing' | 'present';
}

export interface ResourcePage {
  readonly total: number;
  readonly resources: readonly StoredResource[];
  readonly next?: string;
}

export interface RecordedEntry extends JournalEntry {
  readonly seq: number;
}

export interface JournalQuery {
  /** Of this referral, and of messages that turned out to speak of it. */
  readonly referral?: string;
  readonly partner?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly afterSeq?: number;
  readonly limit: number;
}

/** How somebody outside names what they look for. Exactly one is given. */
export type LogName =
  /** An NHS number, or another identifier's value, that a Patient resource has now. */
  | { readonly patient: string }
  /** Our referral id, the id of its Task or ServiceRequest, or what a partner calls it. */
  | { readonly reference: string }
  /** Our message id, the sender's id for it, or a correlation or control id. */
  | { readonly message: string };

export interface LogSubjects {
  readonly referrals: readonly string[];
  readonly messages: readonly string[];
}

export interface PatientOfReferral {
  readonly referral: string;
  readonly patient: string;
}

/** Every condition that is given must hold. */
export interface LogQuery {
  /** Entries of any of these referrals (and of their messages), or of any of these messages. Empty lists find nothing. */
  readonly about?: LogSubjects;
  /** Entries that the partner caused, and those that speak of it. */
  readonly partner?: string;
  readonly actor?: string;
  readonly kind?: string;
  /** From this instant on. */
  readonly since?: string;
  /** Before this instant. */
  readonly until?: string;
  readonly newestFirst?: boolean;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: LogPlace;
}

/** Entries stand in order of their instants, and of their numbers where those are the same. */
export interface LogPlace {
  readonly at: string;
  readonly seq: number;
}

export interface LogPage {
  readonly entries: readonly RecordedEntry[];
  /** Where the next page begins; absent when there is no more. */
  readonly next?: LogPlace;
}

/** What an operator watches. Each list has a line for what there is, and none for what there is not. */
export interface Standing {
  /**
   * Work that waits, is under way or is held; of deadlines and digests only those whose time has come. `behind-hold` waits in order behind
   * what is held: a person must answer first. `since`: when the oldest of them was queued, of deadlines and digests when they fell due.
   */
  readonly work: readonly {
    readonly kind: WorkKind;
    readonly status: 'ready' | 'behind-hold' | 'claimed' | 'held';
    readonly partner?: string;
    readonly count: number;
    readonly since: string;
  }[];
  /** Open holds. `since`: when the oldest was opened. */
  readonly holds: readonly { readonly kind: Hold['kind']; readonly count: number; readonly since: string }[];
  /** Loops in which a partner (or `hearback`) owes something whose time is up. `since`: what was due first. */
  readonly late: readonly { readonly owedBy: string; readonly count: number; readonly since: string }[];
  /** When the oldest entry of the log was written that is not sealed yet; absent when all are. */
  readonly unsealedSince?: string;
}

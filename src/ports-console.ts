/**
 * What the console keeps in the record beside the road's own: accounts, sessions and attempts to sign in. Kept apart from
 * ports-record.ts because the road knows nothing of it. Both stores implement it.
 */
import type { PromiseKind } from './core/loop/promises/promise.ts';
import type { JournalEntry } from './ports-changes.ts';

export const CONSOLE_ROLES = ['auditor', 'engineer', 'operator'] as const;
export type ConsoleRole = (typeof CONSOLE_ROLES)[number];

/** What somebody may see. */
export interface Standing {
  readonly roles: readonly ConsoleRole[];
  /** Partner ids; only loops in which one of them takes part are seen. Absent: all. */
  readonly partners?: readonly string[];
}

export interface ConsoleAccount extends Standing {
  readonly name: string;
  /** Counts up with every change; a session that was opened on an earlier one is over. */
  readonly version: number;
  /** PHC string (`$argon2id$v=19$m=…`): the salt and the cost stand in it. */
  readonly password: string;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly changedAt: string;
}

export interface ConsoleSession extends Standing {
  /** SHA-256 (lower-case hex) of what the browser holds: whoever reads the record cannot use it. */
  readonly id: string;
  readonly user: string;
  /** Version of the local account it was opened on; absent where another service signed the user in. */
  readonly account?: number;
  readonly openedAt: string;
  readonly seenAt: string;
  /** UTC instant after which it is over whatever happens. */
  readonly endsAt: string;
}

/** Something that a session holds for a while: what was searched for, a word for the next page, an unmasked loop. */
export interface KeptInSession {
  /** `ConsoleSession.id` */
  readonly session: string;
  readonly key: string;
  /** Anything that JSON can hold. */
  readonly value: unknown;
  readonly until: string;
}

/** Failures to sign in, by the name that was tried or the address they came from. */
export interface SignInAttempts {
  readonly key: string;
  readonly version: number;
  readonly failures: number;
  /** UTC instant; nobody is let in before it. */
  readonly lockedUntil?: string;
  /** UTC instant after which all of it is forgotten. */
  readonly forgetAt: string;
}

/** A decision that somebody proposed and somebody else confirms. One row for each thing that is decided about. */
export interface ConsoleProposal {
  /** `hold|<id>`, `replay|<message>` */
  readonly subject: string;
  /** Counts up with every change. */
  readonly version: number;
  readonly state: 'open' | 'confirmed' | 'withdrawn';
  /** What would be done: anything that JSON can hold. */
  readonly decision: unknown;
  /** Names of users. No record holds one that whoever proposed it confirmed. */
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
}

/** Applied whole, in one transaction flushed to disk, or not at all. */
export interface ConsoleChanges {
  readonly account?: { readonly ifVersion: number | 'new'; readonly next: ConsoleAccount };
  readonly attempts?: readonly { readonly ifVersion: number | 'new'; readonly next: SignInAttempts }[];
  readonly proposal?: { readonly ifVersion: number | 'new'; readonly next: ConsoleProposal };
  readonly opened?: ConsoleSession;
  /** Of a session that is over by now nothing is changed. */
  readonly seen?: { readonly session: string; readonly at: string };
  /** Session ids; what they held goes with them. */
  readonly ended?: readonly string[];
  /** All sessions of this user end. */
  readonly endedOf?: string;
  /** Inserted or replaced by session and key. Of a session that is over nothing is kept. */
  readonly kept?: readonly KeptInSession[];
  readonly forgotten?: readonly { readonly session: string; readonly key: string }[];
  /** What was over before this instant is deleted: sessions by `endsAt`, what they kept by `until`, attempts by `forgetAt`. */
  readonly sweep?: string;
  readonly journal: readonly JournalEntry[];
}

/** Ages of loops: up to a day, a week, four weeks, twelve weeks, and older. */
export const LOOP_AGES = ['day', 'week', 'month', 'quarter', 'older'] as const;
export type LoopAge = (typeof LOOP_AGES)[number];

export interface OverviewQuery {
  readonly now: string;
  /** From when on loops are counted by day; the beginning of a day in UTC. */
  readonly since: string;
  /** Only loops in which one of these partners takes part. */
  readonly partners?: readonly string[];
  /** Partners of whom to say when they were last heard of. */
  readonly heardOf: readonly string[];
  /** How many of the loops that are late the longest are named. */
  readonly longest: number;
}

/** How the loops stand. Each list has a line for what there is, and none for what there is not. */
export interface Overview {
  /** Open loops by the word that the parent Task bears (`Task.businessStatus`) and by age. */
  readonly open: readonly { readonly state: string; readonly age: LoopAge; readonly count: number }[];
  /** Loops in which a partner (or `hearback`) owes something whose time is up. `since`: what was due first. */
  readonly late: readonly { readonly owedBy: string; readonly count: number; readonly since: string }[];
  /** What is late the longest, first. */
  readonly longestLate: readonly {
    readonly referral: string;
    readonly kind: PromiseKind;
    readonly owedBy: string;
    readonly dueAt: string;
  }[];
  /** Loops by the day (UTC) on which they were opened, and on which the log says that they were closed. */
  readonly opened: readonly LoopsOfDay[];
  readonly closed: readonly LoopsOfDay[];
  /** When a partner last did something that the log knows of. */
  readonly heard: readonly { readonly partner: string; readonly at: string }[];
}

export interface LoopsOfDay {
  /** `2026-11-26` */
  readonly day: string;
  readonly count: number;
}

export interface ConsoleRecord {
  /** It costs as much as there is of what is open or late, and of what happened since; not as the record is large. */
  overview(query: OverviewQuery): Promise<Overview>;
  consoleAccount(name: string): Promise<ConsoleAccount | undefined>;
  /** By name. */
  consoleAccounts(): Promise<ConsoleAccount[]>;
  signInAttempts(key: string): Promise<SignInAttempts | undefined>;
  /** Also one whose time is over: whoever asks knows the time. */
  consoleSession(id: string): Promise<ConsoleSession | undefined>;
  /** All that a session holds, by key. */
  keptInSession(session: string): Promise<KeptInSession[]>;
  consoleProposal(subject: string): Promise<ConsoleProposal | undefined>;
  /** Those that wait for a second person, the oldest first. */
  openProposals(): Promise<ConsoleProposal[]>;
  /** `stale` when an account, a proposal or attempts are not of the version they were decided from; then nothing is changed. */
  changeConsole(changes: ConsoleChanges): Promise<'committed' | 'stale'>;
}

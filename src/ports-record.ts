/**
 * The record's door, on one page: what the road, and whoever reads what it left, ask of a store. Both stores implement it. What goes
 * in is described in ports-changes.ts, what is looked for in ports-queries.ts.
 */
import type { LoopEvent } from './core/loop/event.ts';
import type { LoopPromise } from './core/loop/promises/promise.ts';
import type { LostCode } from './core/loop/read-back/lost-code.ts';
import type { Reading } from './core/loop/read-back/reading.ts';
import type { Hold, KeptMapping, Leg, Message, Work, WorkKind } from './core/message.ts';
import type { Dossier, Referral, StoredResource } from './core/referral.ts';
import type { Changes, Reception, Reference, Snapshot, WorkOutcome } from './ports-changes.ts';
import type {
  JournalQuery,
  LogName,
  LogPage,
  LogQuery,
  LogSubjects,
  LoopQuery,
  PatientOfReferral,
  RecordedEntry,
  ResourcePage,
  ResourceQuery,
  Standing,
} from './ports-queries.ts';

export interface Store {
  /** Records an inbound message with its answer and whatever it changes, once per (partner, identity). */
  receive(message: Message, changes: Changes): Promise<Reception>;
  /** Claims work whose lane is free, in order; counts the attempt. A claim is durable before it is returned. */
  claim(request: ClaimRequest): Promise<Work[]>;
  /**
   * Applies a step's changes and settles its work in one transaction. Rejects with `code: 'claim-lost'` when the claim ran
   * out and another worker has the work now: what this one decided must not be written.
   */
  commit(work: Work, outcome: WorkOutcome, changes: Changes): Promise<'committed' | 'stale'>;
  /** Changes that belong to no claimed work (a read that keeps a promise, a person's decision). */
  apply(changes: Changes): Promise<'committed' | 'stale'>;
  /**
   * Marks a hold resolved and puts exactly the work that waits on it back; or drops that work when told to abandon it.
   * With `seen` (the `seq` of each), only if nothing else waits on it by now; rejects with `code: 'stale'` otherwise.
   */
  resolveHold(
    hold: string,
    by: string,
    resolution: string,
    then: 'retry' | 'abandon',
    changes: Changes,
    seen?: readonly number[],
  ): Promise<Work[]>;
  /** Gives back every claim of other workers whose lease ran out before `now` (all claims when `everything`), as interrupted. */
  recover(now: string, everything: boolean): Promise<number>;
  /** Extends the lease of a worker's claims. */
  renew(worker: string, until: string): Promise<void>;
  /** When the earliest waiting work may be claimed; undefined when there is none. */
  nextWorkAt(): Promise<string | undefined>;

  message(id: string): Promise<Message | undefined>;
  messagesOf(referral: string): Promise<Message[]>;
  referral(id: string): Promise<Referral | undefined>;
  findReferral(partner: string, kinds: readonly Reference['kind'][], value: string): Promise<Reference | undefined>;
  /** Who bears this name: two at most, which is enough to know that it is ambiguous. */
  namesakes(partner: string, kind: Reference['kind'], value: string): Promise<Reference[]>;
  referencesOf(referral: string): Promise<Reference[]>;
  /** A referral with everything that belongs to it, as it was at one moment; undefined when there is none. What a step decides from. */
  snapshot(referral: string): Promise<Snapshot | undefined>;
  dossier(referral: string): Promise<Dossier>;
  /** The dossier with the versions of its resources that were current at an instant. */
  dossierAt(referral: string, at: string): Promise<Dossier>;
  events(referral: string): Promise<LoopEvent[]>;
  promises(referral: string): Promise<LoopPromise[]>;
  legs(referral: string): Promise<Leg[]>;
  leg(id: string): Promise<Leg | undefined>;
  holds(query: { readonly open: boolean; readonly referral?: string }): Promise<Hold[]>;
  /** What a hold is in the way of: the work that waits on it, in order, and every referral that it was opened for. */
  behindHold(hold: string): Promise<{ readonly waiting: Work[]; readonly referrals: string[] }>;
  /** The looks at the record that a referral's write-backs led to, in order. */
  readings(referral: string): Promise<Reading[]>;
  /** When a partner's record was last looked at; undefined when it never was. */
  lastReadingAt(partner: string): Promise<string | undefined>;
  /** The codes that records did not keep, by partner, system and code; of one partner when one is named. */
  lostCodes(partner?: string): Promise<LostCode[]>;
  loops(query: LoopQuery): Promise<Referral[]>;
  resource(type: string, id: string): Promise<StoredResource | undefined>;
  search(query: ResourceQuery): Promise<ResourcePage>;
  journal(query: JournalQuery): Promise<RecordedEntry[]>;
  /** Which referrals and messages somebody means by a number or a name; both empty when nobody bears it. */
  logSubjects(named: LogName): Promise<LogSubjects>;
  /** A page of the message log, by time; `next` where there is more. */
  searchLog(query: LogQuery): Promise<LogPage>;
  /** One entry by its number; undefined when there is none. */
  entry(seq: number): Promise<RecordedEntry | undefined>;
  /** The ids of the Patient resources of these referrals. */
  patientsOf(referrals: readonly string[]): Promise<readonly PatientOfReferral[]>;
  /** The kept versions of mappings, in the order in which they were kept; of one name, or the one with a digest. */
  keptMappings(query: { readonly name?: string; readonly digest?: string }): Promise<KeptMapping[]>;
  /** What waits, what is held and what is late at an instant; it costs as much as there is of these, not as the record is large. */
  standing(now: string): Promise<Standing>;
  /** Totals for reports and the demo's summary: rows by table and state. */
  counts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface ClaimRequest {
  readonly worker: string;
  readonly now: string;
  /** How long the claim holds if nothing is heard of the worker. */
  readonly leaseMs: number;
  readonly kinds: readonly WorkKind[];
  readonly limit: number;
  /** Partners whose work must not be claimed now (circuit open, concurrency used up). */
  readonly notPartners: readonly string[];
  /**
   * Whom the claimer's configuration names. Work of others is left to a process that knows them, and taken only when it has been due since before
   * `strangersDueBefore`: nobody came, and it must not wait unseen. Left out by who is alone.
   */
  readonly known?: { readonly partners: readonly string[]; readonly strangersDueBefore: string };
}

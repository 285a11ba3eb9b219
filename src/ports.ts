/**
 * The doors, on one page. The flow knows these and nothing behind them; adapters and stores implement them;
 * only main.ts sees both sides. Everything asynchronous may reject only for faults of our own or of the machine:
 * what a partner does wrong is a value.
 */
import type { CodeSystem, ConceptMap, FhirResource, Parameters, ValueSet } from 'fhir/r4.js';
import type { OutcomeDialect } from './core/fhir/operation-outcome.ts';
import type { Finding } from './core/finding.ts';
import type { Exchange, ExchangeLimits, HttpPost } from './core/http-exchange.ts';
import type { LoopEvent } from './core/loop/event.ts';
import type { LostCode } from './core/loop/lost-code.ts';
import type { AckLevel, LoopPromise } from './core/loop/promise.ts';
import type { Reading } from './core/loop/reading.ts';
import type {
  Answer,
  Channel,
  Hold,
  KeptMapping,
  Leg,
  MappingStamp,
  Message,
  NewWork,
  Purpose,
  Work,
  WorkKind,
} from './core/message.ts';
import type { Dossier, Referral, StoredResource } from './core/referral.ts';
import type { OperationAnswer, TerminologyOperation } from './core/terminology/service/operation.ts';

/* ------------------------------------------------------------------ given things */

export interface Clock {
  now(): Date;
}

export interface Ids {
  /** A new UUID version 7, lower case: sorts by time of making. */
  next(): string;
}

/** Operational log. Fields are ids, counts, codes and durations; never a value out of a message. */
export interface Log {
  info(event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  warn(event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
  error(event: string, fields?: Readonly<Record<string, string | number | boolean | undefined>>): void;
}

/**
 * Counts and times what happens, for whoever watches the engine. What it is told are ids of the configuration, words of ours and
 * seconds, never a value out of a message: what is counted is shown to people who may see no patient's data.
 */
export interface Meter {
  /** Begins to time; what it gives says how many seconds have gone by since. */
  stopwatch(): () => number;
  note(measure: Measure): void;
}

export type Measure =
  /** A partner's message was answered. */
  | {
      readonly kind: 'message';
      readonly partner: string;
      readonly channel: Channel;
      readonly verdict: 'accepted' | 'refused' | 'repeat' | 'conflict';
    }
  /** A delivery left the house, or was meant to. */
  | {
      readonly kind: 'attempt';
      readonly partner: string;
      readonly channel: Channel;
      readonly purpose: Purpose;
      readonly outcome: SendResult['kind'];
      readonly seconds: number;
    }
  /** What an attempt came to for its leg, committed: nothing more is sent unless a person says so. */
  | {
      readonly kind: 'leg';
      readonly partner: string;
      readonly channel: Channel;
      readonly purpose: Purpose;
      readonly outcome: 'acknowledged' | 'refused' | 'ambiguous';
    }
  /** A partner's record was asked what it holds. */
  | {
      readonly kind: 'look';
      readonly partner: string;
      readonly outcome: RecordRead['kind'];
      readonly seconds: number;
    }
  /** A piece of work was done, from its claim to its commit. */
  | { readonly kind: 'step'; readonly work: WorkKind; readonly seconds: number }
  /** Something was written to the record and flushed to disk, or was not. */
  | {
      readonly kind: 'write';
      readonly operation: 'receive' | 'claim' | 'commit' | 'apply';
      readonly failed: boolean;
      readonly seconds: number;
    }
  | { readonly kind: 'hold-opened'; readonly hold: Hold['kind'] }
  | { readonly kind: 'loop'; readonly became: 'open' | 'closed' };

/**
 * Follows one piece of work through the house: what is logged while it is done bears its ids, and where somebody traces it is a
 * span. Ids of ours and of the configuration, and words of ours; never a value out of a message.
 */
export interface Trace {
  /** True where somebody traces: what only that needs is not read otherwise. */
  readonly spans: boolean;
  /** Does a step. `parent` is what it follows from, as a `traceparent` of W3C Trace Context; what is none is ignored. */
  step<T>(
    step: { readonly name: 'intake' | WorkKind; readonly about: About; readonly parent?: string },
    run: () => Promise<T>,
  ): Promise<T>;
  /** Adds to what the step under way is about, when it is known. */
  about(more: About): void;
  /** The step under way as a `traceparent`, for what follows from it; undefined where nobody traces. */
  current(): string | undefined;
}

export interface About {
  readonly message?: string;
  readonly referral?: string;
  readonly leg?: string;
  readonly partner?: string;
  readonly channel?: Channel;
  readonly purpose?: Purpose;
  /** As the sender gave it: shown only where it is a UUID, because a sender may write there whatever it likes. */
  readonly correlation?: string;
  readonly outcome?: string;
}

/* ------------------------------------------------------------------ in */

/** What an inlet hands to the road: bytes and who brought them, after authentication and nothing else. */
export interface Arrival {
  readonly partner: string;
  readonly channel: Channel;
  readonly identity: string;
  readonly correlation?: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly as received: recorded and digested. */
  readonly body: Uint8Array;
  /** The body as parsed text: FHIR JSON (XML already converted), a platform's JSON, the tree of an HL7 v2 message. Absent when it could not be parsed. */
  readonly content?: unknown;
  /** What reading it already found wrong (broken JSON, wrong media type). An error here means: record and refuse. */
  readonly findings: readonly Finding[];
  /** What the sender asks for. FHIR: the interaction. Webhook: the inbound mapping's name. */
  readonly ask: Ask;
}

export type Ask =
  | { readonly kind: 'fhir-transaction' }
  | { readonly kind: 'fhir-message' }
  | { readonly kind: 'fhir-create'; readonly type: 'ServiceRequest' | 'Task' }
  | { readonly kind: 'fhir-update'; readonly type: 'Task'; readonly id: string; readonly ifMatch?: string }
  | { readonly kind: 'platform-report'; readonly mapping: string }
  /** Type and event as MSH-9 has them (`REF^I12`), and the mapping that reads such a message. `content` is its tree. */
  | { readonly kind: 'hl7v2-message'; readonly event: string; readonly mapping: string }
  /** The answer to something that was sent to the partner before (MSA-2 says to what). */
  | { readonly kind: 'hl7v2-acknowledgement' }
  /** The same as FHIR says it: a message whose header is a response. */
  | { readonly kind: 'fhir-acknowledgement' };

/** What the road decided, before it is put into the sender's dialect. */
export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly message: string;
      readonly referral?: string;
      /** FHIR asks: the resources as stored, in the order of the request's entries. */
      readonly resources: readonly StoredResource[];
      readonly findings: readonly Finding[];
    }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly status: RefusalStatus;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'conflict'; readonly findings: readonly Finding[] }
  /** The first answer to the same bytes stands in `answer`. A dialect may prescribe another one for a repeat (BaRS: 409 duplicate). */
  | { readonly kind: 'repeat'; readonly message: string; readonly answer: Answer };

/** Refusals as HTTP means them: 400 unreadable, 403 not yours, 404 unknown, 409/412 version conflict, 422 breaks a rule. */
export type RefusalStatus = 400 | 403 | 404 | 409 | 412 | 413 | 415 | 422;

/** FHIR that did not come by HTTP, as whoever carries it has it. */
export interface CarriedFhir {
  readonly partner: string;
  readonly channel: Channel;
  readonly dialect: OutcomeDialect;
  readonly identity: string;
  readonly correlation?: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What is wrong with how it came. */
  readonly findings: readonly Finding[];
  /** True when its body must not be read: it is too long, or compressed. */
  readonly unreadable: boolean;
}

/** An arrival with how its sender is answered. */
export interface Prepared {
  readonly arrival: Arrival;
  /** Pure: what it makes is recorded with the message. */
  render(verdict: Verdict): Answer;
  /** What is said when it could not be recorded, through a fault of ours. */
  onFault(finding: Finding): Answer;
  /** Why an answer refuses, read out of it again: the same for a repeat, whose answer is on disk. */
  reasons(answer: Answer): readonly Reason[];
}

/** One thing that is wrong with a message, as its answer says it. No value out of the message stands in it. */
export interface Reason {
  readonly rule: string;
  /** Where: a JSON Pointer, a FHIRPath, the name of a property; empty when it concerns the whole. */
  readonly place: string;
  readonly message: string;
  readonly remedy: string;
}

/** Reads FHIR as the FHIR endpoint does, and answers in the same words. */
export type ReadCarriedFhir = (carried: CarriedFhir) => Prepared;

export interface Intake {
  /**
   * Validates, records and answers. Resolves only after the record is flushed to disk.
   * `render` puts the verdict into the sender's dialect; its bytes are recorded with the message, so it must be pure.
   */
  intake(arrival: Arrival, render: (verdict: Verdict) => Answer): Promise<Answer>;
}

/* ------------------------------------------------------------------ out */

export interface Delivery {
  readonly leg: string;
  readonly purpose: Purpose;
  /** The same for every attempt of a leg (webhook-id, X-Request-Id). */
  readonly idempotencyKey: string;
  readonly correlation: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** What kind of message it is, where a mapping makes several (`to: messages`): a type, or a routing key. Printable ASCII without spaces. */
  readonly key?: string;
  /** Counts from 1. */
  readonly attempt: number;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The failure's kind decides what happens (design law 4). `reason` is a code plus a sentence, without patient data. */
export type SendResult =
  | {
      readonly kind: 'acknowledged';
      readonly level: AckLevel;
      readonly reply?: Reply /** The platform's own reference, when its reply carries one. */;
      readonly reference?: string;
    }
  | {
      readonly kind: 'transient';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly reply?: Reply;
      /** Nothing left the house (the circuit was open): it does not count as an attempt. */
      readonly unsent?: true;
      readonly ofMessage?: OfMessage;
    }
  | {
      readonly kind: 'permanent';
      readonly reason: string;
      readonly findings: readonly Finding[];
      readonly reply?: Reply;
    }
  | { readonly kind: 'ambiguous'; readonly reason: string; readonly ofMessage?: OfMessage };

/**
 * The partner answered and failed at this message (500): it is there, and others may get through. Left out where the failure
 * speaks of the partner: no connection, no answer in time, 429, 502, 503, 504.
 */
type OfMessage = true;

export interface Outlet {
  readonly partner: string;
  readonly channel: Channel;
  /** True when the receiver promises that the same idempotency key has one effect: then ambiguous may be repeated. */
  readonly idempotent: boolean;
  /** How many deliveries may be under way at once. */
  readonly concurrency: number;
  /** Milliseconds until a delivery may be tried again, or 0: the partner's circuit. The pump asks before it claims. */
  closedFor(): number;
  send(delivery: Delivery, signal: AbortSignal): Promise<SendResult>;
  stop(): Promise<void>;
}

/**
 * Reads a partner's record through the partner's own door: what was filed of what we wrote. It does not keep the pace that
 * the partner asks for: whoever calls it does.
 */
export interface RecordReader {
  readonly partner: string;
  /** Everything that the record holds under these identifiers. Never rejects: what goes wrong on the way is a value. */
  read(wanted: readonly WantedEntries[], correlation: string, signal: AbortSignal): Promise<RecordRead>;
  stop(): Promise<void>;
}

export interface WantedEntries {
  readonly type: 'Observation' | 'QuestionnaireResponse' | 'DocumentReference' | 'Task' | 'Patient';
  readonly system: string;
  readonly values: readonly string[];
}

/** What the record gave back. Failures have the kinds of `SendResult`; asking again has no effect, so none is ambiguous. */
export type RecordRead =
  | {
      readonly kind: 'read';
      readonly resources: readonly FhirResource[];
      /** The answers as they came. */
      readonly replies: readonly Reply[];
    }
  | { readonly kind: 'transient'; readonly reason: string; readonly retryAfterMs?: number; readonly unsent?: true }
  | {
      readonly kind: 'permanent';
      readonly reason: string;
      readonly findings: readonly Finding[];
      readonly replies: readonly Reply[];
    };

/** How outlets that speak HTTP reach their partner: the only place that opens a connection to one. */
export interface HttpClient {
  /** Posts once, follows no redirect, and waits for the whole reply. Never rejects: what goes wrong on the way is a value. */
  post(request: HttpPost, limits: ExchangeLimits, signal: AbortSignal): Promise<Exchange>;
  /** Closes every connection; what is under way ends as failed, and nothing is sent any more. */
  close(): Promise<void>;
}

export interface HttpClientOptions {
  /** Connections to the partner at once; further requests wait for one. */
  readonly connections: number;
  /** True for a partner that is meant to stand beside the engine: private addresses and plain http are allowed. */
  readonly local: boolean;
  /** 5 s when left out. */
  readonly connectTimeoutMs?: number;
  /** PEM of the authority that signed the partner's certificate, when it is not a public one. */
  readonly ca?: string | Buffer;
}

/** One client a partner: its owner closes it. */
export type NewHttpClient = (options: HttpClientOptions) => HttpClient;

/* ------------------------------------------------------------------ terminology */

/** FHIR's terminology operations: answered from what is loaded, or by another server that stands in its place. */
export interface TerminologyDoor {
  /** Never rejects for what the caller asked or for a server that is down: that is an answer. */
  perform(operation: TerminologyOperation, given: Parameters): Promise<OperationAnswer>;
  /** CodeSystem, ValueSet and ConceptMap resources that can be read, as they stand in their files. */
  readonly resources: readonly TerminologyResource[];
  /** What codes are answered from, in a sentence, for the CapabilityStatement and whoever checks a configuration. */
  readonly runsOn: string;
}

export interface TerminologyResource {
  readonly type: 'CodeSystem' | 'ValueSet' | 'ConceptMap';
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly resource: CodeSystem | ValueSet | ConceptMap;
}

/* ------------------------------------------------------------------ the record */

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

export interface RecordedEntry extends JournalEntry {
  readonly seq: number;
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

export interface ClaimRequest {
  readonly worker: string;
  readonly now: string;
  /** How long the claim holds if nothing is heard of the worker. */
  readonly leaseMs: number;
  readonly kinds: readonly WorkKind[];
  readonly limit: number;
  /** Partners whose work must not be claimed now (circuit open, concurrency used up). */
  readonly notPartners: readonly string[];
}

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

/** What an operator watches. Each list has a line for what there is, and none for what there is not. */
export interface Standing {
  /**
   * Work that waits, is under way or is held; of deadlines and digests only those whose time has come. `since`: when the oldest of
   * them was queued, of deadlines and digests when they fell due.
   */
  readonly work: readonly {
    readonly kind: WorkKind;
    readonly status: 'ready' | 'claimed' | 'held';
    readonly partner?: string;
    readonly count: number;
    readonly since: string;
  }[];
  /** Open holds. `since`: when the oldest was opened. */
  readonly holds: readonly { readonly kind: Hold['kind']; readonly count: number; readonly since: string }[];
  /** Loops in which a partner (or `hearback`) owes something whose time is up. `since`: what was due first. */
  readonly late: readonly { readonly owedBy: string; readonly count: number; readonly since: string }[];
}

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

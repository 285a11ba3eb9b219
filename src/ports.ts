/**
 * The road's doors, on one page: what it is given, how something comes in, how it goes out. The flow knows these and the record's
 * (ports-record.ts) and nothing behind them; adapters and stores implement them; only main.ts sees both sides. Everything
 * asynchronous may reject only for faults of our own or of the machine: what a partner does wrong is a value.
 */
import type { FhirResource } from 'fhir/r4.js';
import type { OutcomeDialect } from './core/fhir/operation-outcome.ts';
import type { Finding } from './core/finding.ts';
import type { Exchange, ExchangeLimits, HttpPost } from './core/http-exchange.ts';
import type { AckLevel } from './core/loop/promises/promise.ts';
import type { Answer, Channel, Hold, Purpose, WorkKind } from './core/message.ts';
import type { StoredResource } from './core/referral.ts';

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
  | { readonly kind: 'loop'; readonly became: 'open' | 'closed' }
  /** Something is wrong with the sealed log: nothing is signed on top of it, or somebody wrote into it, or what is signed is not kept. */
  | { readonly kind: 'log-fault'; readonly fault: LogFault };

export type LogFault = 'not-whole' | 'not-sealed' | 'hand-over-not-signed' | 'checkpoint-not-kept';

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

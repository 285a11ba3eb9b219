/**
 * Messages, legs, holds and work: what the record keeps about traffic. All plain data.
 * Instants are ISO 8601 in UTC with milliseconds; ids are UUIDs (version 7).
 */
import type { Finding } from './finding.ts';
import type { AckLevel } from './loop/promises/promise.ts';
import type { Kept } from './loop/read-back/reading.ts';

export type Channel = 'fhir' | 'webhook' | 'mllp' | 'amqp';

/** What we answered, kept so that a repeat gets the first answer again, byte for byte. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Bytes received or sent, exactly as they were. */
export interface Message {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly partner: string;
  readonly channel: Channel;
  /** The sender's id for it (X-Request-Id, Bundle.identifier, webhook-id); unique per partner and direction. */
  readonly identity: string;
  /** Kept through a whole case (X-Correlation-Id). */
  readonly correlation?: string;
  /** Lower-case hex SHA-256 of the body. Same identity with another digest is a conflict. */
  readonly digest: string;
  readonly at: string;
  readonly contentType: string;
  /** Only the headers that matter; never credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly verdict: 'accepted' | 'refused' | 'sent';
  readonly findings: readonly Finding[];
  readonly answer?: Answer;
  readonly referral?: string;
  /** Of a platform's report: the mapping that read it last. */
  readonly mapping?: MappingStamp;
}

/** What a leg is for. The outlet's configuration names one mapping per purpose. */
export type Purpose =
  | 'referral'
  | 'update'
  | 'cancel'
  /** What happened, as entries of the GP's record. */
  | 'write-back'
  /** The same as a document, where the structured way is off or was refused. */
  | 'document';

/** Where one delivery stands on the transport axis only. What it means for the loop is the ledger's business. */
export type LegStatus =
  | 'queued'
  /** Taken by a worker: bytes may be on the wire. Found in this state after a crash it is ambiguous. */
  | 'sending'
  | 'acknowledged'
  /** Refused by the receiver, or never deliverable: a hold stands beside it. */
  | 'refused'
  /** It may have arrived, and the receiver is not idempotent by contract: a hold stands beside it. */
  | 'ambiguous'
  /** Given up by a person, with a reason. */
  | 'abandoned';

/** One delivery of one translated message to one partner. */
export interface Leg {
  readonly id: string;
  readonly referral: string;
  readonly task: string;
  readonly partner: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** The inbound message that caused it; absent when a clock did. */
  readonly cause?: string;
  /** The outgoing Message with the exact bytes; written before the first attempt. */
  readonly message: string;
  readonly status: LegStatus;
  readonly attempts: number;
  readonly queuedAt: string;
  readonly firstSentAt?: string;
  readonly settledAt?: string;
  readonly ack?: AckLevel;
  /** The receiver's answer, kept as a Message with direction `in`. */
  readonly reply?: string;
  /** Why the last attempt failed: a code and a sentence without patient data. */
  readonly lastFailure?: string;
  readonly mapping?: MappingStamp;
  /** Which message of a set it is, when its mapping makes a list of messages (`to: messages`). */
  readonly part?: LegPart;
  /** Of a write-back: how it stands in the record, when somebody looked. */
  readonly readBack?: LegReadBack;
  /** What is worth knowing of it before it is sent: a code that this partner's record is known not to keep. */
  readonly flags?: readonly Finding[];
  /** Of a write-back: the events that it tells. Absent on those that were made before this was written down. */
  readonly tells?: readonly string[];
  /** A doctor must look at once: it waits for no other delivery. */
  readonly urgent?: true;
  /** Whether the patient was compared at the practice's door before anything is filed. */
  readonly person?: PersonCheck;
}

/** `asked`: not answered yet. `same`: it may be filed. `differs`: never, until somebody has mended it. */
export type PersonCheck = 'asked' | 'same' | 'differs';

/** How a write-back was found in the record. */
export interface LegReadBack {
  /** Id of the reading that says so. */
  readonly reading: string;
  readonly at: string;
  readonly is: Kept | 'not-found';
  /** Why the loop may close although something of it is lost: the configuration says so, or a person did. */
  readonly accepted?: 'rule' | 'person';
}

/** A translation that makes several messages makes a set of legs, which one lane delivers in this order. */
export interface LegPart {
  /** Id of the set's first leg. */
  readonly set: string;
  /** Counts from 1. */
  readonly number: number;
  readonly of: number;
  /** What kind of message it is, in the partner's words: a type, or a routing key. */
  readonly key: string;
}

/** Which mapping made or read a message: enough to run exactly it again. */
export interface MappingStamp {
  readonly name: string;
  readonly version: number;
  /** SHA-256 of the mapping's file, lower-case hex. */
  readonly digest: string;
}

/** A version of a mapping as the record keeps it: everything that it is made of, so that it can be run again. */
export interface KeptMapping extends MappingStamp {
  readonly keptAt: string;
  /** The mapping first, then its fragments, its schema and its functions; by path below the mappings directory. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
}

/** Work that waits for a person. */
export interface Hold {
  readonly id: string;
  readonly kind:
    | 'unmapped-code'
    | 'no-route'
    | 'ambiguous-delivery'
    | 'refused-delivery'
    | 'failed-check'
    | 'unknown-referral'
    /** The record does not hold what was written to it as it was sent. */
    | 'not-kept';
  /** Holds with the same key are one hold (`casework|http://snomed.info/sct|123`): one question to a person, however many wait. */
  readonly key: string;
  readonly partner?: string;
  readonly referral?: string;
  readonly findings: readonly Finding[];
  readonly openedAt: string;
  readonly resolvedAt?: string;
  readonly resolvedBy?: string;
  readonly resolution?: string;
}

/** All kinds of holds. */
export const HOLD_KINDS: Readonly<Record<Hold['kind'], true>> = {
  'unmapped-code': true,
  'no-route': true,
  'ambiguous-delivery': true,
  'refused-delivery': true,
  'failed-check': true,
  'unknown-referral': true,
  'not-kept': true,
};

export type WorkKind = 'urgent' | 'onward' | 'settle' | 'read-back' | 'digest' | 'deadline';

/** One step waiting to be done. Within a lane work is done strictly in order of `seq`. */
export interface Work {
  readonly seq: number;
  readonly kind: WorkKind;
  /** `urgent/<message>` for urgent, `in/<key>` for onward, `out/<partner>/<referral>` for settle, `read/<partner>` for read-back, `digest/<referral>` for digest, `clock/<promise>` for deadline. */
  readonly lane: string;
  /** Message id (urgent, onward), leg id (settle, read-back), referral id (digest, deadline). */
  readonly subject: string;
  readonly attempts: number;
  /** True when an earlier claim ended without a word (crash): what it did outside may have happened. */
  readonly interrupted: boolean;
  /**
   * The partner whose capacity it needs; lets the pump pass over a partner that is down without claiming its work. Of onward
   * work: the only platform that is to hear of it; every one when left out.
   */
  readonly partner?: string;
  /** The referral it is about, where its message alone does not say: a message about a patient can be about several. */
  readonly referral?: string;
  /** Digest of the kept mapping that is to read the message; the one in use when nobody chose. */
  readonly mapping?: string;
  readonly firstQueuedAt: string;
}

export type NewWork = Pick<Work, 'kind' | 'lane' | 'subject'> & {
  readonly partner?: string;
  readonly referral?: string;
  readonly mapping?: string;
  readonly notBefore?: string;
};

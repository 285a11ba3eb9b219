import type { Hold, Leg, Message } from '../../message.ts';
import type { Referral } from '../../referral.ts';
import type { LoopEvent } from '../event.ts';
import { type LoopPromise, type PromiseStanding, standingOf } from '../promises/promise.ts';
import type { EntryReading, Reading } from '../read-back/reading.ts';
import { isDocument } from '../told-by.ts';
import { type ClosureLabel, closureLabel } from './closure-label.ts';

/**
 * What one loop can prove: what was promised, sent, acknowledged and read back, each with the digest (SHA-256) of the bytes
 * that say so. Ids, words, times, codes and digests: nothing that a message held. The same record gives the same
 * certificate, whenever it is asked for.
 */
export interface Certificate {
  readonly referral: string;
  readonly referrer: string;
  readonly status: Referral['status'];
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly closure: ClosureLabel;
  /** The messages that began and ended it, or said anything about it. */
  readonly received: readonly CertifiedMessage[];
  readonly promised: readonly CertifiedPromise[];
  readonly sent: readonly CertifiedLeg[];
  readonly holds: readonly CertifiedHold[];
}

interface CertifiedMessage {
  readonly message: string;
  readonly from: string;
  readonly channel: string;
  readonly at: string;
  readonly sha256: string;
  /** The words that it said. */
  readonly said: readonly string[];
}

type CertifiedPromise = Omit<LoopPromise, 'id' | 'referral' | 'task'> & { readonly is: PromiseStanding };

interface CertifiedLeg extends Pick<Leg, 'purpose' | 'status' | 'attempts' | 'firstSentAt' | 'settledAt'> {
  readonly leg: string;
  readonly to: string;
  readonly sha256: string;
  readonly level?: Leg['ack'];
  /** What it tells the GP: the words of its events. */
  readonly tells: readonly string[];
  readonly as?: 'document';
  readonly answer?: { readonly message: string; readonly sha256: string };
  readonly mapping?: string;
  readonly flags: readonly string[];
  readonly readings: readonly CertifiedReading[];
}

interface CertifiedReading {
  readonly at: string;
  readonly is: Reading['is'];
  /** Of the answers as they came. */
  readonly sha256: readonly string[];
  readonly entries: readonly EntryReading[];
}

interface CertifiedHold {
  readonly hold: string;
  readonly kind: Hold['kind'];
  readonly partner?: string;
  readonly openedAt: string;
  readonly rules: readonly string[];
  readonly resolvedAt?: string;
  readonly resolvedBy?: string;
}

export interface CertificateGiven {
  readonly referral: Referral;
  readonly events: readonly LoopEvent[];
  readonly promises: readonly LoopPromise[];
  readonly legs: readonly Leg[];
  readonly holds: readonly Hold[];
  readonly readings: readonly Reading[];
  readonly messages: readonly Message[];
}

export function certificateOf(given: CertificateGiven): Certificate {
  const { referral, events, promises, legs, holds, readings, messages } = given;
  const digests = new Map(messages.map(({ id, digest }) => [id, digest]));
  const words = new Map(events.map(({ id, kind }) => [id, kind]));
  const { id, referrer, status, openedAt, closedAt } = referral;
  return {
    ...{ referral: id, referrer, status, openedAt },
    ...(closedAt !== undefined && { closedAt }),
    closure: closureLabel({ promises, legs, readings }),
    received: messages
      .filter(isWord)
      .sort(by('at', 'id'))
      .map((message) => certifiedMessage(message, events)),
    promised: [...promises].sort(by('madeAt', 'id')).map(certifiedPromise),
    sent: [...legs].sort(by('queuedAt', 'id')).map((leg) => certifiedLeg(leg, { digests, words, readings })),
    holds: [...holds].sort(by('openedAt', 'id')).map(certifiedHold),
  };
}

/** What came in by itself. Answers to what was sent stand with what they answer. */
function isWord({ direction, identity }: Message): boolean {
  return direction === 'in' && !identity.startsWith('reply:');
}

function certifiedMessage(
  { id, partner, channel, at, digest }: Message,
  events: readonly LoopEvent[],
): CertifiedMessage {
  const said = events.filter(({ message }) => message === id).map(({ kind }) => kind);
  return { message: id, from: partner, channel, at, sha256: digest, said };
}

function certifiedPromise(promise: LoopPromise): CertifiedPromise {
  const { id: _, referral: __, task: ___, ...rest } = promise;
  return { ...rest, is: standingOf(promise) };
}

interface Proofs {
  readonly digests: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, string>;
  readonly readings: readonly Reading[];
}

function certifiedLeg(leg: Leg, { digests, words, readings }: Proofs): CertifiedLeg {
  const { id, purpose, partner, status, attempts, firstSentAt, settledAt, ack, message, reply, mapping } = leg;
  const { flags = [], tells = [] } = leg;
  const digest = (one: string) => digests.get(one) ?? 'not kept';
  return {
    ...{ leg: id, purpose, to: partner, status, attempts, sha256: digest(message) },
    ...(firstSentAt !== undefined && { firstSentAt }),
    ...(settledAt !== undefined && { settledAt }),
    ...(ack !== undefined && { level: ack }),
    tells: tells.map((event) => words.get(event) ?? event),
    ...(isDocument(leg) && { as: 'document' }),
    ...(reply !== undefined && { answer: { message: reply, sha256: digest(reply) } }),
    ...(mapping !== undefined && { mapping: `${mapping.name} v${mapping.version} sha256:${mapping.digest}` }),
    flags: flags.map(({ rule }) => rule),
    readings: readings
      .filter((reading) => reading.leg === id)
      .map(({ at, is, messages, entries }) => ({ at, is, sha256: messages.map(digest), entries })),
  };
}

function certifiedHold({ id, kind, partner, openedAt, findings, resolvedAt, resolvedBy }: Hold): CertifiedHold {
  return {
    ...{ hold: id, kind, openedAt, rules: [...new Set(findings.map(({ rule }) => rule))] },
    ...(partner !== undefined && { partner }),
    ...(resolvedAt !== undefined && { resolvedAt }),
    ...(resolvedBy !== undefined && { resolvedBy }),
  };
}

/** By these fields, the first first: the order in which things happened, and a fixed one among those of one instant. */
function by<K extends string>(
  ...keys: readonly K[]
): (one: Readonly<Record<K, string>>, other: Readonly<Record<K, string>>) => number {
  return (one, other) => {
    const key = keys.find((name) => one[name] !== other[name]);
    return key === undefined ? 0 : one[key] < other[key] ? -1 : 1;
  };
}
